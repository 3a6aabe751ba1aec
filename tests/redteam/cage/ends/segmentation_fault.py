# claim: A segmentation fault is a crash.
# held: outcome == Crashed(signal=11)

import ctypes


def attack():
    ctypes.string_at(0)
