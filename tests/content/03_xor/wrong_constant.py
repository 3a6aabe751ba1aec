# loses: hidden xor_net mlp_forward collapse_linear
# named: A3.2
"""One answer for all, functions applied twice, the first layer alone."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    return step(X @ np.array([[1.0, 1.0], [1.0, 1.0]]) + np.array([-0.5, -1.5]))


def xor_net(X, params):
    return np.ones(len(X))


def mlp_forward(X, params, activations):
    A, cache = (X, [])
    for (W, b), f in zip(params, activations):
        Z = f(A @ W + b)
        A = f(Z)
        cache.append((Z, A))
    return (A, cache)


def collapse_linear(params):
    return params[0]
