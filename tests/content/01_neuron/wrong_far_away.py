# loses: sigmoid tanh relu d_tanh d_relu neuron
# named: A1.3 A1.5 modified nan
"""Nothing is safe far from zero, and what is given is overwritten."""

import numpy as np


def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


def tanh(z):
    return np.sinh(z)


def relu(z):
    z *= z > 0
    return z


def d_sigmoid(z):
    a = sigmoid(z)
    return a * (1 - a)


def d_tanh(z):
    return 4 / (np.exp(z) + np.exp(-z)) ** 2


def d_relu(z):
    z[z > 0] = 1
    return z


def neuron(x, w, b, f):
    x *= w
    return f(np.sum(x) + b)
