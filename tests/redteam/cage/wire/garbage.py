# claim: Bytes that are no message end the session.
# held: isinstance(outcome, Crashed) and outcome.protocol or isinstance(outcome, Stopped)
# limits: wall=0.5

import os
import time


def attack():
    os.write(3, b"\xff" * 4096)
    time.sleep(30)
