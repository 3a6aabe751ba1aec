# loses: hidden xor_net mlp_forward collapse_linear
# named: tuple_for_array reshaped parts
"""The right numbers as a tuple, as a column, and in another order."""

import numpy as np


def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def hidden(X):
    W = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, 1.5])
    H = step(X @ W + b)
    return H[:, 0], H[:, 1]


def xor_net(X, params):
    (W, b), (w, c) = params
    H = step(X @ W + b)
    return step(H @ w.reshape(-1, 1) + c)


def mlp_forward(X, params, activations):
    A = X
    cache = []
    for (W, b), f in zip(params, activations):
        Z = A @ W + b
        A = f(Z)
        cache.append((Z, A))
    return cache, A


def collapse_linear(params):
    W, b = params[0]
    for W2, b2 in params[1:]:
        W = W @ W2
        b = b @ W2 + b2
    return b, W
