"""Right: the overflow is foreseen and silenced, because its limit is the right answer."""

import numpy as np


def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def tanh(z):
    return np.tanh(z)


def relu(z):
    return z * (z > 0)


def d_sigmoid(z):
    s = sigmoid(z)
    return s * (1 - s)


def d_tanh(z):
    with np.errstate(over="ignore"):
        return 1 / np.cosh(z) ** 2


def d_relu(z):
    return np.where(z == 0, 0, (np.sign(z) + 1) / 2)


def neuron(x, w, b, f):
    return f(np.einsum("i,i->", x, w) + b)
