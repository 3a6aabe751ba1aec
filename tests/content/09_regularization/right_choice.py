"""Right: units of each row chosen without replacement, booleans as the mask."""

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
    if kind == "l1":
        penalty, slopes = (l1_penalty(params, lam), d_l1_penalty(params, lam))
    else:
        penalty, slopes = (l2_penalty(params, lam), d_l2_penalty(params, lam))
    pairs = zip(grads, slopes, strict=True)
    return (loss + penalty, [(dW + more_W, db + more_b) for (dW, db), (more_W, more_b) in pairs])


def proximal_step(params, lr, lam, kind):
    if kind == "l1":
        return [(np.sign(W) * np.maximum(np.abs(W) - lr * lam, 0.0), b) for W, b in params]
    return [(W / (1 + 2 * lr * lam), b) for W, b in params]


def dropout_forward(X, rate, rng, training, mode):
    if not training:
        return (X.copy(), np.ones_like(X, dtype=bool))
    n, d = X.shape
    mask = np.ones((n, d), dtype=bool)
    if mode == "fixed":
        for i in range(n):
            mask[i, rng.choice(d, size=int(round(rate * d)), replace=False)] = False
    else:
        mask = rng.binomial(1, 1 - rate, size=(n, d)).astype(bool)
    return (np.where(mask, X / (1 - rate), 0), mask)


def dropout_backward(dout, mask, rate):
    return dout * mask / (1 - rate)
