"""Right, with backward computed by the learner's own Var, and the order found by counting."""

import numpy as np


def squash(Z, f):
    return {
        "sigmoid": lambda: 0.5 + 0.5 * np.tanh(0.5 * Z),
        "tanh": lambda: np.tanh(Z),
        "relu": lambda: np.maximum(0, Z),
        "linear": lambda: Z,
    }[f]()


def steepness(entry, f):
    Z, A = entry["Z"], entry["A"]
    if f == "sigmoid":
        return A - A * A
    if f == "tanh":
        return 1 / np.cosh(Z) ** 2
    if f == "relu":
        return np.sign(A)
    return 1 + 0 * Z


def forward(X, params):
    cache = [{"X": X}]
    for i, layer in enumerate(params):
        cache[i]["Z"] = cache[i]["X"] @ layer["W"] + layer["b"][np.newaxis, :]
        cache[i]["A"] = squash(cache[i]["Z"], layer["f"])
        cache.append({"X": cache[i]["A"]})
    return cache.pop()["X"], cache


def loss(Y, out, kind):
    if kind == "mse":
        return np.mean(np.sum(np.square(Y - out), axis=1)), -2 * (Y - out) / len(Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        q = np.clip(1 - out, 1e-12, 1 - 1e-12)
        terms = Y * np.log(p) + (1 - Y) * np.log(q)
        return -np.mean(np.sum(terms, axis=1)), -(Y / p - (1 - Y) / q) / len(Y)
    logsumexp = np.logaddexp.reduce(out, axis=1, keepdims=True)
    return np.mean(np.sum(Y * (logsumexp - out), axis=1)), (np.exp(out - logsumexp) - Y) / len(Y)


def backward(cache, params, dout):
    """Each layer near its Z is linear: X W + b, weighed with delta, has the gradients wanted."""
    grads = []
    for entry, layer in zip(cache[::-1], params[::-1]):
        delta = Var(dout * steepness(entry, layer["f"]))
        X, W, b = Var(entry["X"]), Var(layer["W"]), Var(layer["b"])
        ((X @ W + b) * delta).backward()
        grads.append({"W": W.grad, "b": b.grad})
        dout = X.grad
    grads.reverse()
    return grads


def train_step(X, Y, params, kind, lr):
    out, cache = forward(X, params)
    value, dout = loss(Y, out, kind)
    grads = backward(cache, params, dout)
    new_params = []
    for layer, grad in zip(params, grads):
        new_layer = layer.copy()
        for name in ["W", "b"]:
            new_layer[name] = layer[name] + (-lr) * grad[name]
        new_params.append(new_layer)
    return value.item(), new_params


class Var:
    def __init__(self, value, parents=()):
        self.value = np.asarray(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.parents = parents

    def __add__(self, other):
        def same(g):
            return g

        return Var(self.value + other.value, [(self, same), (other, same)])

    def __mul__(self, other):
        def first(g):
            return g * other.value

        def second(g):
            return g * self.value

        return Var(self.value * other.value, [(self, first), (other, second)])

    def __matmul__(self, other):
        def first(g):
            return (other.value @ g.T).T

        def second(g):
            return (g.T @ self.value).T

        return Var(self.value @ other.value, [(self, first), (other, second)])

    def relu(self):
        on = (self.value > 0).astype(float)
        return Var(self.value * on, [(self, lambda g: g * on)])

    def backward(self):
        # Kahn's way, with a count of the results that each Var still waits for.
        results = {}
        queue, seen = [self], [self]
        for node in queue:
            for parent, _ in node.parents:
                results[parent] = results.get(parent, 0) + 1
                if not any(parent is other for other in seen):
                    seen.append(parent)
                    queue.append(parent)
        self.grad = np.ones_like(self.value)
        ready = [self]
        for node in ready:
            for parent, rule in node.parents:
                g = rule(node.grad)
                while g.ndim > parent.value.ndim:
                    g = g.sum(axis=0)
                for axis, size in enumerate(parent.value.shape):
                    if size == 1:
                        g = g.sum(axis=axis, keepdims=True)
                parent.grad = parent.grad + g
                results[parent] -= 1
                if results[parent] == 0:
                    ready.append(parent)
