# claim: A pickle is not loaded.
# held: isinstance(outcome, Crashed) and outcome.protocol or isinstance(outcome, Stopped)
# limits: wall=0.5

import os
import pickle
import struct
import time

P = pickle.dumps(print)


def attack():
    os.write(3, struct.pack("<I", len(P)) + P)
    time.sleep(30)
