"""Right, by writing into copies and masks."""

import numpy as np


def sigmoid(z):
    z = np.array(z, dtype=float)
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def tanh(z):
    out = z.copy()
    np.tanh(out, out=out)
    return out


def relu(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def d_sigmoid(z):
    out = sigmoid(z)
    out -= out**2
    return out


def d_tanh(z):
    t = tanh(z)
    t *= t
    t *= -1
    t += 1
    return t


def d_relu(z):
    out = np.zeros_like(z)
    out[z > 0] = 1
    return out


def neuron(x, w, b, f):
    products = x.copy()
    products *= w
    return f(products.sum() + b)
