"""Other forms of the same losses, and a refusal of one's own."""

import numpy as np

EPS = 1e-12


def same_shape(y, p):
    if np.shape(y) != np.shape(p):
        raise ValueError(f"the shapes {np.shape(y)} and {np.shape(p)} differ")


def l1(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes")
    return float(np.abs(y - p).sum() / y.shape[0])


def d_l1(y, p):
    same_shape(y, p)
    return np.sign(p - y) / len(y)


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
    p = np.minimum(np.maximum(p, EPS), 1 - EPS)
    return -np.mean(np.sum(np.where(y == 1, np.log(p), np.log(1 - p)).reshape(len(y), -1), axis=1))


def d_bce(y, p):
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return (p - y) / (p * (1 - p)) / len(y)


def ce_sparse(y, P):
    total = 0.0
    for i in range(len(y)):
        total -= np.log(max(P[i][y[i]], EPS))
    return total / len(y)


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
    return -(Y / np.clip(P, EPS, None)) / Y.shape[0]


def ce_from_logits(y, Z):
    return np.mean(np.logaddexp.reduce(Z, axis=1) - Z[np.arange(len(y)), y])


def d_ce_from_logits(y, Z):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    slopes = powers / powers.sum(axis=1, keepdims=True)
    slopes[np.arange(len(y)), y] -= 1
    return slopes / len(y)
