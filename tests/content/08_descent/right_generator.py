"""Right, with generators, zip and itertools."""

import itertools

import numpy as np


def count_updates(n, size, epochs):
    return len(list(itertools.product(range(epochs), range(0, n, size))))


def deal(n, size, rng):
    pile = iter(rng.permutation(n).tolist())
    while hand := list(itertools.islice(pile, size)):
        yield hand


def batches(n, size, rng):
    return list(deal(n, size, rng))


def mse_grads(X, y, params):
    errors = [float(np.dot(x, params["w"]) + params["b"] - t) for x, t in zip(X, y)]
    dw = sum(2 * e * x for e, x in zip(errors, X)) / len(errors)
    return sum(e**2 for e in errors) / len(errors), {"w": dw, "b": 2 * sum(errors) / len(errors)}


def sgd_step(params, grads, lr):
    return {k: params[k] + (-lr) * grads[k] for k in sorted(params)}


def train(X, y, params, mode, f, lr, epochs, size, rng):
    rows_by_mode = {"batch": lambda: len(y), "mini-batch": lambda: size, "sgd": lambda: 1}
    if mode not in rows_by_mode:
        raise ValueError("mode must be batch, mini-batch or sgd")
    m = rows_by_mode[mode]()

    def updates():
        nonlocal params
        for _ in range(epochs):
            for rows in deal(len(y), m, rng):
                loss, grads = f(X[rows, :], y[rows], params)
                params = sgd_step(params, grads, lr)
                yield loss

    history = list(updates())
    return params, history
