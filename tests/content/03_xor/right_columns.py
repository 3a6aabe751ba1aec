"""Right, computed with columns as samples inside, and turned round at the door."""

import numpy as np


def hidden(X):
    W = np.array([[2.0, 2.0], [-2.0, -2.0]])  # one row for each unit
    b = np.array([[-1.0], [3.0]])
    Z = W @ X.T + b
    return (Z >= 0).T.astype(float)


def xor_net(X, params):
    (W, b), (w, c) = params
    H = (W.T @ X.T + b.reshape(-1, 1) >= 0).astype(float)
    y = w.reshape(1, -1) @ H + c
    return np.heaviside(y, 1.0).ravel()


def mlp_forward(X, params, activations):
    A = X.T
    cache = []
    for (W, b), f in zip(params, activations):
        Z = np.dot(W.T, A) + b[:, np.newaxis]
        A = f(Z)
        cache.append((Z.T, A.T))
    return A.T, cache


def collapse_linear(params):
    W, b = params[0][0].T, params[0][1][:, None]
    for V, u in params[1:]:
        W, b = V.T @ W, V.T @ b + u[:, None]
    return W.T, b.ravel()
