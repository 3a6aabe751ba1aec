# claim: The process cannot be made to be looked at.
# held: value == -1

import ctypes


def attack():
    return ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
