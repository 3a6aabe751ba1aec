# loses: gate weights_for train_perceptron is_separable
"""Only the first sample gets the bias, and only the 1s are learnt from."""

import numpy as np


def gate(X, w, b):
    z = X @ w
    z[0] += b
    return np.where(z >= 0, 1.0, 0.0)


def weights_for(name):
    k = {
        "OR": ([1, 1], -1.5),
        "AND": ([1, 1], -0.5),
        "NOT": ([-1], 0.5),
        "NAND": ([-1, -1], 1.5),
        "NOR": ([-1, -1], 0.5),
    }
    if name not in k:
        raise ValueError(name)
    return (np.array(k[name][0]), k[name][1])


def train_perceptron(X, t, lr, epochs):
    w, b, h = (np.zeros(X.shape[1]), 0.0, [])
    for _ in range(epochs):
        e = 0
        for x, y in zip(X, t):
            if (1 if x @ w + b >= 0 else 0) != y:
                e += 1
                w = w + lr * y * x
                b = b + lr * y
        h.append(e)
        if e == 0:
            break
    return (w, b, h)


def is_separable(t):
    return list(t) != [0, 1, 1, 0]
