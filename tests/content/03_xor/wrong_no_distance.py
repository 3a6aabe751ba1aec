# loses: hidden xor_net mlp_forward collapse_linear
"""Lines through the corners; one number is left out of each sum."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    return step(X @ np.array([[1.0, -1.0], [1.0, -1.0]]) + np.array([-1.0, 1.0]))


def xor_net(X, params):
    (W, b), (w, c) = params
    return step(step(X @ W) @ w + c)


def mlp_forward(X, params, activations):
    A, cache = (X, [])
    for (W, b), f in zip(params, activations):
        Z = A @ W
        A = f(Z)
        cache.append((Z, A))
    return (A, cache)


def collapse_linear(params):
    W, b = params[0]
    for V, u in params[1:]:
        W, b = (W @ V, b @ V)
    return (W, b)
