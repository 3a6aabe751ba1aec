"""Right, by writing into arrays of its own: +=, out=, and a table that is filled."""

import numpy as np


def hidden(X):
    H = np.zeros((X.shape[0], 2))
    total = X[:, 0] + X[:, 1]
    H[total >= 0.5, 0] = 1
    H[:, 1] = 1
    H[total > 1.5, 1] = 0
    return H


def xor_net(X, params):
    W, b = params[0]
    w, c = params[1]
    H = X @ W
    H += b
    H[H >= 0] = 1
    H[H < 0] = 0
    y = np.full(len(X), c, dtype=float)
    y += H.dot(w)
    positive = y >= 0
    y[positive] = 1
    y[~positive] = 0
    return y


def mlp_forward(X, params, activations):
    A = X.copy()
    cache = []
    for (W, b), f in zip(params, activations):
        Z = np.empty((A.shape[0], W.shape[1]))
        np.matmul(A, W, out=Z)
        Z += b
        A = f(Z.copy())
        cache.append([Z, A])
    return [A, cache]


def collapse_linear(params):
    W, b = params[0][0].copy(), params[0][1].copy()
    for V, u in params[1:]:
        W = W.dot(V)
        b = b.dot(V)
        b += u
    return [W, b]
