# claim: An answer that was not asked for is refused.
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
    os.write(3, frame(pack(Returned(1.0), 12345)))
    time.sleep(30)
