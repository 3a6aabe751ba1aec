# claim: (N, 1) against (1, N) is told by its shape.
# held: value in ("shape", "type", "length", "differs") and seconds < 2

import numpy as np

from autograder.checks import difference


def attack(room):
    return difference(np.zeros((30_000, 1)), np.zeros((1, 30_000))).kind
