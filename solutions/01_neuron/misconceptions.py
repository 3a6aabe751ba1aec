"""Wrong variants of 01_neuron: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A1.1 The slope's form in a, used on z.


@misconception("A1.1")
def d_sigmoid(z):
    return z * (1 - z)


@misconception("A1.1")
def d_tanh(z):
    return 1 - z**2


# A1.2 The activation function applied to what is an activation already.


@misconception("A1.2")
def d_sigmoid(z):
    a = sigmoid(z)
    return sigmoid(a) * (1 - sigmoid(a))


@misconception("A1.2")
def d_tanh(z):
    return 1 - tanh(tanh(z)) ** 2


# A1.3 e to a large power overflows.


@misconception("A1.3")
class OverflowInSigmoid:
    """The slope is right, but it is computed from an unsafe curve."""

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    @staticmethod
    def d_sigmoid(z):
        a = sigmoid(z)
        return a * (1 - a)


@misconception("A1.3")
class OverflowOnTheRight:
    """The other form, which is unsafe at the other end."""

    @staticmethod
    def sigmoid(z):
        return np.exp(z) / (1 + np.exp(z))

    @staticmethod
    def d_sigmoid(z):
        a = sigmoid(z)
        return a * (1 - a)


@misconception("A1.3")
class BothFormsForAllEntries:
    """np.where chooses the right one, but both have been computed."""

    @staticmethod
    def sigmoid(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

    @staticmethod
    def d_sigmoid(z):
        a = sigmoid(z)
        return a * (1 - a)


@misconception("A1.3")
def d_sigmoid(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@misconception("A1.3")
def d_sigmoid(z):
    return np.exp(z) / (1 + np.exp(z)) ** 2


@misconception("A1.3")
class OverflowInTanh:
    """The definition, written down as it stands."""

    @staticmethod
    def tanh(z):
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))

    @staticmethod
    def d_tanh(z):
        return 1 - tanh(z) ** 2


@misconception("A1.3")
def d_tanh(z):
    return 1 / np.cosh(z) ** 2


# A1.4 For single numbers, or rows of them, only.


@misconception("A1.4")
def relu(z):
    return [max(0.0, value) for value in z]


@misconception("A1.4")
def relu(z):
    return max(0.0, z)


# A1.5 The argument is overwritten.


@misconception("A1.5")
def relu(z):
    z[z < 0] = 0.0
    return z


@misconception("A1.5")
def d_relu(z):
    z[z <= 0] = 0.0
    z[z > 0] = 1.0
    return z


@misconception("A1.5")
def sigmoid(z):
    np.clip(z, -500, 500, out=z)
    return 1 / (1 + np.exp(-z))


# A1.6 Another slope at 0, True and False, or a slope of -1 on the left.


@misconception("A1.6")
def d_relu(z):
    return np.where(z >= 0, 1.0, 0.0)


@misconception("A1.6")
def d_relu(z):
    return z > 0


@misconception("A1.6")
def d_relu(z):
    return np.where(z > 0, 1.0, -1.0)


# A1.7 tanh from sigmoid without the inner 2.


@misconception("A1.7")
class HalfAsSteep:
    """The slope follows from the curve, and is wrong with it."""

    @staticmethod
    def tanh(z):
        return 2 * sigmoid(z) - 1

    @staticmethod
    def d_tanh(z):
        return 1 - tanh(z) ** 2
