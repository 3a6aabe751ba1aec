"""Weights are searched for, and errors counted in NumPy."""

import numpy as np


def gate(X, w, b):
    return np.where(X @ w + b >= 0, 1.0, 0.0)


def weights_for(name):
    known = {
        "AND": ([1.0, 1.0], -1.5),
        "OR": ([1.0, 1.0], -0.5),
        "NOT": ([-1.0], 0.5),
        "NAND": ([-1.0, -1.0], 1.5),
        "NOR": ([-1.0, -1.0], 0.5),
    }
    if name not in known:
        raise ValueError(f"no gate of one neuron is called {name!r}")
    w, b = known[name]
    return (np.array(w), b)


def train_perceptron(X, t, lr, epochs):
    w, b, h = (np.zeros(X.shape[1]), 0.0, [])
    for _ in range(epochs):
        e = 0
        for x, y in zip(X, t):
            d = y - (1 if x @ w + b >= 0 else 0)
            e += abs(d)
            w += lr * d * x
            b += lr * d
        h.append(e)
        if e == 0:
            break
    return (w, b, np.array(h))


def is_separable(t):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    for a in range(-2, 3):
        for c in range(-2, 3):
            for b in np.arange(-2.5, 3):
                if np.array_equal(gate(X, np.array([a, c]), b), t):
                    return True
    return False
