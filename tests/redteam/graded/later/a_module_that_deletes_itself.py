# claim: A program that takes itself out of sys.modules is asked all the same.
# held: points in (0, possible)

import sys

import numpy as np


def double(z):
    return 2 * z


def total(z):
    return float(np.sum(z))


sys.modules.clear()
