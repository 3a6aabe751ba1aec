# claim: The number of files is bounded.
# held: value < 10_000
# only: namespaces

import contextlib
import os


def attack():
    made = 0
    with contextlib.suppress(OSError):
        for index in range(20_000):
            os.close(os.open(f"inode{index}", os.O_CREAT | os.O_WRONLY))
            made += 1
    return made
