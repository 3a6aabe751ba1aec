# loses: layer forward softmax log_softmax softmax_jacobian logit probabilities param_count
# named: A5.2
"""The formulas as they stand, far from zero."""

import numpy as np

EPS = 1e-12


def relu(z):
    return np.maximum(z, 0.0)


def linear(z):
    return z


def layer(X, W, b, f):
    return f(X @ W)


def forward(X, params):
    for p in params:
        X = X @ p["W"] + p["b"]
    return X


def softmax(Z, axis=-1):
    E = np.exp(Z - Z.mean(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def log_softmax(Z, axis=-1):
    return np.log(np.clip(softmax(Z, axis), EPS, 1))


def softmax_jacobian(z):
    e = np.exp(z)
    s = e / e.sum()
    return np.diag(s) - np.outer(s, s)


def logit(p):
    return np.log(p / (1 - p))


def probabilities(Z):
    if Z.shape[1] == 1:
        return 1 / (1 + np.exp(-Z))
    return softmax(Z)


def param_count(sizes):
    return sum((a * b for a, b in zip(sizes, sizes[1:])))
