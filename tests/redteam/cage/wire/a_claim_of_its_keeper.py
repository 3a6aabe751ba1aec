# claim: What only the keeper knows cannot be claimed.
# held: isinstance(outcome, Crashed) and outcome.protocol or isinstance(outcome, Stopped)
# limits: wall=0.5

import os
import struct
import time

from autograder.wire.codec import Ready, pack
from autograder.wire.protocol import Crashed, Returned


def frame(data):
    return struct.pack("<I", len(data)) + data


def attack():
    os.write(3, frame(pack(Crashed(code=0), 1)))
    time.sleep(30)
