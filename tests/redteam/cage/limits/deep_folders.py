# claim: Folders nested deeper than a path can be long are cleared away.
# held: outcome == Crashed(signal=9) if mode == "landlock" else value > 1000
# held_webassembly: value > 10

import contextlib
import os
import time


def attack():
    """Nested deeper than Python recurses, and than a path can be long."""
    made = 0
    with contextlib.suppress(OSError):
        for _ in range(3000):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
            made += 1
    time.sleep(0.3)
    return made
