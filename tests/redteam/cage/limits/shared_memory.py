# claim: Shared memory, which no rlimit counts, is bounded too.
# held: outcome == Stopped("memory", 256)

import mmap


def attack():
    hoard = mmap.mmap(-1, 3 << 30)  # shared: no rlimit counts it
    for offset in range(0, 3 << 30, 4096):
        hoard[offset] = 1
    return "held"
