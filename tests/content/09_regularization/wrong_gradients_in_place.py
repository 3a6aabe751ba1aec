# loses: add_penalty
# named: modified
"""Wrong: the penalty is added into the gradients that were given."""

import numpy as np


def l1_penalty(params, lam):
    return lam * sum((np.abs(W).sum() for W, _ in params))


def d_l1_penalty(params, lam):
    return [(lam * np.sign(W), np.zeros_like(b)) for W, b in params]


def l2_penalty(params, lam):
    return lam * sum(((W**2).sum() for W, _ in params))


def d_l2_penalty(params, lam):
    return [(2 * lam * W, np.zeros_like(b)) for W, b in params]


def add_penalty(loss, grads, params, lam, kind):
    p, d = (l1_penalty, d_l1_penalty) if kind == "l1" else (l2_penalty, d_l2_penalty)
    for (dW, db), (sW, sb) in zip(grads, d(params, lam)):
        dW += sW
    return (loss + p(params, lam), grads)


def proximal_step(params, lr, lam, kind):
    if kind == "l1":
        return [(np.sign(W) * np.maximum(np.abs(W) - lr * lam, 0.0), b) for W, b in params]
    return [(W / (1 + 2 * lr * lam), b) for W, b in params]


def dropout_forward(X, rate, rng, training, mode):
    if not training:
        return (X, np.ones(X.shape))
    numbers = rng.random(X.shape)
    if mode == "fixed":
        kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
    else:
        kept = numbers >= rate
    mask = np.where(kept, 1.0, 0.0)
    return (X * mask / (1 - rate), mask)


def dropout_backward(dout, mask, rate):
    return dout * mask / (1 - rate)
