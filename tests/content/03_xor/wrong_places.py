# loses: hidden xor_net mlp_forward collapse_linear
# named: transposed parts
"""The right numbers, at another place or in another order."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    h1 = step(X[:, 0] + X[:, 1] - 0.5)
    h2 = step(1.5 - X[:, 0] - X[:, 1])
    return np.array([h1, h2])


def xor_net(X, params):
    (W, b), (w, c) = params
    return step(X @ w + c)


def mlp_forward(X, params, activations):
    A, cache = (X, [])
    for (W, b), f in zip(params, activations):
        Z = A @ W + b
        A = f(Z)
        cache.append((A, Z))
    return (A, cache)


def collapse_linear(params):
    W, b = params[0]
    for V, u in params[1:]:
        W = W @ V
        b = b @ W + u
    return (W, b)
