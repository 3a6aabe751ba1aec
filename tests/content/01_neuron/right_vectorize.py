"""Right, with np.vectorize and its otypes, which an empty array needs."""

import math

import numpy as np


def _sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v > -500 else 0.0


sigmoid = np.vectorize(_sigmoid, otypes=[float])
tanh = np.vectorize(math.tanh, otypes=[float])


@np.vectorize(otypes=[float])
def relu(v):
    if v > 0:
        return v
    return 0


d_sigmoid = np.vectorize(lambda v: _sigmoid(v) * (1 - _sigmoid(v)), otypes=[float])
d_tanh = np.vectorize(lambda v: 1 - math.tanh(v) ** 2, otypes=[float])
d_relu = np.vectorize(lambda v: 0.0 if v <= 0 else 1.0, otypes=[float])


def neuron(x, w, b, f):
    return f(sum(a * c for a, c in zip(x, w)) + b)
