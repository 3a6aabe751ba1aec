"""Right, with a class for a layer, functools.reduce, and one sample at a time."""

from functools import reduce

import numpy as np


class Layer:
    def __init__(self, W, b, f):
        self.W, self.b, self.f = W, b, f

    def __call__(self, x):
        self.z = self.b + x @ self.W
        return self.f(self.z)


def fire(z):
    return np.array([float(v >= 0) for v in z])


OR_NAND = Layer(np.array([[0.6, -0.6], [0.6, -0.6]]), np.array([-0.3, 0.9]), fire)


def hidden(X):
    return np.stack([OR_NAND(x) for x in X])


def xor_net(X, params):
    first = Layer(*params[0], fire)
    w, c = params[1]
    return np.array([1.0 if np.inner(w, first(x)) + c >= 0 else 0.0 for x in X])


def mlp_forward(X, params, activations):
    net = [Layer(W, b, f) for (W, b), f in zip(params, activations)]
    kept = [([], []) for _ in net]
    for x in X:
        for layer, (zs, outs) in zip(net, kept):
            x = layer(x)
            zs.append(layer.z)
            outs.append(x)
    cache = [(np.array(zs), np.array(outs)) for zs, outs in kept]
    return cache[-1][1], cache


def collapse_linear(params):
    return reduce(lambda one, two: (one[0] @ two[0], one[1] @ two[0] + two[1]), params)
