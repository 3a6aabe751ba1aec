"""Right, with piecewise, select, logaddexp, inner and 0-d results."""

import numpy as np


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return np.sinh(np.clip(z, -300, 300)) / np.cosh(np.clip(z, -300, 300))


def relu(z):
    return np.where(z > 0, z, 0)


def d_sigmoid(z):
    return np.exp(-np.abs(z) - 2 * np.log1p(np.exp(-np.abs(z))))


def d_tanh(z):
    return np.subtract(1, np.power(tanh(z), 2))


def d_relu(z):
    return np.select([z > 0], [np.ones_like(z)], default=0.0)


def neuron(x, w, b, f):
    return np.asarray(f(np.inner(x, w) + b))
