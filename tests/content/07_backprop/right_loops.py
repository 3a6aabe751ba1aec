"""Right, in plain loops over samples and units; a Var with closures that push the gradient."""

import math

import numpy as np


def curve(z, f):
    if f == "sigmoid":
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0
    if f == "tanh":
        return math.tanh(z)
    if f == "relu":
        return max(z, 0.0)
    return z


def curve_slope(z, f):
    if f == "sigmoid":
        a = curve(z, f)
        return a * (1 - a)
    if f == "tanh":
        return 1 - math.tanh(z) ** 2
    if f == "relu":
        return 1.0 if z > 0 else 0.0
    return 1.0


def forward(X, params):
    cache = []
    current = X
    for layer in params:
        W, b, f = layer["W"], layer["b"], layer["f"]
        n = len(current)
        d_in, d_out = W.shape
        Z = np.zeros((n, d_out))
        A = np.zeros((n, d_out))
        for i in range(n):
            for j in range(d_out):
                total = b[j]
                for k in range(d_in):
                    total += current[i, k] * W[k, j]
                Z[i, j] = total
                A[i, j] = curve(total, f)
        cache.append({"X": current, "Z": Z, "A": A})
        current = A
    return current, cache


def loss(Y, out, kind):
    n, k = Y.shape
    value = 0.0
    dout = np.zeros((n, k))
    for i in range(n):
        if kind == "ce":
            top = max(out[i])
            powers = [math.exp(z - top) for z in out[i]]
            whole = sum(powers)
        for j in range(k):
            y, o = Y[i, j], out[i, j]
            if kind == "mse":
                value += (o - y) ** 2
                dout[i, j] = 2 * (o - y) / n
            elif kind == "bce":
                p = min(max(o, 1e-12), 1 - 1e-12)
                value -= y * math.log(p) + (1 - y) * math.log(1 - p)
                dout[i, j] = (-y / p + (1 - y) / (1 - p)) / n
            else:
                p = powers[j] / whole
                if y > 0:
                    value -= y * math.log(max(p, 1e-12))
                dout[i, j] = (p - y) / n
    return value / n, dout


def backward(cache, params, dout):
    grads = [None] * len(params)
    for number in range(len(params) - 1, -1, -1):
        W, f = params[number]["W"], params[number]["f"]
        X, Z = cache[number]["X"], cache[number]["Z"]
        n, d_out = Z.shape
        d_in = W.shape[0]
        dW, db, dX = np.zeros((d_in, d_out)), np.zeros(d_out), np.zeros((n, d_in))
        for i in range(n):
            for j in range(d_out):
                delta = dout[i, j] * curve_slope(Z[i, j], f)
                db[j] += delta
                for k in range(d_in):
                    dW[k, j] += X[i, k] * delta
                    dX[i, k] += delta * W[k, j]
        grads[number] = {"W": dW, "b": db}
        dout = dX
    return grads


def train_step(X, Y, params, kind, lr):
    out, cache = forward(X, params)
    value, dout = loss(Y, out, kind)
    grads = backward(cache, params, dout)
    new = []
    for i in range(len(params)):
        layer = dict(params[i])
        layer["W"] = params[i]["W"] - lr * grads[i]["W"]
        layer["b"] = params[i]["b"] - lr * grads[i]["b"]
        new.append(layer)
    return value, new


def fit(share, shape):
    while share.ndim > len(shape):
        share = share.sum(axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1 and share.shape[axis] != 1:
            share = share.sum(axis=axis, keepdims=True)
    return share


class Var:
    def __init__(self, value, parents=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros(self.value.shape)
        self._prev = set(parents)
        self._backward = lambda: None

    def __add__(self, other):
        out = Var(self.value + other.value, (self, other))

        def _backward():
            self.grad += fit(out.grad, self.value.shape)
            other.grad += fit(out.grad, other.value.shape)

        out._backward = _backward
        return out

    def __mul__(self, other):
        out = Var(self.value * other.value, (self, other))

        def _backward():
            self.grad += fit(other.value * out.grad, self.value.shape)
            other.grad += fit(self.value * out.grad, other.value.shape)

        out._backward = _backward
        return out

    def __matmul__(self, other):
        out = Var(self.value @ other.value, (self, other))

        def _backward():
            self.grad += out.grad @ other.value.T
            other.grad += self.value.T @ out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Var(np.where(self.value > 0, self.value, 0), (self,))

        def _backward():
            self.grad += (out.value > 0) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        topo = []
        visited = set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)

        build(self)
        self.grad = np.ones_like(self.value)
        for v in reversed(topo):
            v._backward()
