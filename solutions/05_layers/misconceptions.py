"""Wrong variants of 05_layers: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A5.1 The sums run along another axis than the one given.


@misconception("A5.1")
class SoftmaxOfColumns:
    """Each column adds up to 1, and what is built on it goes wrong with it."""

    @staticmethod
    def softmax(Z, axis=0):
        E = np.exp(Z - np.max(Z, axis=0, keepdims=True))
        return E / np.sum(E, axis=0, keepdims=True)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.1")
class SoftmaxOfTheWholeTable:
    """One maximum and one sum for all rows together."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z - np.max(Z))
        return E / np.sum(E)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.1")
def softmax(Z, axis=-1):
    E = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return E / np.sum(E, axis=-1, keepdims=True)


@misconception("A5.1")
class SoftmaxOfTablesOnly:
    """The axis is 1, whatever the caller says; a single row has none."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
        return E / np.sum(E, axis=1, keepdims=True)

    @staticmethod
    def softmax_jacobian(z):
        s = softmax(z)
        return np.diag(s) - np.outer(s, s)


@misconception("A5.1")
def log_softmax(Z, axis=0):
    shifted = Z - np.max(Z, axis=0, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))


@misconception("A5.1")
def log_softmax(Z, axis=-1):
    shifted = Z - np.max(Z)
    return shifted - np.log(np.sum(np.exp(shifted)))


@misconception("A5.1")
def log_softmax(Z, axis=-1):
    shifted = Z - np.max(Z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@misconception("A5.1")
def log_softmax(Z, axis=-1):
    shifted = Z - np.max(Z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


# A5.2 e to a large score overflows: no maximum is subtracted, or not that of the row.


@misconception("A5.2")
class SoftmaxAsDefined:
    """The formula as it stands; what is built on it overflows with it."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z)
        return E / np.sum(E, axis=axis, keepdims=True)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.2")
class SoftmaxShiftedByTheTablesMaximum:
    """A row far below the greatest score of all comes to 0 / 0."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z - np.max(Z))
        return E / np.sum(E, axis=axis, keepdims=True)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.2")
def log_softmax(Z, axis=-1):
    return Z - np.log(np.sum(np.exp(Z), axis=axis, keepdims=True))


@misconception("A5.2")
def log_softmax(Z, axis=-1):
    E = np.exp(Z)
    return np.log(E / np.sum(E, axis=axis, keepdims=True))


@misconception("A5.2")
def log_softmax(Z, axis=-1):
    shifted = Z - np.max(Z)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


@misconception("A5.2")
def probabilities(Z):
    if Z.shape[1] > 1:
        return softmax(Z)
    return 1 / (1 + np.exp(-Z))


# A5.3 The sum, or the maximum, loses its axis.


@misconception("A5.3")
class SumWithoutItsAxis:
    """An error, or, for a square table, a division by the sums of other rows."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
        return E / np.sum(E, axis=axis)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.3")
class SumWithoutItsAxisOrAShift:
    """The same without a maximum: what large scores do is told once this is mended."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z)
        return E / np.sum(E, axis=axis)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.3")
class NeitherKeepsItsAxis:
    """The maximum is subtracted from other rows, too."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z - np.max(Z, axis=axis))
        return E / np.sum(E, axis=axis)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.3")
class MaximumWithoutItsAxis:
    """The sum is right, but the shift is that of other rows."""

    @staticmethod
    def softmax(Z, axis=-1):
        E = np.exp(Z - np.max(Z, axis=axis))
        return E / np.sum(E, axis=axis, keepdims=True)

    @staticmethod
    def probabilities(Z):
        if Z.shape[1] > 1:
            return softmax(Z)
        return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]


@misconception("A5.3")
def log_softmax(Z, axis=-1):
    shifted = Z - np.max(Z, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis))


@misconception("A5.3")
def log_softmax(Z, axis=-1):
    shifted = Z - np.max(Z, axis=axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis))


@misconception("A5.3")
def log_softmax(Z, axis=-1):
    return Z - np.log(np.sum(np.exp(Z), axis=axis))


# A5.4 The logarithm of p alone, or to another base.


@misconception("A5.4")
def logit(p):
    return np.log(np.clip(p, EPS, 1 - EPS))


@misconception("A5.4")
def logit(p):
    p = np.clip(p, EPS, 1 - EPS)
    return np.log10(p / (1 - p))


@misconception("A5.4")
def logit(p):
    p = np.clip(p, EPS, 1 - EPS)
    return np.log2(p / (1 - p))


@misconception("A5.4")
def logit(p):
    p = np.clip(p, EPS, 1 - EPS)
    return p / (1 - p)


# A5.5 Only the diagonal, as if each probability depended on its own score alone.


@misconception("A5.5")
def softmax_jacobian(z):
    s = softmax(z)
    return s * (1 - s)


@misconception("A5.5")
def softmax_jacobian(z):
    s = softmax(z)
    return np.diag(s * (1 - s))


# A5.6 Softmax where it does not belong: on one unit, or behind hidden layers.


@misconception("A5.6")
def probabilities(Z):
    return softmax(Z)


@misconception("A5.6")
def forward(X, params):
    A = X
    for hidden in params[:-1]:
        A = layer(A, hidden["W"], hidden["b"], softmax)
    return layer(A, params[-1]["W"], params[-1]["b"], linear)


@misconception("A5.6")
def forward(X, params):
    for each in params:
        X = layer(X, each["W"], each["b"], softmax)
    return X


# A5.7 The input layer has weights or biases of its own.


@misconception("A5.7")
def param_count(sizes):
    total = sum(sizes)
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i]
    return total


@misconception("A5.7")
def param_count(sizes):
    total, d_in = 0, sizes[0]
    for d_out in sizes:
        total += d_in * d_out + d_out
        d_in = d_out
    return total
