# claim: A list for an array is told by its type.
# held: value in ("shape", "type", "length", "differs") and seconds < 2

import numpy as np

from autograder.checks import difference


def attack(room):
    return difference([0.0] * 1_000_000, np.zeros(1_000_000)).kind
