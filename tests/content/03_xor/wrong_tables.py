# loses: hidden xor_net mlp_forward collapse_linear
"""The corners are looked up, the output neuron has no weights of its own."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    out = np.zeros((len(X), 2))
    for i, (a, b) in enumerate(X):
        out[i, 0] = 1 if a == 1 or b == 1 else 0
        out[i, 1] = 0 if a == 1 and b == 1 else 1
    return out


def xor_net(X, params):
    (W, b), (w, c) = params
    return step(step(X @ W + b[0]) @ w + c)


def mlp_forward(X, params, activations):
    A = X
    for (W, b), f in zip(params, activations):
        cache = []
        Z = A @ W + b
        A = f(Z)
        cache.append((Z, A))
    return (A, cache)


def collapse_linear(params):
    W, b = params[0]
    for V, u in params[1:]:
        W2, b2 = (W @ V, b @ V + u)
    return (W2, b2)
