"""Right, with einsum, and a collapse that asks the chain about 0 and the unit vectors."""

import numpy as np


def same(z):
    return z


def hidden(X):
    s = X.sum(axis=1, keepdims=True)
    return np.concatenate([s > 0.5, s < 1.5], axis=1).astype(np.int8)


def xor_net(X, params):
    (W, b), (w, c) = params
    H = np.einsum("nd,dh->nh", X, W) + b >= 0
    return (np.einsum("nh,h->n", H, w) + c >= 0).astype(np.float32)


def mlp_forward(X, params, activations):
    cache = [(X, X)]
    for (W, b), f in zip(params, activations):
        Z = np.einsum("ni,io->no", cache[-1][1], W) + b
        cache.append((Z, f(Z)))
    return cache[-1][1], cache[1:]


def collapse_linear(params):
    d = params[0][0].shape[0]
    b, _ = mlp_forward(np.zeros((1, d)), params, [same] * len(params))
    rows, _ = mlp_forward(np.eye(d), params, [same] * len(params))
    return rows - b, b[0]
