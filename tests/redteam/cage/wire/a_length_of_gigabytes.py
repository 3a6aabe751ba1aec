# claim: A stated length of gigabytes allocates nothing.
# held: isinstance(outcome, Crashed) and outcome.protocol or isinstance(outcome, Stopped)
# limits: wall=0.5

import os
import struct
import time


def attack():
    os.write(3, struct.pack("<I", 2**31 - 1) + b"x" * 100)
    time.sleep(30)
