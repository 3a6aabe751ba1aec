# loses: layer forward softmax log_softmax softmax_jacobian logit probabilities param_count
# named: modified
"""What was given is used up on the way."""

import numpy as np

EPS = 1e-12


def relu(z):
    return np.maximum(z, 0.0)


def linear(z):
    return z


def layer(X, W, b, f):
    b += 0.0
    X[:] = X
    Z = X @ W
    Z += b
    W *= 1.0
    X *= 2
    return f(Z)


def forward(X, params):
    last = params.pop()
    A = X
    for p in params:
        A = layer(A, p["W"], p["b"], relu)
    return layer(A, last["W"], last["b"], linear)


def softmax(Z, axis=-1):
    Z -= Z.max(axis=axis, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=axis, keepdims=True)


def log_softmax(Z, axis=-1):
    Z -= Z.max(axis=axis, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=axis, keepdims=True))


def softmax_jacobian(z):
    z -= z.max()
    s = np.exp(z) / np.exp(z).sum()
    return np.diag(s) - np.outer(s, s)


def logit(p):
    np.clip(p, EPS, 1 - EPS, out=p)
    return np.log(p / (1 - p))


def probabilities(Z):
    if Z.shape[1] == 1:
        np.clip(Z, -700, 700, out=Z)
        return 1 / (1 + np.exp(-Z))
    return softmax(Z)


def param_count(sizes):
    n = 0
    a = sizes.pop(0)
    while sizes:
        b = sizes.pop(0)
        n += (a + 1) * b
        a = b
    return n
