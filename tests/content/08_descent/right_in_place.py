"""Right, by writing into copies: -= on arrays of its own, data shuffled as copies."""

import numpy as np


def count_updates(n, size, epochs):
    full, rest = divmod(n, size)
    if rest:
        full += 1
    return full * epochs


def batches(n, size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return np.split(order, np.arange(size, n, size))


def mse_grads(X, y, params):
    error = X.dot(params["w"])
    error += params["b"]
    error -= y
    dw = X.T.dot(error)
    dw *= 2 / len(y)
    loss = error.dot(error) / len(y)
    error *= 2
    return loss, {"b": error.mean(), "w": dw}


def sgd_step(params, grads, lr):
    new = {name: np.array(value, dtype=float) for name, value in params.items()}
    for name, grad in grads.items():
        new[name] -= lr * grad
    return new


def train(X, y, params, mode, f, lr, epochs, size, rng):
    if mode not in ("batch", "mini-batch", "sgd"):
        raise ValueError(mode)
    if mode == "batch":
        size = X.shape[0]
    if mode == "sgd":
        size = 1
    params = {name: np.array(value, dtype=float) for name, value in params.items()}
    history = []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        Xp, yp = X[order], y[order]
        for start in range(0, len(y), size):
            loss, grads = f(Xp[start : start + size], yp[start : start + size], params)
            history += [loss]
            for name in params:
                params[name] -= lr * grads[name]
    return params, history
