"""Right, by writing into arrays of its own, never into the caller's."""

import numpy as np


def layer(X, W, b, f):
    Z = np.empty((len(X), len(b)))
    Z[:] = b
    Z += X @ W
    return f(Z)


def forward(X, params):
    A = X.copy()
    remaining = len(params)
    for p in params:
        A = A @ p["W"]
        A += p["b"]
        remaining -= 1
        if remaining:
            A[A < 0] = 0
    return A


def softmax(Z, axis=-1):
    out = np.array(Z)
    out -= out.max(axis=axis, keepdims=True)
    np.exp(out, out=out)
    out /= out.sum(axis=axis, keepdims=True)
    return out


def log_softmax(Z, axis=-1):
    out = Z.copy()
    out -= out.max(axis=axis, keepdims=True)
    out -= np.log(np.sum(np.exp(out), axis=axis, keepdims=True))
    return out


def softmax_jacobian(z):
    s = softmax(z)
    J = -np.outer(s, s)
    J[np.diag_indices(len(s))] += s
    return J


def logit(p):
    p = np.array(p)
    p[p < 1e-12] = 1e-12
    p[p > 1 - 1e-12] = 1 - 1e-12
    p /= 1 - p
    return np.log(p, out=p)


def probabilities(Z):
    P = Z.copy()
    if P.shape[1] == 1:
        low = P < 0
        P[~low] = 1 / (1 + np.exp(-P[~low]))
        e = np.exp(P[low])
        P[low] = e / (1 + e)
        return P
    for i in range(len(P)):
        P[i] = softmax(P[i])
    return P


def param_count(sizes):
    total = np.zeros(1, dtype=int)
    for d_in, d_out in zip(sizes, sizes[1:]):
        total += np.zeros((d_in, d_out)).size
        total += np.zeros(d_out).size
    return total[0]
