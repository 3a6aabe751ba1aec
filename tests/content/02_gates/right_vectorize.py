"""Right, with np.vectorize, np.apply_along_axis where there are rows, and training as the judge."""

import numpy as np

step = np.vectorize(lambda z: 1.0 if z >= 0 else 0.0, otypes=[float])


def gate(X, w, b):
    return step(np.sum(X * w, axis=1) + b)


def weights_for(name):
    match name:
        case "AND":
            w, b = (0.6, 0.6), -0.9
        case "OR":
            w, b = (1.2, 1.0), -0.5
        case "NAND":
            w, b = (-0.6, -0.6), 0.9
        case "NOR":
            w, b = (-1.0, -1.2), 0.5
        case "NOT":
            w, b = (-3.0,), 1.4
        case _:
            raise ValueError(f"{name} is not a gate of one neuron")
    return np.array(w), np.float64(b)


def train_perceptron(X, t, lr, epochs):
    w, b = np.zeros_like(X[0]), np.float64(0)
    history = []
    for _ in range(epochs):
        wrong = 0
        for x, target in zip(X, t):
            y = gate(x.reshape(1, -1), w, b)[0]
            if target > y:
                w, b, wrong = w + lr * x, b + lr, wrong + 1
            elif target < y:
                w, b, wrong = w - lr * x, b - lr, wrong + 1
        history.append(wrong)
        if not wrong:
            break
    return w, b, history


def is_separable(t):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return train_perceptron(X, t, 1.0, 100)[2][-1] == 0
