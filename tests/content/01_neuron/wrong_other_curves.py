# loses: sigmoid tanh relu d_sigmoid d_tanh d_relu neuron
# named: factor A1.3
"""Another function in the place of the one that was asked for."""

import numpy as np


def sigmoid(z):
    return np.round(1 / (1 + np.exp(-np.clip(z, -500, 500))), 4)


def tanh(z):
    return np.tan(z)


def relu(z):
    return np.where(z > 0, z, 0.01 * z)


def d_sigmoid(z):
    h = 1e-05
    return (sigmoid(z + h) - sigmoid(z - h)) / h


def d_tanh(z):
    return 4 / (np.exp(z) + np.exp(-z)) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, np.where(z == 0, 0.5, 0.0))


def neuron(x, w, b, f):
    z = 0
    for wi, xi in zip(w, x):
        z += wi * xi + b
    return f(z)
