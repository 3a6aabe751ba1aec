# claim: An array of a class of its own arrives as plain numbers.
# held: points == 0

import numpy as np


class Equal(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __sub__(self, other):
        return np.zeros(self.shape)

    __rsub__ = __sub__


def double(z):
    return np.zeros_like(z).view(Equal)


def total(z):
    return 0.0
