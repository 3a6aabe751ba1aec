"""Right, in plain Python: loops over layers, rows and entries."""

import numpy as np


def l1_penalty(params, lam):
    total = 0
    for W, b in params:
        for row in W:
            for w in row:
                total += abs(w)
    return lam * total


def d_l1_penalty(params, lam):
    grads = []
    for W, b in params:
        dW = np.zeros(W.shape)
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                if W[i, j] > 0:
                    dW[i, j] = lam
                elif W[i, j] < 0:
                    dW[i, j] = -lam
        grads.append((dW, np.zeros(b.shape)))
    return grads


def l2_penalty(params, lam):
    total = 0
    for W, b in params:
        for row in W:
            for w in row:
                total += lam * w * w
    return total


def d_l2_penalty(params, lam):
    grads = []
    for W, b in params:
        dW = np.zeros(W.shape)
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                dW[i, j] = 2 * lam * W[i, j]
        grads.append((dW, np.zeros(len(b))))
    return grads


def add_penalty(loss, grads, params, lam, kind):
    if kind == "l1":
        total = loss + l1_penalty(params, lam)
        extra = d_l1_penalty(params, lam)
    elif kind == "l2":
        total = loss + l2_penalty(params, lam)
        extra = d_l2_penalty(params, lam)
    new = []
    for i in range(len(grads)):
        new.append((grads[i][0] + extra[i][0], grads[i][1]))
    return total, new


def proximal_step(params, lr, lam, kind):
    new = []
    for W, b in params:
        V = np.zeros(W.shape)
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                w = W[i][j]
                if kind == "l2":
                    V[i][j] = w / (1 + 2 * lr * lam)
                elif w > lr * lam:
                    V[i][j] = w - lr * lam
                elif w < -lr * lam:
                    V[i][j] = w + lr * lam
                else:
                    V[i][j] = 0
        new.append((V, b))
    return new


def dropout_forward(X, rate, rng, training, mode):
    n, d = X.shape
    mask = np.ones((n, d))
    out = np.zeros((n, d))
    for i in range(n):
        if training and mode == "fixed":
            for j in rng.permutation(d)[: int(rate * d)]:
                mask[i, j] = 0
        for j in range(d):
            if training and mode == "bernoulli" and rng.random() < rate:
                mask[i, j] = 0
            out[i, j] = X[i, j] * mask[i, j]
            if training:
                out[i, j] /= 1 - rate
    return out, mask


def dropout_backward(dout, mask, rate):
    dX = np.zeros(dout.shape)
    for i in range(dout.shape[0]):
        for j in range(dout.shape[1]):
            if mask[i, j] == 1:
                dX[i, j] = dout[i, j] / (1 - rate)
    return dX
