"""Right, by recursion over the layers, from the last to the first."""

import numpy as np


def step(z):
    return 1.0 * (z >= 0)


def hidden(X):
    out, _ = mlp_forward(X, [(np.array([[1.0, -1.0], [1.2, -1.0]]), np.array([-0.5, 1.5]))], [step])
    return out


def xor_net(X, params):
    first, (w, c) = params
    out, _ = mlp_forward(X, [first, (w.reshape(-1, 1), np.array([c]))], [step, step])
    return out[:, 0]


def mlp_forward(X, params, activations):
    if not params:
        return X, []
    *before, (W, b) = params
    A, cache = mlp_forward(X, before, activations[: len(before)])
    Z = A @ W + b
    out = activations[-1](Z)
    return out, cache + [(Z, out)]


def collapse_linear(params):
    if len(params) == 1:
        return params[0]
    *before, (W, b) = params
    V, u = collapse_linear(before)
    return V @ W, u @ W + b
