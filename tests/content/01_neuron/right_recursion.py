"""Right, by recursion over the dimensions and over the inputs."""

import math

import numpy as np


def walk(z, one):
    if z.ndim == 0:
        return np.array(one(z.item()))
    out = np.empty(z.shape)
    for i, part in enumerate(z):
        out[i] = walk(np.asarray(part), one)
    return out


def _sigmoid(v):
    return 1 - _sigmoid(-v) if v < 0 else 1 / (1 + math.exp(-v))


def sigmoid(z):
    return walk(z, _sigmoid)


def tanh(z):
    return walk(z, lambda v: 2 * _sigmoid(2 * v) - 1)


def relu(z):
    return walk(z, lambda v: v * (v > 0))


def d_sigmoid(z):
    a = sigmoid(z)
    return a - a * a


def d_tanh(z):
    return 1 - np.square(tanh(z))


def d_relu(z):
    return walk(z, lambda v: int(v > 0))


def weighted(x, w):
    if len(x) == 0:
        return 0.0
    half = len(x) // 2
    if half == 0:
        return float(x[0] * w[0])
    return weighted(x[:half], w[:half]) + weighted(x[half:], w[half:])


def neuron(x, w, b, f):
    return float(f(weighted(x, w) + b))
