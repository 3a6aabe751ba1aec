"""Right, by limiting z first; tanh comes from sigmoid; the sum comes from @."""

import numpy as np


def sigmoid(z):
    z = np.clip(z, -500, 500)
    return 1.0 / (1.0 + np.exp(-z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return np.clip(z, 0, None)


def d_sigmoid(z):
    z = np.clip(z, -300, 300)
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def d_tanh(z):
    return 4 * d_sigmoid(2 * z)


def d_relu(z):
    return (z > 0).astype(float)


def neuron(x, w, b, f):
    return f(w @ x + b)
