"""Right, in plain Python: loops, while, lists, an if for each mode."""

import numpy as np


def count_updates(n, size, epochs):
    updates = 0
    for epoch in range(epochs):
        left = n
        while left > 0:
            left = left - size
            updates += 1
    return updates


def batches(n, size, rng):
    order = list(range(n))
    rng.shuffle(order)
    result = []
    batch = []
    for row in order:
        batch.append(row)
        if len(batch) == size:
            result.append(np.array(batch))
            batch = []
    if batch:
        result.append(np.array(batch))
    return result


def mse_grads(X, y, params):
    n = len(X)
    d = len(X[0])
    loss = 0
    dw = np.zeros(d)
    db = 0
    for i in range(n):
        p = params["b"]
        for j in range(d):
            p = p + params["w"][j] * X[i][j]
        loss += (p - y[i]) ** 2 / n
        for j in range(d):
            dw[j] += 2 * (p - y[i]) * X[i][j] / n
        db += 2 * (p - y[i]) / n
    return loss, {"w": dw, "b": db}


def sgd_step(params, grads, lr):
    new = {}
    for name in params:
        new[name] = params[name] - lr * grads[name]
    return new


def train(X, y, params, mode, f, lr, epochs, size, rng):
    if mode == "batch":
        m = len(X)
    elif mode == "mini-batch":
        m = size
    elif mode == "sgd":
        m = 1
    else:
        raise ValueError("unknown mode")
    history = []
    epoch = 0
    while epoch < epochs:
        for rows in batches(len(X), m, rng):
            Xs = []
            ys = []
            for i in rows:
                Xs.append(X[i])
                ys.append(y[i])
            loss, grads = f(np.array(Xs), np.array(ys), params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
        epoch += 1
    return params, history
