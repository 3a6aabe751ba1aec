# claim: NaN is no right answer.
# held: points == 0

import numpy as np


def double(z):
    return z * np.nan


def total(z):
    return float("nan")
