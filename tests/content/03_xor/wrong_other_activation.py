# loses: hidden xor_net mlp_forward collapse_linear
# named: A3.3
"""A smooth curve, a strict step, or always the first activation."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    return 1 / (1 + np.exp(-(X @ np.array([[1.0, -1.0], [1.0, -1.0]]) + np.array([-0.5, 1.5]))))


def xor_net(X, params):
    (W, b), (w, c) = params
    return np.where(np.where(X @ W + b > 0, 1.0, 0.0) @ w + c > 0, 1.0, 0.0)


def mlp_forward(X, params, activations):
    A, cache = (X, [])
    for W, b in params:
        Z = A @ W + b
        A = activations[0](Z)
        cache.append((Z, A))
    return (A, cache)


def collapse_linear(params):
    W, b = params[0]
    for V, u in params[1:]:
        b = b @ V + u
        W = V @ W
    return (W, b)
