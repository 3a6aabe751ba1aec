# loses: hidden xor_net mlp_forward collapse_linear
"""Minus for plus, and layers that do not build on one another."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    h1 = step(X[:, 0] + X[:, 1] - 0.5)
    h2 = step(1.5 - X[:, 0] - X[:, 1])
    return np.column_stack([h1, h1 * h2])


def xor_net(X, params):
    (W, b), (w, c) = params
    return step(step(X @ W + b) @ w - c)


def mlp_forward(X, params, activations):
    cache = []
    for (W, b), f in zip(params, activations):
        Z = X @ W + b
        A = f(Z)
        cache.append((Z, A))
    return (A, cache)


def collapse_linear(params):
    W, b = params[0]
    for V, u in params[1:]:
        W, b = (W @ V, b + u)
    return (W, b)
