# loses: hidden xor_net mlp_forward collapse_linear
# named: none_on_a_path
"""Functions that were not called, a return inside the loop, a layer taken twice."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    W = np.array([1, -1], [1, -1])
    b = np.array([-0.5, 1.5])
    return step(X @ W + b)


def xor_net(X, params):
    (W, b), (w, c) = params
    H = step(X @ W + b)
    return step(np.sum(H * w) + c)


def mlp_forward(X, params, activations):
    A = X
    cache = []
    for (W, b), f in zip(params, activations):
        Z = A @ W + b
        A = f
        cache.append((Z, A))
    return A, cache


def collapse_linear(params):
    W, b = params[0]
    for W2, b2 in params[1:]:
        W = W @ W2
        b = b @ W2
        b = b + b2
        return W, b
