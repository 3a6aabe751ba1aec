# loses: l1 d_l1 l2 d_l2 d_mse bce ce_sparse
# named: sign
"""The target less the prediction, and errors that cancel out."""

import numpy as np

EPS = 1e-12


def same_shape(y, p):
    if np.shape(y) != np.shape(p):
        raise ValueError(f"the shapes {np.shape(y)} and {np.shape(p)} differ")


def l1(y, p):
    same_shape(y, p)
    return np.sum(p - y) / len(y)


def d_l1(y, p):
    same_shape(y, p)
    return np.sign(y - p) / len(y)


def l2(y, p):
    same_shape(y, p)
    return np.sum(p - y) ** 2 / (2 * len(y))


def d_l2(y, p):
    same_shape(y, p)
    return (y - p) / len(y)


def mse(y, p):
    same_shape(y, p)
    return np.sum((p - y) ** 2) / len(y)


def d_mse(y, p):
    same_shape(y, p)
    return 2 * np.abs(p - y) / len(y)


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
    return -np.sum(np.where(y == 1, np.log(1 - p), np.log(p))) / len(y)


def d_bce(y, p):
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return (p - y) / (p * (1 - p)) / len(y)


def ce_sparse(y, P):
    return -np.mean(np.log(np.clip(P[np.arange(len(y)), y - 1], EPS, 1)))


def d_ce_sparse(y, P):
    rows = np.arange(len(y))
    slopes = np.zeros_like(P)
    slopes[rows, y] = -1 / (len(y) * np.maximum(P[rows, y], EPS))
    return slopes


def ce_onehot(Y, P):
    same_shape(Y, P)
    return -np.sum(Y * np.log(np.maximum(P, EPS))) / len(Y)


def d_ce_onehot(Y, P):
    same_shape(Y, P)
    return -Y / (len(Y) * np.maximum(P, EPS))


def ce_from_logits(y, Z):
    lowered = Z - Z.max(axis=1, keepdims=True)
    log_sums = np.log(np.sum(np.exp(lowered), axis=1))
    return np.sum(log_sums - lowered[np.arange(len(y)), y]) / len(y)


def d_ce_from_logits(y, Z):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    slopes = powers / powers.sum(axis=1, keepdims=True)
    slopes[np.arange(len(y)), y] -= 1
    return slopes / len(y)
