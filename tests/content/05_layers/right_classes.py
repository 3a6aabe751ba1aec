"""Right, with classes: a layer object, a network object, and a stable table of powers."""

import numpy as np


class Layer:
    def __init__(self, W, b, f=None):
        self.W, self.b, self.f = W, b, f

    def __call__(self, X):
        Z = np.matmul(X, self.W) + self.b
        return Z if self.f is None else self.f(Z)


class Network:
    def __init__(self, params, activation):
        self.layers = [Layer(p["W"], p["b"], activation) for p in params]
        self.layers[-1].f = None

    def __call__(self, X):
        for each in self.layers:
            X = each(X)
        return X


class Powers:
    def __init__(self, Z, axis):
        self.shifted = Z - np.max(Z, axis, keepdims=True)
        self.powers = np.exp(self.shifted)
        self.sum = np.sum(self.powers, axis, keepdims=True)


def layer(X, W, b, f):
    return Layer(W, b, f)(X)


def forward(X, params):
    return Network(params, lambda z: z.clip(min=0))(X)


def softmax(Z, axis=-1):
    powers = Powers(Z, axis)
    return powers.powers / powers.sum


def log_softmax(Z, axis=-1):
    powers = Powers(Z, axis)
    return powers.shifted - np.log(powers.sum)


def softmax_jacobian(z):
    s = softmax(z)
    return np.array([s[i] * ((np.arange(len(s)) == i) - s) for i in range(len(s))])


def logit(p):
    p = np.where(p < 1e-12, 1e-12, np.where(p > 1 - 1e-12, 1 - 1e-12, p))
    return np.log(np.divide(p, np.subtract(1, p)))


def probabilities(Z):
    match Z.shape:
        case (_, 1):
            with np.errstate(over="ignore"):
                return 1 / (1 + np.exp(-Z))
        case _:
            return softmax(Z, axis=1)


def param_count(sizes):
    return sum(W + b for W, b in ((i * j, j) for i, j in zip(sizes, sizes[1:])))
