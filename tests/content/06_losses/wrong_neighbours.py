# loses: d_l1 d_bce ce_sparse d_ce_sparse ce_onehot d_ce_onehot ce_from_logits d_ce_from_logits
# named: nan
"""The right formula of a neighbour."""

import numpy as np

EPS = 1e-12


def same_shape(y, p):
    if np.shape(y) != np.shape(p):
        raise ValueError(f"the shapes {np.shape(y)} and {np.shape(p)} differ")


def l1(y, p):
    same_shape(y, p)
    return np.sum(np.abs(p - y)) / len(y)


def d_l1(y, p):
    same_shape(y, p)
    return (p - y) / np.abs(p - y) / len(y)


def l2(y, p):
    same_shape(y, p)
    return np.sum((p - y) ** 2) / (2 * len(y))


def d_l2(y, p):
    same_shape(y, p)
    return (p - y) / len(y)


def mse(y, p):
    same_shape(y, p)
    return np.sum((p - y) ** 2) / len(y)


def d_mse(y, p):
    same_shape(y, p)
    return 2 * (p - y) / len(y)


def rmse(y, p):
    return np.sqrt(mse(y, p))


def d_rmse(y, p):
    distance = rmse(y, p)
    if distance == 0:
        return np.zeros_like(p)
    return (p - y) / (len(y) * distance)


def bce(y, p):
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)


def d_bce(y, p):
    same_shape(y, p)
    return (p - y) / len(y)


def ce_sparse(y, P):
    return -np.mean(np.log(np.clip(P[:, y], EPS, 1)))


def d_ce_sparse(y, P):
    return (P - np.eye(P.shape[1])[y]) / len(y)


def ce_onehot(Y, P):
    same_shape(Y, P)
    return -np.sum(np.log(np.clip(np.sum(Y * P, axis=1), EPS, 1))) / len(Y)


def d_ce_onehot(Y, P):
    same_shape(Y, P)
    return -P / (len(Y) * np.clip(Y, EPS, 1))


def ce_from_logits(y, Z):
    Z = Z - Z.max()
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y])


def d_ce_from_logits(y, Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    P[:, y] -= 1
    return P / len(y)
