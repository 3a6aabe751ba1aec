# claim: To show a large array writes little and takes little.
# held: len(value) < 5000 and seconds < 2

import numpy as np

from autograder.checks import show


def attack(room):
    return show(np.zeros((3000, 3000)))
