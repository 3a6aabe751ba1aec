# loses: layer forward softmax log_softmax softmax_jacobian logit probabilities param_count
# named: A5.1
"""Right for the worked example, or for two of something."""

import numpy as np

EPS = 1e-12


def relu(z):
    return np.maximum(z, 0.0)


def linear(z):
    return z


def layer(X, W, b, f):
    Z = X @ W + b
    return np.array([[f(v) for v in row] for row in Z])


def forward(X, params):
    A = layer(X, params[0]["W"], params[0]["b"], relu)
    return layer(A, params[1]["W"], params[1]["b"], linear)


def softmax(Z, axis=-1):
    out = []
    for row in Z:
        e = np.exp(row - row.max())
        out.append(e / e.sum())
    return np.array(out)


def log_softmax(Z, axis=-1):
    S = Z - Z.max(axis=axis, keepdims=True)
    return Z - np.log(np.exp(S).sum(axis=axis, keepdims=True))


def softmax_jacobian(z):
    s = softmax(z)
    return np.diag(s) - s @ s


def logit(p):
    p = np.maximum(p, EPS)
    return np.log(p / (1 - p))


def probabilities(Z):
    if Z.shape[1] == 1:
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, :1]
    return softmax(Z)


def param_count(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i] + sizes[i]
        return total
