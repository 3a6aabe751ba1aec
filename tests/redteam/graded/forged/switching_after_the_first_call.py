# claim: A program that is right once is asked more than once.
# held: points == 0

import numpy as np

CALLS = []


def double(z):
    CALLS.append(1)
    return 2 * z if len(CALLS) == 1 else z


def total(z):
    CALLS.append(1)
    return float(np.sum(z)) if len(CALLS) == 2 else 0.0
