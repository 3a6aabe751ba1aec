# loses: l1 d_l1 l2 mse rmse d_rmse bce ce_sparse
# named: text
"""Rounded, cut off, or made a text; clipped too early."""

import numpy as np

EPS = 1e-12


def same_shape(y, p):
    """Raise a ValueError unless both arrays have the same shape."""
    if np.shape(y) != np.shape(p):
        raise ValueError(f"the shapes {np.shape(y)} and {np.shape(p)} differ")


def l1(y, p):
    same_shape(y, p)
    return round(np.sum(np.abs(p - y)) / len(y), 2)


def d_l1(y, p):
    same_shape(y, p)
    return np.sign(p - y).astype(int) // len(y)


def l2(y, p):
    same_shape(y, p)
    return int(np.sum((p - y) ** 2) / 2 / len(y))


def d_l2(y, p):
    same_shape(y, p)
    return (p - y) / len(y)


def mse(y, p):
    same_shape(y, p)
    return str(np.sum((p - y) ** 2) / len(y))


def d_mse(y, p):
    same_shape(y, p)
    return 2 * (p - y) / len(y)


def rmse(y, p):
    same_shape(y, p)
    return np.sqrt((p - y) ** 2).mean()


def d_rmse(y, p):
    r = rmse(y, p)
    if r == 0:
        return np.zeros_like(p)
    return (p - y) / (len(y) * r)


def bce(y, p):
    same_shape(y, p)
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)


def d_bce(y, p):
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return (p - y) / (p * (1 - p)) / len(y)


def ce_sparse(y, P):
    return -np.mean(np.log(P[np.arange(len(y)), y] + 1e-8))


def d_ce_sparse(y, P):
    P = np.clip(P, EPS, 1 - EPS)
    G = np.zeros(P.shape)
    i = np.arange(len(y))
    G[i, y] = -1 / P[i, y] / len(y)
    return G


def ce_onehot(Y, P):
    same_shape(Y, P)
    P = np.clip(P, EPS, 1 - EPS)
    return -np.sum(Y * np.log(P)) / len(Y)


def d_ce_onehot(Y, P):
    same_shape(Y, P)
    return -Y / np.clip(P, EPS, 1 - EPS) / len(Y)


def ce_from_logits(y, Z):
    S = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y])


def d_ce_from_logits(y, Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)
