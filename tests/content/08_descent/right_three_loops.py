"""Right, with a loop of its own for each mode; batch descent does not shuffle."""

import numpy as np


def count_updates(n, size, epochs):
    return epochs * int(np.ceil(n / size))


def batches(n, size, rng):
    left = rng.choice(n, size=n, replace=False)
    dealt = []
    while left.size:
        dealt.append(left[:size])
        left = left[size:]
    return dealt


def mse_grads(X, y, params):
    p = np.einsum("ij,j->i", X, params["w"]) + params["b"]
    slope = 2 * (p - y) / p.size
    return ((y - p) ** 2).mean(), {"w": slope @ X, "b": slope.sum()}


def sgd_step(params, grads, lr):
    new = params.copy()
    for name in new:
        new[name] = new[name] - grads[name] * lr
    return new


def train(X, y, params, mode, f, lr, epochs, size, rng):
    history = []
    if mode == "batch":
        for _ in range(epochs):
            loss, grads = f(X, y, params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    elif mode == "sgd":
        for _ in range(epochs):
            for i in rng.permutation(len(X)):
                loss, grads = f(X[i : i + 1], y[i : i + 1], params)
                history.append(loss)
                params = sgd_step(params, grads, lr)
    elif mode == "mini-batch":
        for _ in range(epochs):
            order = rng.permutation(len(X))
            for k in range(int(np.ceil(len(X) / size))):
                chosen = order[k * size : (k + 1) * size]
                loss, grads = f(X[chosen], y[chosen], params)
                history.append(loss)
                params = sgd_step(params, grads, lr)
    else:
        raise ValueError(mode)
    return params, history
