"""Wrong variants of 07_backprop: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A7.1 The slope is taken at a, where its function wants z; or its form in a is used on z.


@misconception("A7.1")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["A"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.1")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        Z, f = cache[i]["Z"], params[i]["f"]
        forms = {"sigmoid": Z * (1 - Z), "tanh": 1 - Z**2, "relu": (Z > 0) * 1.0, "linear": 1.0}
        delta = dout * forms[f]
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


# A7.2 The way back uses another activation's slope than the way forward.


@misconception("A7.2")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], "sigmoid")
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.2")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        A = cache[i]["A"]
        delta = dout * A * (1 - A)
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.2")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        f = "sigmoid" if params[i]["f"] == "relu" else params[i]["f"]
        delta = dout * slope(cache[i]["Z"], f)
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.2")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], "relu")
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.2")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        last = i == len(params) - 1
        delta = dout * slope(cache[i]["Z"], params[i]["f"] if last else "sigmoid")
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


# A7.3 A constant factor: 2, 1/n or both are missing, or 1/n comes twice.


@misconception("A7.3")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p))
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, np.exp(log_P) - Y


@misconception("A7.3")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n


@misconception("A7.3")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, (out - Y) / n
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n


@misconception("A7.3")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, out - Y
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n


@misconception("A7.3")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, np.exp(log_P) - Y


@misconception("A7.3")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p))
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n


@misconception("A7.3")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / out.size * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n


@misconception("A7.3")
def backward(cache, params, dout):
    grads, n = [], len(dout)
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta / n, "b": np.sum(delta, axis=0) / n})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


# A7.4 The weights are updated before delta has passed through them.


@misconception("A7.4")
def train_step(X, Y, params, kind, lr):
    out, cache = forward(X, params)
    value, dout = loss(Y, out, kind)
    new = []
    for entry, layer in zip(reversed(cache), reversed(params), strict=True):
        delta = dout * slope(entry["Z"], layer["f"])
        W = layer["W"] - lr * entry["X"].T @ delta
        b = layer["b"] - lr * delta.sum(axis=0)
        dout = delta @ W.T
        new.insert(0, {"W": W, "b": b, "f": layer["f"]})
    return value, new


@misconception("A7.4")
def train_step(X, Y, params, kind, lr):
    out, cache = forward(X, params)
    value, dout = loss(Y, out, kind)
    for i in range(len(params) - 1, -1, -1):
        layer = params[i]
        delta = dout * slope(cache[i]["Z"], layer["f"])
        layer["W"] -= lr * cache[i]["X"].T @ delta
        layer["b"] -= lr * delta.sum(axis=0)
        dout = delta @ layer["W"].T
    return value, params


# A7.5 The gradient of the bias is not the sum over the samples.


@misconception("A7.5")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": delta})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.5")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0, keepdims=True)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.5")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=1)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.5")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.5")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.mean(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.5")
class SharesNotSummed:
    """Each share is as large as the result, also that of a bias."""

    class Var:
        def __init__(self, value, parents=()):
            self.value = np.asarray(value, dtype=float)
            self.grad = np.zeros_like(self.value)
            self.parents = parents

        def __add__(self, other):
            return Var(self.value + other.value, [(self, lambda g: g), (other, lambda g: g)])

        def __mul__(self, other):
            rules = (lambda g: g * other.value), (lambda g: g * self.value)
            return Var(self.value * other.value, [(self, rules[0]), (other, rules[1])])

        def __matmul__(self, other):
            rules = (lambda g: g @ other.value.T), (lambda g: self.value.T @ g)
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
                    parent.grad = parent.grad + rule(node.grad)


# A7.6 The slope s (1 - s) comes once more than it should.


@misconception("A7.6")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    P = np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)
    log_P = np.log(np.clip(P, 1e-12, 1))
    return -np.sum(Y * log_P) / n, (P - Y) * P * (1 - P) / n


@misconception("A7.6")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    P = np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)
    log_P = np.log(np.clip(P, 1e-12, 1))
    return -np.sum(Y * log_P) / n, (P - Y) * P * (1 - P)


@misconception("A7.6")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n


# A7.7 One loss is reported, and another one differentiated.


@misconception("A7.7")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, 2 / n * (out - Y)
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n


@misconception("A7.7")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, 2 / n * (out - Y)
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, 2 / n * (out - Y)


@misconception("A7.7")
def loss(Y, out, kind):
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, 2 / n * (out - Y)


# A7.8 The cache is not used as it is: the network runs again, or the cache is changed.


@misconception("A7.8")
def backward(cache, params, dout):
    _, cache = forward(cache[0]["X"], params)
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.8")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        Z = cache[i]["X"] @ params[i]["W"] + params[i]["b"]
        delta = dout * slope(Z, params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]


@misconception("A7.8")
def backward(cache, params, dout):
    grads = []
    for layer in reversed(params):
        entry = cache.pop()
        delta = dout * slope(entry["Z"], layer["f"])
        grads.insert(0, {"W": entry["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ layer["W"].T
    return grads


@misconception("A7.8")
def backward(cache, params, dout):
    grads = []
    for i in reversed(range(len(params))):
        delta = cache[i]["Z"]
        delta[...] = slope(delta, params[i]["f"])
        delta *= dout
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]
