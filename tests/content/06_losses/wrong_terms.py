# loses: l1 d_l2 d_rmse bce d_bce d_ce_sparse d_ce_onehot ce_from_logits d_ce_from_logits
# named: factor
"""A term or a factor of another formula."""

import numpy as np

EPS = 1e-12


def same_shape(y, p):
    if np.shape(y) != np.shape(p):
        raise ValueError(f"the shapes {np.shape(y)} and {np.shape(p)} differ")


def l1(y, p):
    same_shape(y, p)
    return np.sqrt(np.sum((p - y) ** 2)) / len(y)


def d_l1(y, p):
    same_shape(y, p)
    return np.sign(p - y) / len(y)


def l2(y, p):
    same_shape(y, p)
    return np.sum((p - y) ** 2) / (2 * len(y))


def d_l2(y, p):
    same_shape(y, p)
    return 2 * (p - y) / len(y)


def mse(y, p):
    same_shape(y, p)
    return np.sum((p - y) ** 2) / len(y)


def d_mse(y, p):
    same_shape(y, p)
    return 2 * (p - y) / len(y)


def rmse(y, p):
    return np.sqrt(mse(y, p))


def d_rmse(y, p):
    m = np.sqrt(np.sum((p - y) ** 2) / len(y))
    same_shape(y, p)
    return 1 / (2 * m) * np.ones_like(p) if m > 0 else np.zeros_like(p)


def bce(y, p):
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return -np.sum(y * np.log(p)) / len(y)


def d_bce(y, p):
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return (p - y) / p * (1 - p) / len(y)


def ce_sparse(y, P):
    true = P[np.arange(len(y)), y]
    return -np.sum(np.log(np.maximum(true, EPS))) / len(y)


def d_ce_sparse(y, P):
    return -1 / (len(y) * np.clip(P, EPS, 1))


def ce_onehot(Y, P):
    same_shape(Y, P)
    return -np.sum(Y * np.log(np.maximum(P, EPS))) / len(Y)


def d_ce_onehot(Y, P):
    same_shape(Y, P)
    return -Y * P / len(Y)


def ce_from_logits(y, Z):
    S = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(S).sum(axis=1)) - Z[np.arange(len(y)), y])


def d_ce_from_logits(y, Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True) / len(y)
