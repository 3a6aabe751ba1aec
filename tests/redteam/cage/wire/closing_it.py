# claim: To close the channel breaks the protocol.
# held: outcome == Crashed(protocol=True)
# held_webassembly: outcome == Stopped("wall", 10.0)

import contextlib
import os
import time


def attack():
    for number in range(3, 100):
        with contextlib.suppress(OSError):
            os.close(number)
    time.sleep(100)
