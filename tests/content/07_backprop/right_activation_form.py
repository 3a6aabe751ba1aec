"""Right, with every slope in terms of a, and tables of lambdas."""

import numpy as np

CURVES = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0),
    "linear": lambda z: z.copy(),
}
SLOPES_AT_A = {
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a**2,
    "relu": lambda a: (a > 0).astype(float),
    "linear": lambda a: np.ones(a.shape),
}


def forward(X, params):
    cache = []
    A = X.copy()
    for p in params:
        entry = dict(X=A, Z=np.dot(A, p["W"]) + p["b"])
        entry["A"] = CURVES[p["f"]](entry["Z"])
        cache.append(entry)
        A = entry["A"]
    return [A, tuple(cache)]


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1)[:, None])
    return E / E.sum(axis=1)[:, None]


EPS = 1e-12


def loss(Y, out, kind):
    n = Y.shape[0]
    if kind == "mse":
        error = out - Y
        return (error**2).sum() / n, error * (2 / n)
    elif kind == "bce":
        p = np.clip(out, EPS, 1 - EPS)
        L = -(Y * np.log(p) + (1 - Y) * np.log(1 - p))
        return np.mean(L.sum(axis=1)), (p - Y) / (n * p * (1 - p))
    elif kind == "ce":
        P = softmax(out)
        L = -(Y * np.log(np.clip(P, EPS, 1 - EPS)))
        return float(np.mean(np.sum(L, axis=1))), (P - Y) / n
    raise ValueError(kind)


def backward(cache, params, dout):
    grads = []
    upstream = dout
    for entry, p in list(zip(cache, params))[::-1]:
        delta = upstream * SLOPES_AT_A[p["f"]](entry["A"])
        grads = [{"W": np.dot(entry["X"].T, delta), "b": delta.sum(0)}] + grads
        upstream = np.dot(delta, p["W"].T)
    return tuple(grads)


def train_step(X, Y, params, kind, lr):
    out, cache = forward(X, params)
    L, dout = loss(Y, out, kind)
    grads = backward(cache, params, dout)
    return L, [
        {**p, **{key: p[key] - lr * g[key] for key in ("W", "b")}} for p, g in zip(params, grads)
    ]


class Var:
    """No topological sort: counts how often each Var is used, and waits for all shares."""

    def __init__(self, value, parents=()):
        self.value = np.asarray(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.parents = list(parents)

    def __add__(self, other):
        return Var(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Var(self.value * other.value, ((self, other.value), (other, self.value)))

    def __matmul__(self, other):
        a, b = self.value, other.value
        return Var(a @ b, ((self, lambda g: g @ b.T), (other, lambda g: a.T @ g)))

    def relu(self):
        return Var(np.maximum(0, self.value), ((self, np.heaviside(self.value, 0)),))

    def backward(self):
        waiting, stack, found = {}, [self], {id(self)}
        while stack:
            for parent, _ in stack.pop().parents:
                waiting[id(parent)] = waiting.get(id(parent), 0) + 1
                if id(parent) not in found:
                    found.add(id(parent))
                    stack.append(parent)
        self.grad = np.ones(self.value.shape)
        ready = [self]
        while ready:
            node = ready.pop()
            for parent, factor in node.parents:
                share = factor(node.grad) if callable(factor) else factor * node.grad
                lost = share.ndim - parent.value.ndim
                share = share.sum(tuple(range(lost)))
                ones = tuple(i for i, size in enumerate(parent.value.shape) if size == 1)
                parent.grad = parent.grad + share.sum(axis=ones, keepdims=True)
                waiting[id(parent)] -= 1
                if waiting[id(parent)] == 0:
                    ready.append(parent)
