# loses: sigmoid tanh relu d_sigmoid d_tanh d_relu neuron
"""What is selected, averaged or rounded on the way."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))


def tanh(z):
    e = np.exp(np.clip(z, -300, 300))
    return (e + 1 / e) / (e - 1 / e)


def relu(z):
    return np.minimum(z, 0)


def d_sigmoid(z):
    return sigmoid(z) ** 2


def d_tanh(z):
    return 1 + tanh(z) ** 2


def d_relu(z):
    return relu(z)


def neuron(x, w, b, f):
    return sum((f(wi * xi + b) for wi, xi in zip(w, x)))
