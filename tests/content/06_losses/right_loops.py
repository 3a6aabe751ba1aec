"""Right, in plain Python: loops over single numbers, with the math module."""

import math

import numpy as np


def pairs(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return [(float(a), float(b)) for a, b in zip(y.ravel(), p.ravel())]


def like(p, values):
    return np.array(values, dtype=float).reshape(p.shape)


def limit(p):
    return min(max(p, 1e-12), 1 - 1e-12)


def l1(y, p):
    total = 0.0
    for a, b in pairs(y, p):
        total += abs(b - a)
    return total / len(y)


def d_l1(y, p):
    result = []
    for a, b in pairs(y, p):
        if b > a:
            result.append(1 / len(y))
        elif b < a:
            result.append(-1 / len(y))
        else:
            result.append(0)
    return like(p, result)


def l2(y, p):
    return sum(0.5 * (b - a) ** 2 for a, b in pairs(y, p)) / len(y)


def d_l2(y, p):
    return like(p, [(b - a) / len(y) for a, b in pairs(y, p)])


def mse(y, p):
    return sum((b - a) ** 2 for a, b in pairs(y, p)) / len(y)


def d_mse(y, p):
    return like(p, [2 / len(y) * (b - a) for a, b in pairs(y, p)])


def rmse(y, p):
    return math.sqrt(mse(y, p))


def d_rmse(y, p):
    r = rmse(y, p)
    return like(p, [(b - a) / len(y) / r if r else 0.0 for a, b in pairs(y, p)])


def bce(y, p):
    total = 0
    for a, b in pairs(y, p):
        b = limit(b)
        total -= math.log(b) if a == 1 else math.log(1 - b)
    return total / len(y)


def d_bce(y, p):
    result = []
    for a, b in pairs(y, p):
        b = limit(b)
        result.append((-1 / b if a == 1 else 1 / (1 - b)) / len(y))
    return like(p, result)


def ce_sparse(y, P):
    total = 0
    for i in range(len(y)):
        total -= math.log(limit(P[i][y[i]]))
    return total / len(y)


def d_ce_sparse(y, P):
    D = np.zeros(P.shape)
    for i, label in enumerate(y):
        D[i, label] = -1 / limit(P[i, label]) / len(y)
    return D


def ce_onehot(Y, P):
    return sum(-a * math.log(limit(b)) for a, b in pairs(Y, P)) / len(Y)


def d_ce_onehot(Y, P):
    return like(P, [-a / limit(b) / len(Y) for a, b in pairs(Y, P)])


def ce_from_logits(y, Z):
    total = 0
    for label, row in zip(y, Z):
        top = max(row)
        total += top + math.log(sum(math.exp(z - top) for z in row)) - row[label]
    return total / len(y)


def d_ce_from_logits(y, Z):
    D = []
    for label, row in zip(y, Z):
        top = max(row)
        powers = [math.exp(z - top) for z in row]
        row = [power / sum(powers) for power in powers]
        row[label] -= 1
        D.append([value / len(y) for value in row])
    return np.array(D)
