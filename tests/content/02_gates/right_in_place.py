"""Right, by writing into arrays of its own; history is an array, too."""

import numpy as np


def gate(X, w, b):
    z = np.full(X.shape[0], b, dtype=float)
    for j in range(X.shape[1]):
        z += X[:, j] * w[j]
    out = np.zeros(X.shape[0], dtype=np.int8)
    out[z >= 0] = 1
    return out


def weights_for(name):
    known = dict(AND=(1, -1.5), OR=(1, -0.5), NAND=(-1, 1.5), NOR=(-1, 0.5), NOT=(-1, 0.5))
    if name not in known.keys():
        raise ValueError(f"I do not know {name}")
    weight, bias = known[name]
    w = np.zeros(1 if name == "NOT" else 2)
    w[:] = weight
    return w, np.array(bias)


def train_perceptron(X, t, lr, epochs):
    w = np.zeros(X.shape[1])
    b = np.zeros(())
    history = np.zeros(epochs, dtype=int)
    for epoch in range(epochs):
        for i in range(len(t)):
            y = int(np.dot(X[i], w) + b >= 0)
            if y == t[i]:
                continue
            history[epoch] += 1
            w += lr * (t[i] - y) * X[i]
            b += lr * (t[i] - y)
        if history[epoch] == 0:
            return w, b, history[: epoch + 1]
    return w, b, history


def is_separable(t):
    return bool(np.abs(t[0] - t[1] - t[2] + t[3]) < 2)
