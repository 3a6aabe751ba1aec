# loses: train
"""Epochs that are counted from one: the last of them is never run."""

import numpy as np


def count_updates(n, size, epochs):
    return epochs * ((n + size - 1) // size)


def batches(n, size, rng):
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]


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
    for _ in range(1, epochs):
        for rows in batches(len(X), sizes[mode], rng):
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return (params, history)
