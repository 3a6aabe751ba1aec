import numpy as np

from autograder.diagnosis import misconception


@misconception("N1")
def train(x, y, epochs, rate):
    w, b, losses = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        p = np.clip(sigmoid(x @ w + b), 1e-9, 1 - 1e-9)
        losses.append(float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))
        w = w + rate * x.T @ (p - y) / len(y)
        b = b + rate * float(np.mean(p - y))
    return w, b, losses
