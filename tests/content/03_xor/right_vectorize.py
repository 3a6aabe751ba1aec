"""Right, with np.vectorize, np.tile for the bias, multi_dot and matrix products as sums."""

import numpy as np

unit = np.vectorize(lambda z: 1.0 if z >= 0 else 0.0, otypes=[float])


def hidden(X):
    x1, x2 = X.T
    return np.array([unit(x1 + x2 - 0.5), unit(-x1 - x2 + 1.5)]).transpose()


def xor_net(X, params):
    [W, b], [w, c] = params
    H = unit(np.matmul(X, W) + np.tile(b, (X.shape[0], 1)))
    return unit(np.sum(H * w, axis=-1) + c)


def mlp_forward(X, params, activations):
    Zs, As = [], []
    A = X
    for W, b in params:
        f = np.vectorize(activations[len(Zs)], otypes=[float])
        Z = np.tensordot(A, W, axes=1) + np.outer(np.ones(len(A)), b)
        A = f(Z)
        Zs += [Z]
        As += [A]
    return A, [(z, a) for z, a in zip(Zs, As)]


def collapse_linear(params):
    matrices = [W for W, _ in params]
    W = np.linalg.multi_dot(matrices) if len(matrices) > 1 else matrices[0]
    b = sum(
        u @ np.linalg.multi_dot([np.eye(len(u)), *matrices[i + 1 :]]) if matrices[i + 1 :] else u
        for i, (_, u) in enumerate(params)
    )
    return W, b
