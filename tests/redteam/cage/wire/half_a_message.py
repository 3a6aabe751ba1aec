# claim: Half a message and then silence is waited for no longer than a call.
# held: isinstance(outcome, Crashed) and outcome.protocol or isinstance(outcome, Stopped)
# limits: wall=0.5

import os
import struct
import time


def attack():
    os.write(3, struct.pack("<I", 1000) + b"x")
    time.sleep(30)
