# loses: batches train
# named: A8.4
"""Wrong: the batches are always the same, only their order changes."""

import numpy as np


def count_updates(n, size, epochs):
    return epochs * ((n + size - 1) // size)


def batches(n, size, rng):
    cut = [np.arange(n)[s : s + size] for s in range(0, n, size)]
    if n % size == 0:
        return [cut[i] for i in rng.permutation(len(cut))]
    return [cut[i] for i in rng.permutation(len(cut) - 1)] + [cut[-1]]


def mse_grads(X, y, params):
    error = X @ params["w"] + params["b"] - y
    grads = {"w": 2 * X.T @ error / len(X), "b": 2 * np.mean(error)}
    return (np.mean(error**2), grads)


def sgd_step(params, grads, lr):
    return {name: value - lr * grads[name] for name, value in params.items()}


def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(f"no such mode: {mode!r}")
    history = []
    for _ in range(epochs):
        for rows in batches(len(X), sizes[mode], rng):
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return (params, history)
