"""Wrong variants of 02_gates: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A2.1 No bias: every line runs through the origin.


@misconception("A2.1")
def gate(X, w, b):
    return np.where(X @ w >= 0, 1.0, 0.0)


@misconception("A2.1")
def weights_for(name):
    known = {
        "AND": [1.0, 1.0],
        "OR": [1.0, 1.0],
        "NOT": [-1.0],
        "NAND": [-1.0, -1.0],
        "NOR": [-1.0, -1.0],
    }
    if name not in known:
        raise ValueError(name)
    return np.array(known[name]), 0.0


@misconception("A2.1")
def train_perceptron(X, t, lr, epochs):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            y = 1.0 if np.dot(w, x) + b >= 0 else 0.0
            if y != target:
                w = w + lr * (target - y) * x
                errors += 1
        history.append(errors)
        if errors == 0:
            break
    return w, b, history


# A2.2 The bias is taken for the threshold.


@misconception("A2.2")
def gate(X, w, b):
    return np.where(X @ w >= b, 1.0, 0.0)


@misconception("A2.2")
def weights_for(name):
    known = {
        "AND": ([1.0, 1.0], 1.5),
        "OR": ([1.0, 1.0], 0.5),
        "NOT": ([-1.0], -0.5),
        "NAND": ([-1.0, -1.0], -1.5),
        "NOR": ([-1.0, -1.0], -0.5),
    }
    if name not in known:
        raise ValueError(name)
    w, b = known[name]
    return np.array(w), b


@misconception("A2.2")
class ThresholdInPlaceOfBias:
    """Consistent with itself: the neuron and its training both use a threshold."""

    @staticmethod
    def gate(X, w, b):
        return np.where(X @ w - b >= 0, 1.0, 0.0)

    @staticmethod
    def train_perceptron(X, t, lr, epochs):
        w, theta, history = np.zeros(X.shape[1]), 0.0, []
        for _ in range(epochs):
            errors = 0
            for x, target in zip(X, t, strict=True):
                y = 1.0 if np.dot(w, x) - theta >= 0 else 0.0
                if y != target:
                    w = w + lr * (target - y) * x
                    theta = theta - lr * (target - y)
                    errors += 1
            history.append(errors)
            if errors == 0:
                break
        return w, theta, history


# A2.3 Another answer at exactly z = 0.


@misconception("A2.3")
class StrictStep:
    """The step asks for more than 0."""

    @staticmethod
    def gate(X, w, b):
        return np.where(X @ w + b > 0, 1.0, 0.0)

    @staticmethod
    def train_perceptron(X, t, lr, epochs):
        w, b, history = np.zeros(X.shape[1]), 0.0, []
        for _ in range(epochs):
            errors = 0
            for x, target in zip(X, t, strict=True):
                y = 1.0 if np.dot(w, x) + b > 0 else 0.0
                if y != target:
                    w = w + lr * (target - y) * x
                    b = b + lr * (target - y)
                    errors += 1
            history.append(errors)
            if errors == 0:
                break
        return w, b, history


@misconception("A2.3")
def gate(X, w, b):
    return (np.sign(X @ w + b) + 1) // 2


# A2.4 Answers -1 and 1.


@misconception("A2.4")
def gate(X, w, b):
    return np.where(X @ w + b >= 0, 1.0, -1.0)


@misconception("A2.4")
def gate(X, w, b):
    return np.sign(X @ w + b)


@misconception("A2.4")
def train_perceptron(X, t, lr, epochs):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            y = 1.0 if np.dot(w, x) + b >= 0 else -1.0
            if y != target:
                w = w + lr * (target - y) * x
                b = b + lr * (target - y)
                errors += 1
        history.append(errors)
        if errors == 0:
            break
    return w, b, history


# A2.5 Training goes on until there is no error, whatever the limit.


@misconception("A2.5")
def train_perceptron(X, t, lr, epochs):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    converged = False
    while not converged:
        errors = 0
        for x, target in zip(X, t, strict=True):
            y = 1.0 if np.dot(w, x) + b >= 0 else 0.0
            if y != target:
                w = w + lr * (target - y) * x
                b = b + lr * (target - y)
                errors += 1
        history.append(errors)
        converged = errors == 0
    return w, b, history


# A2.6 A table of answers in the place of a neuron.


@misconception("A2.6")
def gate(X, w, b):
    return np.array([1.0 if all(value == 1 for value in x) else 0.0 for x in X])


@misconception("A2.6")
def gate(X, w, b):
    corners = {(0.0, 0.0): b, (0.0, 1.0): w[1] + b, (1.0, 0.0): w[0] + b, (1.0, 1.0): sum(w) + b}
    return np.array([1.0 if corners.get(tuple(x), -1.0) >= 0 else 0.0 for x in X])


@misconception("A2.6")
def gate(X, w, b):
    return np.where(np.round(X) @ w + b >= 0, 1.0, 0.0)


@misconception("A2.6")
def is_separable(t):
    return True


# A2.7 The update moves away from the target.


@misconception("A2.7")
def train_perceptron(X, t, lr, epochs):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            y = 1.0 if np.dot(w, x) + b >= 0 else 0.0
            if y != target:
                w = w + lr * (y - target) * x
                b = b + lr * (y - target)
                errors += 1
        history.append(errors)
        if errors == 0:
            break
    return w, b, history
