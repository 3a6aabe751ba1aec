"""Right, with copies that are then changed in place, and boolean masks."""

import numpy as np

EPS = 1e-12


def checked(y, p):
    if y.ndim != p.ndim or y.shape != p.shape:
        raise ValueError
    e = p.copy()
    e -= y
    return e


def clipped(p):
    p = p.copy()
    p[p < EPS] = EPS
    p[p > 1 - EPS] = 1 - EPS
    return p


def l1(y, p):
    e = checked(y, p)
    e[e < 0] *= -1
    return e.sum() / e.shape[0]


def d_l1(y, p):
    e = checked(y, p)
    e[e > 0] = 1
    e[e < 0] = -1
    e /= len(e)
    return e


def l2(y, p):
    e = checked(y, p)
    e *= e
    e /= 2
    return e.sum() / len(e)


def d_l2(y, p):
    e = checked(y, p)
    e /= len(e)
    return e


def mse(y, p):
    e = checked(y, p)
    e **= 2
    return e.sum() / len(e)


def d_mse(y, p):
    e = checked(y, p)
    e *= 2
    e /= len(e)
    return e


def rmse(y, p):
    return np.sqrt(mse(y, p))


def d_rmse(y, p):
    e = checked(y, p)
    if e.any():
        e /= rmse(y, p)
        e /= len(e)
    return e


def bce(y, p):
    checked(y, p)
    p = clipped(p)
    yes = y == 1
    return -(np.log(p[yes]).sum() + np.log(1 - p[~yes]).sum()) / len(y)


def d_bce(y, p):
    checked(y, p)
    d = clipped(p)
    yes = y == 1
    d[yes] = -1 / d[yes]
    d[~yes] = 1 / (1 - d[~yes])
    d /= len(y)
    return d


def ce_sparse(y, P):
    logs = np.log(clipped(P))
    return -sum(logs[i, j] for i, j in enumerate(y)) / len(y)


def d_ce_sparse(y, P):
    d = clipped(P)
    d **= -1
    mask = np.arange(P.shape[1]) == y[:, None]
    d[~mask] = 0
    d /= -len(y)
    return d


def ce_onehot(Y, P):
    checked(Y, P)
    logs = np.log(clipped(P))
    logs *= Y
    return logs.sum() / -len(Y)


def d_ce_onehot(Y, P):
    checked(Y, P)
    d = -Y
    d /= clipped(P)
    d /= len(Y)
    return d


def ce_from_logits(y, Z):
    Z = Z.copy()
    Z -= Z[np.arange(len(y)), y][:, None]
    top = Z.max(axis=1)
    Z -= top[:, None]
    return np.mean(top + np.log(np.exp(Z).sum(axis=1)))


def d_ce_from_logits(y, Z):
    Z = Z.copy()
    Z -= Z.max(axis=1)[:, None]
    np.exp(Z, out=Z)
    Z /= Z.sum(axis=1)[:, None]
    for i in range(len(y)):
        Z[i, y[i]] -= 1
    Z /= len(y)
    return Z
