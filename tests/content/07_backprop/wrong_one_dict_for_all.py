# loses: forward train_step
# named: repeated
"""One and the same dictionary, put into the list in each pass of the loop."""

import numpy as np


def activate(z, f):
    if f == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    if f == "tanh":
        return np.tanh(z)
    if f == "relu":
        return np.maximum(z, 0.0)
    return z


def slope(z, f):
    if f == "sigmoid":
        a = activate(z, "sigmoid")
        return a * (1 - a)
    if f == "tanh":
        return 1 - np.tanh(z) ** 2
    if f == "relu":
        return np.where(z > 0, 1.0, 0.0)
    return np.ones_like(z)


def forward(X, params):
    cache, seen, A = [], {}, X
    for layer in params:
        seen["X"] = A
        seen["Z"] = A @ layer["W"] + layer["b"]
        seen["A"] = activate(seen["Z"], layer["f"])
        cache.append(seen)
        A = seen["A"]
    return A, cache


def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return (np.sum((out - Y) ** 2) / n, 2 / n * (out - Y))
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return (value, (p - Y) / (p * (1 - p)) / n)
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return (-np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n)


def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


def train_step(X, Y, params, kind, lr):
    out, cache = forward(X, params)
    value, dout = loss(Y, out, kind)
    grads = backward(cache, params, dout)
    new, layer = [], {}
    for old, grad in zip(params, grads):
        layer["W"] = old["W"] - lr * grad["W"]
        layer["b"] = old["b"] - lr * grad["b"]
        layer["f"] = old["f"]
        new.append(layer)
    return value, new


def sum_to(share, shape):
    share = share.sum(axis=tuple(range(share.ndim - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            share = share.sum(axis=axis, keepdims=True)
    return share


class Var:
    def __init__(self, value, parents=()):
        self.value = np.asarray(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.parents = parents

    def __add__(self, other):
        return Var(self.value + other.value, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        rules = (lambda g: g * other.value, lambda g: g * self.value)
        return Var(self.value * other.value, [(self, rules[0]), (other, rules[1])])

    def __matmul__(self, other):
        rules = (lambda g: g @ other.value.T, lambda g: self.value.T @ g)
        return Var(self.value @ other.value, [(self, rules[0]), (other, rules[1])])

    def relu(self):
        return Var(np.maximum(self.value, 0.0), [(self, lambda g: g * (self.value > 0))])

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for parent, rule in node.parents:
                parent.grad = parent.grad + sum_to(rule(node.grad), parent.value.shape)
