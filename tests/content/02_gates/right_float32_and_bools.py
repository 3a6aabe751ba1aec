"""Right, with booleans turned into numbers and float32 where only 0 and 1 come out."""

import numpy as np


class Perceptron:
    def __init__(self, d):
        self.w = np.zeros(d)
        self.b = 0.0
        self.history = []

    def predict(self, x):
        return (self.w @ x + self.b >= 0) * 1.0

    def epoch(self, X, t, lr):
        errors = 0
        for x, target in zip(X, t):
            error = target - self.predict(x)
            if error:
                self.w = self.w + lr * error * x
                self.b = self.b + lr * error
                errors += 1
        self.history.append(errors)
        return errors


def gate(X, w, b):
    z = np.dot(X, w) + b
    return np.greater_equal(z, 0).astype(np.float32)


GATES = {
    "AND": ([1, 1], -3 / 2),
    "OR": ([1, 1], -1 / 2),
    "NAND": ([-1, -1], 3 / 2),
    "NOR": ([-1, -1], 1 / 2),
    "NOT": ([-1], 1 / 2),
}


def weights_for(name):
    if name not in GATES:
        raise ValueError(f"{name!r}: choose one of {', '.join(GATES)}")
    w, b = GATES[name]
    return np.array(w, dtype=np.float32), b


def train_perceptron(X, t, lr, epochs):
    p = Perceptron(X.shape[1])
    for _ in range(epochs):
        if p.epoch(X, t, lr) == 0:
            break
    return [p.w, p.b, p.history]


def is_separable(t):
    t = t.astype(bool)
    both_differ = t[0] != t[1] and t[0] != t[2]
    return not (both_differ and t[3] == t[0])
