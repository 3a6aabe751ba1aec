"""Right, in plain Python: loops over rows and columns, math, lists turned into arrays."""

import math

import numpy as np


def relu(z):
    return np.maximum(z, 0.0)


def layer(X, W, b, f):
    n, d_out = X.shape[0], W.shape[1]
    Z = np.zeros((n, d_out))
    for i in range(n):
        for j in range(d_out):
            total = b[j]
            for k in range(X.shape[1]):
                total += X[i, k] * W[k, j]
            Z[i, j] = total
    return f(Z)


def forward(X, params):
    for i in range(len(params)):
        W = params[i]["W"]
        b = params[i]["b"]
        if i == len(params) - 1:
            X = layer(X, W, b, lambda z: z)
        else:
            X = layer(X, W, b, relu)
    return X


def softmax_of_list(row):
    top = max(row)
    powers = [math.exp(value - top) for value in row]
    total = sum(powers)
    return [power / total for power in powers]


def log_softmax_of_list(row):
    top = max(row)
    total = 0
    for value in row:
        total += math.exp(value - top)
    return [value - top - math.log(total) for value in row]


def along(function, Z, axis):
    moved = np.moveaxis(Z, axis, -1)
    out = np.zeros(moved.shape)
    for place in np.ndindex(moved.shape[:-1]):
        out[place] = function(list(moved[place]))
    return np.moveaxis(out, -1, axis)


def softmax(Z, axis=-1):
    return along(softmax_of_list, Z, axis)


def log_softmax(Z, axis=-1):
    return along(log_softmax_of_list, Z, axis)


def softmax_jacobian(z):
    s = softmax_of_list(list(z))
    table = []
    for i in range(len(s)):
        row = []
        for j in range(len(s)):
            if i == j:
                row.append(s[i] * (1 - s[i]))
            else:
                row.append(-s[i] * s[j])
        table.append(row)
    return np.array(table)


def logit(p):
    out = np.zeros(p.shape)
    for place in np.ndindex(p.shape):
        q = min(max(p[place], 1e-12), 1 - 1e-12)
        out[place] = math.log(q) - math.log(1 - q)
    return out


def probabilities(Z):
    if Z.shape[1] == 1:
        out = []
        for (z,) in Z.tolist():
            if z >= 0:
                out.append([1 / (1 + math.exp(-z))])
            else:
                out.append([math.exp(z) / (1 + math.exp(z))])
        return np.array(out)
    return np.array([softmax_of_list(row) for row in Z.tolist()])


def param_count(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total = total + sizes[i - 1] * sizes[i]
        total = total + sizes[i]
    return total
