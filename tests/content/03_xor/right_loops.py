"""Right, in plain Python: loops over rows, units and inputs, lists turned into arrays."""

import numpy as np


def fires(z):
    if z >= 0:
        return 1
    else:
        return 0


def hidden(X):
    table = []
    for row in X:
        x1, x2 = row
        table.append([fires(x1 + x2 - 0.5), fires(1.5 - x1 - x2)])
    return np.array(table)


def xor_net(X, params):
    W, b = params[0]
    w, c = params[1]
    answers = []
    for i in range(len(X)):
        total = c
        for j in range(len(b)):
            z = b[j]
            for k in range(len(X[i])):
                z += X[i][k] * W[k][j]
            total += w[j] * fires(z)
        answers.append(fires(total))
    return np.array(answers)


def mlp_forward(X, params, activations):
    cache = []
    current = X
    for layer in range(len(params)):
        W, b = params[layer]
        f = activations[layer]
        Z = np.zeros((len(current), len(b)))
        A = np.zeros((len(current), len(b)))
        for i in range(len(current)):
            for j in range(len(b)):
                z = b[j]
                for k in range(W.shape[0]):
                    z = z + current[i, k] * W[k, j]
                Z[i, j] = z
                A[i, j] = f(z)
        cache.append((Z, A))
        current = A
    return current, cache


def collapse_linear(params):
    W = params[0][0]
    b = params[0][1]
    i = 1
    while i < len(params):
        V, u = params[i]
        new_W = np.zeros((W.shape[0], V.shape[1]))
        new_b = np.zeros(V.shape[1])
        for j in range(V.shape[1]):
            new_b[j] = u[j]
            for k in range(V.shape[0]):
                new_b[j] += b[k] * V[k, j]
                for m in range(W.shape[0]):
                    new_W[m, j] += W[m, k] * V[k, j]
        W, b = new_W, new_b
        i = i + 1
    return W, b
