# claim: The channel is the only descriptor.
# held: sorted(value) == [0, 1, 2, 3] and value[3].startswith("socket:")
# held_webassembly: value == {}

import contextlib
import os


def attack():
    found = {}
    for number in range(256):
        with contextlib.suppress(OSError):
            os.fstat(number)
            found[number] = os.readlink(f"/proc/self/fd/{number}")
    return found
