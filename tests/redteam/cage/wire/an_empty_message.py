# claim: An empty message is none.
# held: isinstance(outcome, Crashed) and outcome.protocol or isinstance(outcome, Stopped)
# limits: wall=0.5

import os
import struct
import time


def attack():
    os.write(3, struct.pack("<I", 0))
    time.sleep(30)
