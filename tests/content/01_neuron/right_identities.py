"""Right, by other identities: sigmoid from tanh, slopes from symmetry, relu from |z|."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def tanh(z):
    # tanh(z) = sign(z) (1 - e^(-2|z|)) / (1 + e^(-2|z|))
    small = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - small) / (1 + small)


def relu(z):
    return (z + np.abs(z)) / 2


def d_sigmoid(z):
    return sigmoid(z) * sigmoid(-z)


def d_tanh(z):
    return (1 - tanh(z)) * (1 + tanh(z))


def d_relu(z):
    return np.heaviside(z, 0)


def neuron(x, w, b, f):
    row = x.reshape(1, -1)
    column = w.reshape(-1, 1)
    return f((row @ column).item() + b)
