# loses: hidden xor_net mlp_forward collapse_linear
# named: modified
"""What was given is used up."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    np.round(X, out=X)
    return step(X @ np.array([[1.0, -1.0], [1.0, -1.0]]) + np.array([-0.5, 1.5]))


def xor_net(X, params):
    w, c = params.pop()
    W, b = params.pop()
    return step(step(X @ W + b) @ w + c)


def mlp_forward(X, params, activations):
    A, cache = (X, [])
    while params:
        W, b = params.pop(0)
        Z = A @ W + b
        A = activations.pop(0)(Z)
        cache.append((Z, A))
    return (A, cache)


def collapse_linear(params):
    W, b = params[0]
    for V, u in params[1:]:
        u += b @ V
        W, b = (W @ V, u)
    return (W, b)
