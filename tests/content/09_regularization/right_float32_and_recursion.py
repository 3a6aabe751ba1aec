"""Right, with recursion over the layers, an object for the mask, and masks in small types."""

import numpy as np


def l1_penalty(params, lam):
    if len(params) == 0:
        return 0
    (W, _), rest = params[0], params[1:]
    return lam * np.sum(np.sqrt(W * W)) + l1_penalty(rest, lam)


def d_l1_penalty(params, lam):
    if not params:
        return []
    W, b = params[0]
    return [(np.sign(W) * lam, np.zeros(b.shape, dtype=np.float32)), *d_l1_penalty(params[1:], lam)]


def l2_penalty(params, lam):
    if len(params) == 0:
        return 0
    W = params[0][0]
    return lam * np.trace(W.T @ W) + l2_penalty(params[1:], lam)


def d_l2_penalty(params, lam):
    if not params:
        return []
    W, b = params[0]
    return [(np.multiply(2 * lam, W), np.zeros(b.size, dtype=int)), *d_l2_penalty(params[1:], lam)]


def add_penalty(loss, grads, params, lam, kind):
    if not params:
        return loss, []
    W, b = params[0]
    dW, db = grads[0]
    here = lam * np.abs(W).sum() if kind == "l1" else lam * (W**2).sum()
    slope = lam * np.sign(W) if kind == "l1" else 2 * lam * W
    total, others = add_penalty(loss + here, grads[1:], params[1:], lam, kind)
    return total, [(dW + slope, db.copy())] + others


def proximal_step(params, lr, lam, kind):
    if not params:
        return []
    W, b = params[0]
    t = lr * lam
    if kind == "l1":
        V = np.where(W > t, W - t, np.where(W < -t, W + t, 0))
    else:
        V = W / (1 + 2 * t)
    return [(V, b)] + proximal_step(params[1:], lr, lam, kind)


class Mask:
    def __init__(self, shape, rate, rng):
        self.shape, self.rate, self.rng = shape, rate, rng

    def bernoulli(self):
        return (self.rng.random(self.shape, dtype=np.float32) < 1 - self.rate).astype(np.int8)

    def fixed(self):
        numbers = self.rng.random(self.shape)
        dropped = round(self.rate * self.shape[1])
        if dropped == 0:
            return np.ones(self.shape, dtype=np.int8)
        border = np.sort(numbers, axis=1)[:, dropped - 1 : dropped]
        return (numbers > border).astype(np.int8)


def dropout_forward(X, rate, rng, training, mode):
    if training is False:
        return X * 1.0, np.ones(X.shape, dtype=np.int8)
    mask = getattr(Mask(X.shape, rate, rng), mode)()
    out = np.zeros(X.shape)
    np.divide(X, 1 - rate, out=out, where=mask.astype(bool))
    return out, mask


def dropout_backward(dout, mask, rate):
    dX = np.zeros(np.shape(dout))
    np.divide(dout, 1 - rate, out=dX, where=mask.astype(bool))
    return dX
