"""Right, with comprehensions, math.fsum and weights handed out as lists."""

import math

import numpy as np


def gate(X, w, b):
    return np.array([float(math.fsum([*(x * w), b]) >= 0) for x in X])


def weights_for(name):
    options = ["AND", "OR", "NAND", "NOR", "NOT"]
    answers = [[1, 1], [1, 1], [-1, -1], [-1, -1], [-1]]
    biases = [-1.5, -0.5, 1.5, 0.5, 0.5]
    i = options.index(name)  # raises ValueError for an unknown name
    return answers[i], biases[i]


def train_perceptron(X, t, lr, epochs):
    w, b, history = [0.0] * X.shape[1], 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X.tolist(), t.tolist()):
            y = float(math.fsum(wi * xi for wi, xi in zip(w, x)) + b >= 0)
            if y != target:
                w = [wi + lr * (target - y) * xi for wi, xi in zip(w, x)]
                b += lr * (target - y)
                errors += 1
        history.append(errors)
        if errors == 0:
            break
    return np.array(w), b, history


def is_separable(t):
    return tuple(t) not in {(0, 1, 1, 0), (1, 0, 0, 1)}
