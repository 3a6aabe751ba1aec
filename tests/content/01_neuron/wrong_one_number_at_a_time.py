# loses: sigmoid tanh relu d_sigmoid d_tanh d_relu neuron
# named: list_for_array modified A1.4
"""Written for a single number, or for one row."""

import math
import numpy as np


def sigmoid(z):
    return [1 / (1 + math.exp(-v)) for v in z]


def tanh(z):
    z[z > 20] = 20
    z[z < -20] = -20
    return np.tanh(z)


def relu(z):
    out = []
    for v in z:
        if v > 0:
            out.append(v)
        else:
            out.append(0.0)
    return np.array(out)


def d_sigmoid(z):
    h = 0.001
    return (sigmoid(z + h) - sigmoid(z)) / h


def d_tanh(z):
    return 1 - tanh(z)


def d_relu(z):
    if z > 0:
        return 1
    else:
        return 0


def neuron(x, w, b, f):
    z = b
    for wi, xi in zip(w, x):
        z += wi * xi
        return f(z)
