"""Wrong variants of 03_xor: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A3.1 Nothing bends between the layers.


@misconception("A3.1")
def hidden(X):
    W = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, 1.5])
    return X @ W + b


@misconception("A3.1")
def xor_net(X, params):
    (W, b), (w, c) = params
    H = X @ W + b
    return step(H @ w + c)


@misconception("A3.1")
def mlp_forward(X, params, activations):
    A, cache = X, []
    for W, b in params:
        Z = A @ W + b
        A = Z
        cache.append((Z, A))
    A = activations[-1](Z)
    cache[-1] = (Z, A)
    return A, cache


@misconception("A3.1")
def mlp_forward(X, params, activations):
    A, cache = X, []
    for W, b in params:
        Z = A @ W + b
        A = Z
        cache.append((Z, A))
    return A, cache


@misconception("A3.1")
def mlp_forward(X, params, activations):
    A, cache = X, []
    for (W, b), f in zip(params, activations, strict=True):
        Z = A @ W + b
        cache.append((Z, f(Z)))
        A = Z
    return cache[-1][1], cache


# A3.2 Hidden units that are gates, but not the two whose AND is XOR.


@misconception("A3.2")
def hidden(X):
    W = np.array([[-1.0, -1.0], [-1.0, -1.0]])
    b = np.array([1.5, 1.5])
    return step(X @ W + b)


@misconception("A3.2")
def hidden(X):
    W = np.array([[1.0, 1.0], [1.0, 1.0]])
    b = np.array([-0.5, -1.5])
    return step(X @ W + b)


@misconception("A3.2")
def hidden(X):
    W = np.array([[-1.0, 1.0], [-1.0, 1.0]])
    b = np.array([1.5, -0.5])
    return step(X @ W + b)


@misconception("A3.2")
def hidden(X):
    W = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, 0.5])
    return step(X @ W + b)


@misconception("A3.2")
def hidden(X):
    W = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-1.5, 1.5])
    return step(X @ W + b)


@misconception("A3.2")
def xor_net(X, params):
    nand = step(1.5 - X.sum(axis=1))
    return step(nand + nand - 1.5)


# A3.3 Weights taken as transposed.


@misconception("A3.3")
def hidden(X):
    W = np.array([[1.0, 1.0], [-1.0, -1.0]])
    b = np.array([-0.5, 1.5])
    return step(X @ W + b)


@misconception("A3.3")
def xor_net(X, params):
    (W, b), (w, c) = params
    H = step(X @ W.T + b)
    return step(H @ w + c)


@misconception("A3.3")
def mlp_forward(X, params, activations):
    A, cache = X, []
    for (W, b), f in zip(params, activations, strict=True):
        Z = A @ W.T + b
        A = f(Z)
        cache.append((Z, A))
    return A, cache


@misconception("A3.3")
def collapse_linear(params):
    W, b = params[0]
    for next_W, next_b in params[1:]:
        W, b = next_W @ W, next_W @ b + next_b
    return W, b


# A3.4 The bias added along the samples.


@misconception("A3.4")
def hidden(X):
    W = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, 1.5])
    return step(W.T @ X.T + b).T


@misconception("A3.4")
def xor_net(X, params):
    (W, b), (w, c) = params
    H = step(W.T @ X.T + b)
    return step(w @ H + c)


@misconception("A3.4")
def mlp_forward(X, params, activations):
    A, cache = X, []
    for (W, b), f in zip(params, activations, strict=True):
        Z = A @ W + b[:, None]
        A = f(Z)
        cache.append((Z, A))
    return A, cache


# A3.5 A loop over the samples that always looks at the first one.


@misconception("A3.5")
def hidden(X):
    W = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, 1.5])
    return np.array([step(X[0] @ W + b) for x in X])


@misconception("A3.5")
def xor_net(X, params):
    (W, b), (w, c) = params
    answers = []
    for _ in range(len(X)):
        h = step(X[0] @ W + b)
        answers.append(step(h @ w + c))
    return np.array(answers)


@misconception("A3.5")
def mlp_forward(X, params, activations):
    A, cache = X, []
    for (W, b), f in zip(params, activations, strict=True):
        Z = np.array([A[0] @ W + b for a in A])
        A = f(Z)
        cache.append((Z, A))
    return A, cache


# A3.6 Equal weights make equal units.


@misconception("A3.6")
def hidden(X):
    W = np.zeros((2, 2))
    b = np.zeros(2)
    return step(X @ W + b)


@misconception("A3.6")
def hidden(X):
    W = np.ones((2, 2))
    b = np.array([-0.5, -0.5])
    return step(X @ W + b)


@misconception("A3.6")
def hidden(X):
    W = np.ones((2, 2))
    b = np.array([-1.5, -1.5])
    return step(X @ W + b)
