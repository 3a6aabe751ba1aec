"""Right, by recursion over batches and epochs; tuples where others use lists."""

import numpy as np


def count_updates(n, size, epochs):
    if epochs == 0:
        return 0
    return (
        (1 if n <= size else 1 + count_updates(n - size, size, 1))
        + count_updates(n, size, epochs - 1)
        if n <= 500
        else epochs * -(-n // size)
    )


def cut(order, size):
    return () if len(order) == 0 else (order[:size], *cut(order[size:], size))


def batches(n, size, rng):
    return cut(rng.permuted(np.arange(n)), size)


def mse_grads(X, y, params):
    error = np.matmul(X, params["w"][:, np.newaxis]) + params["b"] - y[:, np.newaxis]
    dw = 2 * np.mean(error * X, axis=0)
    return float(np.mean(error**2)), {"w": dw, "b": float(2 * np.mean(error))}


def sgd_step(params, grads, lr):
    if not params:
        return {}
    rest = dict(params)
    name, value = rest.popitem()
    return {**sgd_step(rest, grads, lr), name: value - lr * grads[name]}


def run(X, y, params, f, lr, parts):
    if not parts:
        return params, ()
    first, *others = parts
    loss, grads = f(X[first], y[first], params)
    end, losses = run(X, y, sgd_step(params, grads, lr), f, lr, others)
    return end, (loss, *losses)


def train(X, y, params, mode, f, lr, epochs, size, rng):
    match mode:
        case "batch":
            m = len(X)
        case "mini-batch":
            m = size
        case "sgd":
            m = 1
        case _:
            raise ValueError(mode)
    parts = [part for _ in range(epochs) for part in batches(len(X), m, rng)]
    return run(X, y, params, f, lr, parts)
