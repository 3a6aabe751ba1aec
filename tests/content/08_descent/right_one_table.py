"""Right: X and y stand in one table while it is shuffled; a fair order comes from argsort."""

import math

import numpy as np


def count_updates(n, size, epochs):
    return epochs * math.ceil(n / size)


def batches(n, size, rng):
    order = np.argsort(rng.random(n))
    return [order[i : min(i + size, n)] for i in range(0, n, size)]


def mse_grads(X, y, params):
    # The bias is one more weight, for an input that is always 1.
    ones = np.column_stack([X, np.ones(len(X))])
    theta = np.append(params["w"], params["b"])
    residual = y - ones @ theta
    gradient = -2 * np.mean(residual[:, None] * ones, axis=0)
    return np.mean(np.square(residual)), {"w": gradient[:-1], "b": gradient[-1]}


def sgd_step(params, grads, lr):
    return dict((k, np.subtract(params[k], np.multiply(lr, grads[k]))) for k in params)


def train(X, y, params, mode, f, lr, epochs, size, rng):
    try:
        size = {"batch": X.shape[0], "mini-batch": size, "sgd": 1}[mode]
    except KeyError:
        raise ValueError(f"{mode} is no mode") from None
    history = []
    table = np.hstack([X, y.reshape(-1, 1)])
    for _ in range(epochs):
        table = rng.permutation(table)
        for i in range(0, len(table), size):
            part = table[i : i + size]
            loss, grads = f(part[:, :-1], part[:, -1], params)
            history.append(float(loss))
            params = sgd_step(params, grads, lr)
    return params, history
