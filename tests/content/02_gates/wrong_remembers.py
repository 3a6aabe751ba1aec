# loses: gate train_perceptron is_separable
# named: stateful parameters
"""Answers of earlier calls among the new ones, parameters in another order, three epochs at most."""

import numpy as np

answers = []


def gate(X, w, b):
    for row in X:
        if np.dot(row, w) + b >= 0:
            answers.append(1)
        else:
            answers.append(0)
    return np.array(answers)


def weights_for(name):
    if name == "NOT":
        return np.array([-1.0]), 0.5
    signs = {"AND": (1, -1.5), "OR": (1, -0.5), "NAND": (-1, 1.5), "NOR": (-1, 0.5)}
    if name not in signs:
        raise ValueError(name)
    sign, b = signs[name]
    return np.array([sign, sign]), b


def train_perceptron(X, t, epochs, lr):
    w = np.zeros(X.shape[1])
    b = 0.0
    history = []
    for _ in range(int(epochs)):
        errors = 0
        for x, target in zip(X, t):
            y = 1 if x @ w + b >= 0 else 0
            if y != target:
                errors += 1
                w = w + lr * (target - y) * x
                b = b + lr * (target - y)
        history.append(errors)
        if errors == 0:
            break
    return w, b, history


def is_separable(t):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    _, _, history = train_perceptron(X, t, 3, 0.1)
    return history[-1] == 0
