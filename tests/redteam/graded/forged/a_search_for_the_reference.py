# claim: There is nothing to find with gc.
# held: points == 0

import gc


def double(z):
    for each in gc.get_objects():
        if getattr(each, "__name__", "") == "double" and each is not double:
            return each(z)
    return z


def total(z):
    return 0.0
