# loses: gate weights_for train_perceptron is_separable
# named: text
"""Sums for answers, an array for a bias, two things for three, words for truth."""

import numpy as np


def gate(X, w, b):
    return X @ w + b


def weights_for(name):
    k = {
        "AND": ([1, 1], [-1.5]),
        "OR": ([1, 1], [-0.5]),
        "NOT": ([-1], [0.5]),
        "NAND": ([-1, -1], [1.5]),
        "NOR": ([-1, -1], [0.5]),
    }
    if name not in k:
        raise ValueError(name)
    return (np.array(k[name][0]), np.array(k[name][1]))


def train_perceptron(X, t, lr, epochs):
    w, b, h = (np.zeros(X.shape[1]), 0.0, [])
    for _ in range(epochs):
        e = 0
        for x, y in zip(X, t):
            d = y - (1 if x @ w + b >= 0 else 0)
            if d:
                e += 1
                w = w + lr * d * x
                b = b + lr * d
        h.append(e)
        if e == 0:
            break
    return (w, b)


def is_separable(t):
    return "False" if tuple(t) in [(0, 1, 1, 0), (1, 0, 0, 1)] else "True"
