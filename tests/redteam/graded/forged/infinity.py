# claim: Nor is infinity.
# held: points == 0

import numpy as np


def double(z):
    return z + np.inf


def total(z):
    return float("inf")
