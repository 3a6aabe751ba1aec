"""Right, in plain Python: a loop over the flattened array, with the math module."""

import math

import numpy as np


def each(z, one):
    values = []
    for value in z.ravel():
        values.append(one(float(value)))
    return np.array(values, dtype=float).reshape(z.shape)


def sigmoid_of_one(v):
    if v >= 0:
        return 1 / (1 + math.exp(-v))
    return math.exp(v) / (1 + math.exp(v))


def sigmoid(z):
    return each(z, sigmoid_of_one)


def tanh(z):
    return each(z, math.tanh)


def relu(z):
    return each(z, lambda v: max(0.0, v))


def d_sigmoid(z):
    return each(z, lambda v: sigmoid_of_one(v) * (1 - sigmoid_of_one(v)))


def d_tanh(z):
    return each(z, lambda v: 1 - math.tanh(v) ** 2)


def d_relu(z):
    return each(z, lambda v: 1 if v > 0 else 0)


def neuron(x, w, b, f):
    z = b
    for i in range(len(x)):
        z += w[i] * x[i]
    return f(z)
