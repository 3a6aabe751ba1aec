# loses: gate weights_for train_perceptron is_separable
# named: A2.3 factor
"""A step at another place, lines through the corners, no learning rate."""

import numpy as np


def gate(X, w, b):
    return np.round(1 / (1 + np.exp(-(X @ w + b))))


def weights_for(name):
    k = {
        "AND": ([1, 1], -2),
        "OR": ([1, 1], -1),
        "NOT": ([-1], 0),
        "NAND": ([-1, -1], 1),
        "NOR": ([-1, -1], 0),
    }
    if name not in k:
        raise ValueError(name)
    return (np.array(k[name][0]), k[name][1])


def train_perceptron(X, t, lr, epochs):
    w, b, h = (np.zeros(X.shape[1]), 0.0, [])
    for _ in range(epochs):
        e = 0
        for x, y in zip(X, t):
            d = y - (1 if x @ w + b >= 0 else 0)
            if d:
                e += 1
                w = w + d * x
                b = b + d
        h.append(e)
        if e == 0:
            break
    return (w, b, h)


def is_separable(t):
    return not (t[0] == t[1] and t[2] == t[3] and (t[0] != t[2]))
