"""Lists where an array is meant, 1 and 0 for True and False."""

import numpy as np


def gate(X, w, b):
    return np.where(X @ w + b >= 0, 1.0, 0.0)


def weights_for(name):
    k = {
        "AND": ([1, 1], -1.5),
        "OR": ([1, 1], -0.5),
        "NOT": ([-1], 0.5),
        "NAND": ([-1, -1], 1.5),
        "NOR": ([-1, -1], 0.5),
    }
    if name not in k:
        raise ValueError(name)
    return k[name]


def train_perceptron(X, t, lr, epochs):
    w, b, h = ([0.0] * X.shape[1], 0.0, [])
    for _ in range(epochs):
        e = 0
        for x, y in zip(X, t):
            d = y - (1 if sum((p * q for p, q in zip(x, w))) + b >= 0 else 0)
            if d:
                e += 1
                w = [p + lr * d * q for p, q in zip(w, x)]
                b = b + lr * d
        h.append(e)
        if e == 0:
            break
    return (w, b, h)


def is_separable(t):
    return 0 if tuple(t) in [(0, 1, 1, 0), (1, 0, 0, 1)] else 1
