"""Right, object-oriented: a loss is an object with a value and a slope, named at the end."""

import numpy as np

EPS = 1e-12


class Loss:
    def terms(self, y, p):
        raise NotImplementedError

    def slopes(self, y, p):
        raise NotImplementedError

    def look(self, y, p):
        y, p = np.asarray(y), np.asarray(p, dtype=np.float64)
        if y.shape != p.shape:
            raise ValueError("y and p must have the same shape")
        return y, p

    def value(self, y, p):
        y, p = self.look(y, p)
        return float(np.sum(self.terms(y, p)) / y.shape[0])

    def gradient(self, y, p):
        y, p = self.look(y, p)
        return self.slopes(y, p) / y.shape[0]


class L1(Loss):
    def terms(self, y, p):
        return np.fabs(y - p)

    def slopes(self, y, p):
        return np.where(p == y, 0.0, np.where(p > y, 1.0, -1.0))


class Squares(Loss):
    def __init__(self, factor):
        self.factor = factor

    def terms(self, y, p):
        return self.factor * np.square(y - p)

    def slopes(self, y, p):
        return -2 * self.factor * (y - p)


class BCE(Loss):
    def terms(self, y, p):
        q = np.clip(p, EPS, 1 - EPS)
        return np.where(y == 1, -np.log(q), -np.log1p(-q))

    def slopes(self, y, p):
        q = np.clip(p, EPS, 1 - EPS)
        return (q - y) / (q - q**2)


class CE(Loss):
    def terms(self, y, p):
        return -y * np.log(np.clip(p, EPS, 1 - EPS))

    def slopes(self, y, p):
        return -y / np.clip(p, EPS, 1 - EPS)


half, full = Squares(0.5), Squares(1.0)
l1, d_l1 = L1().value, L1().gradient
l2, d_l2 = half.value, half.gradient
mse, d_mse = full.value, full.gradient
bce, d_bce = BCE().value, BCE().gradient
ce_onehot, d_ce_onehot = CE().value, CE().gradient


def rmse(y, p):
    return mse(y, p) ** (1 / 2)


def d_rmse(y, p):
    if np.array_equal(y, p):
        return p * 0
    return 0.5 * d_mse(y, p) / rmse(y, p)


def ce_sparse(y, P):
    Y = (y.reshape(-1, 1) == np.arange(P.shape[1])).astype(float)
    return ce_onehot(Y, P)


def d_ce_sparse(y, P):
    Y = (y.reshape(-1, 1) == np.arange(P.shape[1])).astype(float)
    return d_ce_onehot(Y, P)


def log_softmax(Z):
    Z = Z - np.amax(Z, axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def ce_from_logits(y, Z):
    return -log_softmax(Z)[np.arange(y.size), y].sum() / y.size


def d_ce_from_logits(y, Z):
    Y = (y.reshape(-1, 1) == np.arange(Z.shape[1])).astype(float)
    return (np.exp(log_softmax(Z)) - Y) / y.size
