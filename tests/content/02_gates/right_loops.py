"""Right, in plain Python: loops, ifs on the sum, lists turned into arrays."""

import numpy as np


def gate(X, w, b):
    answers = []
    for row in X:
        total = b
        for i in range(len(row)):
            total = total + row[i] * w[i]
        if total >= 0:
            answers.append(1)
        else:
            answers.append(0)
    return np.array(answers)


def weights_for(name):
    if name == "AND":
        return np.array([1.0, 1.0]), -1.5
    elif name == "OR":
        return np.array([1.0, 1.0]), -0.5
    elif name == "NOT":
        return np.array([-1.0]), 0.5
    elif name == "NAND":
        return np.array([-1.0, -1.0]), 1.5
    elif name == "NOR":
        return np.array([-1.0, -1.0]), 0.5
    else:
        raise ValueError("unknown gate")


def train_perceptron(X, t, lr, epochs):
    w = np.zeros(len(X[0]))
    b = 0
    history = []
    for epoch in range(epochs):
        errors = 0
        for i in range(len(X)):
            total = b
            for j in range(len(w)):
                total += w[j] * X[i][j]
            y = 1 if total >= 0 else 0
            if y != t[i]:
                errors += 1
                for j in range(len(w)):
                    w[j] += lr * (t[i] - y) * X[i][j]
                b += lr * (t[i] - y)
        history.append(errors)
        if errors == 0:
            return w, b, history
    return w, b, history


def is_separable(t):
    if list(t) == [0, 1, 1, 0]:
        return False
    if list(t) == [1, 0, 0, 1]:
        return False
    return True
