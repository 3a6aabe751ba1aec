"""Right, with every bias as one more row of weights, for an input that is always 1."""

import numpy as np


def with_ones(X):
    return np.column_stack([X, np.ones(len(X))])


def joined(W, b):
    return np.vstack([W, b])


def hidden(X):
    weights = np.array([[10, -10], [10, -10], [-5, 15]])
    return (with_ones(X) @ weights >= 0).astype(int)


def xor_net(X, params):
    (W, b), (w, c) = params
    H = with_ones(X) @ joined(W, b) >= 0
    return np.where(with_ones(H) @ np.append(w, c) < 0, 0, 1)


def mlp_forward(X, params, activations):
    zs, activated = [], [X]
    for number, (W, b) in enumerate(params):
        zs.append(with_ones(activated[-1]) @ joined(W, b))
        activated.append(activations[number](zs[-1]))
    return activated[-1], list(zip(zs, activated[1:]))


def collapse_linear(params):
    squares = []
    for W, b in params:
        last = np.zeros(len(W) + 1)
        last[-1] = 1
        squares.append(np.column_stack([joined(W, b), last]))
    M = squares[0]
    for square in squares[1:]:
        M = M @ square
    return M[:-1, :-1], M[-1, :-1]
