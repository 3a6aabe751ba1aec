"""Right, with copies that are changed in place, and lists where the task shows tuples."""

import copy

import numpy as np


def l1_penalty(params, lam):
    return float(np.concatenate([np.abs(layer[0]).ravel() for layer in params]).sum() * lam)


def d_l1_penalty(params, lam):
    grads = copy.deepcopy(params)
    for dW, db in grads:
        positive, negative = dW > 0, dW < 0
        dW[positive] = lam
        dW[negative] = -lam
        db[:] = 0
    return grads


def l2_penalty(params, lam):
    return lam * sum(np.linalg.norm(W) ** 2 for W, _ in params)


def d_l2_penalty(params, lam):
    grads = copy.deepcopy(params)
    for dW, db in grads:
        dW *= 2 * lam
        db *= 0
    return grads


def add_penalty(loss, grads, params, lam, kind):
    new = copy.deepcopy(list(grads))
    more = {"l1": d_l1_penalty, "l2": d_l2_penalty}[kind](params, lam)
    for (dW, db), (sW, sb) in zip(new, more):
        dW += sW
        db += sb
    loss += {"l1": l1_penalty, "l2": l2_penalty}[kind](params, lam)
    return [loss, [list(pair) for pair in new]]


def proximal_step(params, lr, lam, kind):
    new = []
    for W, b in params:
        W = W.copy()
        if kind == "l1":
            small = np.abs(W) <= lr * lam
            W -= lr * lam * np.sign(W)
            W[small] = 0
        else:
            W /= 1 + 2 * lr * lam
        new.append([W, b.copy()])
    return new


def dropout_forward(X, rate, rng, training, mode):
    out, mask = X.copy(), np.ones_like(X)
    if training:
        if mode == "bernoulli":
            mask[rng.random(size=X.shape) < rate] = 0
        else:
            drop = round(rate * X.shape[1])
            mask[:, :drop] = 0
            rng.permuted(mask, axis=1, out=mask)
        out *= mask
        out /= 1 - rate
    return [out, mask]


def dropout_backward(dout, mask, rate):
    dX = dout.copy()
    dX[mask == 0] = 0
    dX /= 1 - rate
    return dX
