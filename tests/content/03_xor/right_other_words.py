"""Comparisons for a step, lists for pairs, recursion for a loop."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    s = X.sum(axis=1)
    return np.stack([s > 0.5, s < 1.5], axis=1).astype(int)


def xor_net(X, params):
    (W, b), (w, c) = params
    return np.heaviside(np.heaviside(X @ W + b, 1) @ w + c, 1)


def mlp_forward(X, params, activations):
    A, cache = (X, [])
    for i in range(len(params)):
        Z = np.dot(A, params[i][0]) + params[i][1]
        A = activations[i](Z)
        cache.append([Z, A])
    return (A, cache)


def collapse_linear(params):
    if len(params) == 1:
        return params[0]
    (W, b), (V, u), *rest = params
    return collapse_linear([(W @ V, b @ V + u), *rest])
