# claim: The bond to the warden cannot be undone.
# held: value == -1

import ctypes


def attack():
    return ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
