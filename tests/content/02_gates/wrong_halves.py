# loses: gate weights_for train_perceptron is_separable
"""A step at one half, two biases not turned round, no end before the last epoch."""

import numpy as np


def gate(X, w, b):
    return np.where(X @ w + b >= 0.5, 1.0, 0.0)


def weights_for(name):
    k = {
        "AND": ([1, 1], -1.5),
        "OR": ([1, 1], -0.5),
        "NOT": ([-1], 0.5),
        "NAND": ([-1, -1], -1.5),
        "NOR": ([-1, -1], -0.5),
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
            e += abs(int(d))
            w = w + lr * d * x
            b = b + lr * d
        h.append(e)
    return (w, b, h)


def is_separable(t):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return train_perceptron(X, t, 1.0, 4)[2][-1] == 0
