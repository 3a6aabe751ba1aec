"""Right, with a class for a penalty and masks of truth values."""

import numpy as np


class Penalty:
    def __init__(self, lam):
        self.lam = lam

    def __call__(self, params):
        return self.lam * np.sum([self.of(W) for W, b in params])

    def grad(self, params):
        return tuple((self.lam * self.slope(W), np.zeros_like(b)) for W, b in params)


class L1(Penalty):
    def of(self, W):
        return np.sum(np.absolute(W))

    def slope(self, W):
        return (W > 0).astype(float) - (W < 0)

    def shrink(self, W, lr):
        t = lr * self.lam
        return np.maximum(W - t, 0) + np.minimum(W + t, 0)


class L2(Penalty):
    def of(self, W):
        return np.vdot(W, W)

    def slope(self, W):
        return 2 * W

    def shrink(self, W, lr):
        return (1 / (1 + 2 * self.lam * lr)) * W


KINDS = {"l1": L1, "l2": L2}


def l1_penalty(params, lam):
    return L1(lam)(params)


def d_l1_penalty(params, lam):
    return L1(lam).grad(params)


def l2_penalty(params, lam):
    return L2(lam)(params)


def d_l2_penalty(params, lam):
    return L2(lam).grad(params)


def add_penalty(loss, grads, params, lam, kind):
    penalty = KINDS[kind](lam)
    new = []
    for (dW, db), (W, b) in zip(grads, params):
        new.append((dW + lam * penalty.slope(W), db))
    return loss + penalty(params), new


def proximal_step(params, lr, lam, kind):
    penalty = KINDS[kind](lam)
    return [(penalty.shrink(W, lr), b) for W, b in params]


def dropout_forward(X, rate, rng, training=True, mode="bernoulli"):
    if not training or rate == 0:
        return X.copy(), np.ones(X.shape, dtype=bool)
    if mode == "bernoulli":
        mask = rng.uniform(size=X.shape) > rate
    else:
        drop = int(round(rate * X.shape[1]))
        order = np.argsort(np.argsort(rng.normal(size=X.shape), axis=1), axis=1)
        mask = order >= drop
    return X * mask / (1.0 - rate), mask


def dropout_backward(dout, mask, rate):
    return dout * mask / (1.0 - rate)
