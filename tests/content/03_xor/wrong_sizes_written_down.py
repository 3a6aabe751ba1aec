# loses: hidden xor_net mlp_forward collapse_linear
"""Four rows, two columns, one sample; the input stands in the cache."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    H = np.zeros((4, 2))
    for i in range(4):
        H[i, 0] = step(X[i, 0] + X[i, 1] - 0.5)
        H[i, 1] = step(1.5 - X[i, 0] - X[i, 1])
    return H


def xor_net(X, params):
    (W, b), (w, c) = params
    for x in X:
        h = step(x @ W + b)
        return step(h @ w + c)


def mlp_forward(X, params, activations):
    A = X
    cache = [X]
    for (W, b), f in zip(params, activations):
        Z = A @ W + b
        A = f(Z)
        cache.append((Z, A))
    return A, cache


def collapse_linear(params):
    W = np.eye(2)
    b = np.zeros(2)
    for W2, b2 in params:
        W = W @ W2
        b = b @ W2 + b2
    return W, b
