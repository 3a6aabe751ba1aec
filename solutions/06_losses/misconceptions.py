"""Wrong variants of 06_losses: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A6.1 Probabilities are not clipped, or at one end alone.


@misconception("A6.1")
class NoClip:
    """The formulas, written down as they stand."""

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)

    @staticmethod
    def d_bce(y, p):
        same_shape(y, p)
        return (p - y) / (p * (1 - p)) / len(y)

    @staticmethod
    def ce_sparse(y, P):
        return -np.mean(np.log(P[np.arange(len(y)), y]))

    @staticmethod
    def d_ce_sparse(y, P):
        rows = np.arange(len(y))
        slopes = np.zeros(P.shape)
        slopes[rows, y] = -1 / P[rows, y] / len(y)
        return slopes

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        return -np.sum(Y * np.log(P)) / len(Y)

    @staticmethod
    def d_ce_onehot(Y, P):
        same_shape(Y, P)
        return -Y / P / len(Y)

    @staticmethod
    def ce_from_logits(y, Z):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        return -np.mean(np.log(P[np.arange(len(y)), y]))


@misconception("A6.1")
def d_bce(y, p):
    same_shape(y, p)
    return (-y / p + (1 - y) / (1 - p)) / len(y)


@misconception("A6.1")
class ClipsZeroAlone:
    """The other end, p = 1, is as dangerous for log(1 - p)."""

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        p = np.maximum(p, EPS)
        return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)

    @staticmethod
    def d_bce(y, p):
        same_shape(y, p)
        p = np.maximum(p, EPS)
        return (p - y) / (p * (1 - p)) / len(y)


# A6.2 The form for two outcomes, used for several classes.


@misconception("A6.2")
class EveryColumnIsAYesOrNo:
    """log(1 - p) of all the other classes is added."""

    @staticmethod
    def ce_sparse(y, P):
        Y = np.eye(P.shape[1])[y]
        P = np.clip(P, EPS, 1 - EPS)
        return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / len(y)

    @staticmethod
    def d_ce_sparse(y, P):
        Y = np.eye(P.shape[1])[y]
        P = np.clip(P, EPS, 1 - EPS)
        return (P - Y) / (P * (1 - P)) / len(y)

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        P = np.clip(P, EPS, 1 - EPS)
        return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / len(Y)

    @staticmethod
    def d_ce_onehot(Y, P):
        same_shape(Y, P)
        P = np.clip(P, EPS, 1 - EPS)
        return (P - Y) / (P * (1 - P)) / len(Y)

    @staticmethod
    def ce_from_logits(y, Z):
        Y = np.eye(Z.shape[1])[y]
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = np.clip(P / P.sum(axis=1, keepdims=True), EPS, 1 - EPS)
        return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / len(y)


# A6.3 Another divisor than the number of samples.


@misconception("A6.3")
class Sums:
    """Nothing is divided by the number of samples."""

    @staticmethod
    def l1(y, p):
        same_shape(y, p)
        return np.sum(np.abs(p - y))

    @staticmethod
    def d_l1(y, p):
        same_shape(y, p)
        return np.sign(p - y)

    @staticmethod
    def l2(y, p):
        same_shape(y, p)
        return np.sum((p - y) ** 2) / 2

    @staticmethod
    def d_l2(y, p):
        same_shape(y, p)
        return p - y

    @staticmethod
    def mse(y, p):
        same_shape(y, p)
        return np.sum((p - y) ** 2)

    @staticmethod
    def d_mse(y, p):
        same_shape(y, p)
        return 2 * (p - y)

    @staticmethod
    def rmse(y, p):
        same_shape(y, p)
        return np.sqrt(np.sum((p - y) ** 2))

    @staticmethod
    def d_rmse(y, p):
        same_shape(y, p)
        distance = np.sqrt(np.sum((p - y) ** 2))
        if distance == 0:
            return np.zeros_like(p)
        return (p - y) / distance

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))

    @staticmethod
    def d_bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return (p - y) / (p * (1 - p))

    @staticmethod
    def ce_sparse(y, P):
        true = np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)
        return -np.sum(np.log(true))

    @staticmethod
    def d_ce_sparse(y, P):
        rows = np.arange(len(y))
        slopes = np.zeros(P.shape)
        slopes[rows, y] = -1 / np.clip(P[rows, y], EPS, 1 - EPS)
        return slopes

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        return -np.sum(Y * np.log(np.clip(P, EPS, 1 - EPS)))

    @staticmethod
    def d_ce_onehot(Y, P):
        same_shape(Y, P)
        return -Y / np.clip(P, EPS, 1 - EPS)

    @staticmethod
    def ce_from_logits(y, Z):
        Z = Z - Z.max(axis=1, keepdims=True)
        true = Z[np.arange(len(y)), y]
        return np.sum(np.log(np.exp(Z).sum(axis=1)) - true)

    @staticmethod
    def d_ce_from_logits(y, Z):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        P[np.arange(len(y)), y] -= 1
        return P


@misconception("A6.3")
class MeansOverAllEntries:
    """np.mean over a table: the number of columns divides, too."""

    @staticmethod
    def l1(y, p):
        same_shape(y, p)
        return np.sum(np.abs(p - y)) / y.size

    @staticmethod
    def d_l1(y, p):
        same_shape(y, p)
        return np.sign(p - y) / y.size

    @staticmethod
    def l2(y, p):
        same_shape(y, p)
        return np.sum((p - y) ** 2) / 2 / y.size

    @staticmethod
    def d_l2(y, p):
        same_shape(y, p)
        return (p - y) / y.size

    @staticmethod
    def mse(y, p):
        same_shape(y, p)
        return np.sum((p - y) ** 2) / y.size

    @staticmethod
    def d_mse(y, p):
        same_shape(y, p)
        return 2 * (p - y) / y.size

    @staticmethod
    def rmse(y, p):
        same_shape(y, p)
        return np.sqrt(np.sum((p - y) ** 2) / y.size)

    @staticmethod
    def d_rmse(y, p):
        same_shape(y, p)
        distance = np.sqrt(np.sum((p - y) ** 2) / y.size)
        if distance == 0:
            return np.zeros_like(p)
        return (p - y) / distance / y.size

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / y.size

    @staticmethod
    def d_bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return (p - y) / (p * (1 - p)) / y.size

    @staticmethod
    def ce_sparse(y, P):
        true = np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)
        return -np.sum(np.log(true)) / P.size

    @staticmethod
    def d_ce_sparse(y, P):
        rows = np.arange(len(y))
        slopes = np.zeros(P.shape)
        slopes[rows, y] = -1 / np.clip(P[rows, y], EPS, 1 - EPS) / P.size
        return slopes

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        return -np.sum(Y * np.log(np.clip(P, EPS, 1 - EPS))) / Y.size

    @staticmethod
    def d_ce_onehot(Y, P):
        same_shape(Y, P)
        return -Y / np.clip(P, EPS, 1 - EPS) / Y.size

    @staticmethod
    def ce_from_logits(y, Z):
        Z = Z - Z.max(axis=1, keepdims=True)
        true = Z[np.arange(len(y)), y]
        return np.sum(np.log(np.exp(Z).sum(axis=1)) - true) / Z.size

    @staticmethod
    def d_ce_from_logits(y, Z):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        P[np.arange(len(y)), y] -= 1
        return P / Z.size


@misconception("A6.3")
class DividesByColumns:
    """The other axis is taken for the samples."""

    @staticmethod
    def l1(y, p):
        same_shape(y, p)
        return np.sum(np.abs(p - y)) / y.shape[-1]

    @staticmethod
    def d_l1(y, p):
        same_shape(y, p)
        return np.sign(p - y) / y.shape[-1]

    @staticmethod
    def l2(y, p):
        same_shape(y, p)
        return np.sum((p - y) ** 2) / 2 / y.shape[-1]

    @staticmethod
    def d_l2(y, p):
        same_shape(y, p)
        return (p - y) / y.shape[-1]

    @staticmethod
    def mse(y, p):
        same_shape(y, p)
        return np.sum((p - y) ** 2) / y.shape[-1]

    @staticmethod
    def d_mse(y, p):
        same_shape(y, p)
        return 2 * (p - y) / y.shape[-1]

    @staticmethod
    def rmse(y, p):
        same_shape(y, p)
        return np.sqrt(np.sum((p - y) ** 2) / y.shape[-1])

    @staticmethod
    def d_rmse(y, p):
        same_shape(y, p)
        distance = np.sqrt(np.sum((p - y) ** 2) / y.shape[-1])
        if distance == 0:
            return np.zeros_like(p)
        return (p - y) / distance / y.shape[-1]

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / y.shape[-1]

    @staticmethod
    def d_bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return (p - y) / (p * (1 - p)) / y.shape[-1]

    @staticmethod
    def ce_sparse(y, P):
        true = np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)
        return -np.sum(np.log(true)) / P.shape[-1]

    @staticmethod
    def d_ce_sparse(y, P):
        rows = np.arange(len(y))
        slopes = np.zeros(P.shape)
        slopes[rows, y] = -1 / np.clip(P[rows, y], EPS, 1 - EPS) / P.shape[-1]
        return slopes

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        return -np.sum(Y * np.log(np.clip(P, EPS, 1 - EPS))) / Y.shape[-1]

    @staticmethod
    def d_ce_onehot(Y, P):
        same_shape(Y, P)
        return -Y / np.clip(P, EPS, 1 - EPS) / Y.shape[-1]

    @staticmethod
    def ce_from_logits(y, Z):
        Z = Z - Z.max(axis=1, keepdims=True)
        true = Z[np.arange(len(y)), y]
        return np.sum(np.log(np.exp(Z).sum(axis=1)) - true) / Z.shape[-1]

    @staticmethod
    def d_ce_from_logits(y, Z):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        P[np.arange(len(y)), y] -= 1
        return P / Z.shape[-1]


@misconception("A6.3")
class DistanceWithoutMean:
    """The length of the error vector, and its true slope."""

    @staticmethod
    def rmse(y, p):
        same_shape(y, p)
        return np.linalg.norm(p - y)

    @staticmethod
    def d_rmse(y, p):
        same_shape(y, p)
        distance = np.linalg.norm(p - y)
        return (p - y) / distance if distance > 0 else np.zeros_like(p)


@misconception("A6.3")
def d_rmse(y, p):
    distance = rmse(y, p)
    return (p - y) / distance if distance > 0 else np.zeros_like(p)


# A6.4 The standard deviation of the errors.


@misconception("A6.4")
def rmse(y, p):
    same_shape(y, p)
    return np.std(p - y)


@misconception("A6.4")
def rmse(y, p):
    same_shape(y, p)
    return np.std(p - y, ddof=1)


@misconception("A6.4")
def rmse(y, p):
    same_shape(y, p)
    e = p - y
    e = e - e.mean(axis=0)
    return np.sqrt(np.sum(e**2) / len(y))


@misconception("A6.4")
class ScatterAndItsSlope:
    """The mean error is subtracted in both."""

    @staticmethod
    def rmse(y, p):
        same_shape(y, p)
        return np.sqrt(np.mean((p - y) ** 2) - np.mean(p - y) ** 2)

    @staticmethod
    def d_rmse(y, p):
        same_shape(y, p)
        centred = (p - y) - np.mean(p - y)
        scatter = np.sqrt(np.mean(centred**2))
        return centred / (len(y) * scatter) if scatter > 0 else np.zeros_like(p)


# A6.5 A column against a row is not noticed.


@misconception("A6.5")
def same_shape(y, p):
    return None


@misconception("A6.5")
class OnlyCountsRows:
    """(n, 1) and (n,) have as many rows, and are taken for the same."""

    @staticmethod
    def l1(y, p):
        if len(y) != len(p):
            raise ValueError("not as many targets as predictions")
        return np.mean(np.abs(y - p).reshape(len(y), -1).sum(axis=1))

    @staticmethod
    def mse(y, p):
        if len(y) != len(p):
            raise ValueError("not as many targets as predictions")
        return np.sum((y - p) ** 2) / len(y)

    @staticmethod
    def d_mse(y, p):
        if len(y) != len(p):
            raise ValueError("not as many targets as predictions")
        return 2 / len(y) * (p - y)


# A6.6 Prediction and target exchanged.


@misconception("A6.6")
def bce(y, p):
    same_shape(y, p)
    y = np.clip(y, EPS, 1 - EPS)
    return -np.sum(p * np.log(y) + (1 - p) * np.log(1 - y)) / len(y)


@misconception("A6.6")
def bce(y, p):
    same_shape(y, p)
    return -np.sum(p * np.log(y) + (1 - p) * np.log(1 - y)) / len(y)


@misconception("A6.6")
def bce(y, p):
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return -np.sum(p * np.log(y + EPS) + (1 - p) * np.log(1 - y + EPS)) / len(y)


@misconception("A6.6")
def d_bce(y, p):
    same_shape(y, p)
    y = np.clip(y, EPS, 1 - EPS)
    return (y - p) / (y * (1 - y)) / len(y)


@misconception("A6.6")
def ce_onehot(Y, P):
    same_shape(Y, P)
    return -np.sum(P * np.log(np.clip(Y, EPS, 1 - EPS))) / len(Y)


@misconception("A6.6")
def ce_onehot(Y, P):
    same_shape(Y, P)
    return -np.sum(P * np.log(Y)) / len(Y)


# A6.7 Another logarithm, or no minus.


@misconception("A6.7")
class LogToBaseTen:
    """np.log10 in the place of np.log."""

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return -np.sum(y * np.log10(p) + (1 - y) * np.log10(1 - p)) / len(y)

    @staticmethod
    def ce_sparse(y, P):
        return -np.mean(np.log10(np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)))

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        return -np.sum(Y * np.log10(np.clip(P, EPS, 1 - EPS))) / len(Y)

    @staticmethod
    def ce_from_logits(y, Z):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        return -np.mean(np.log10(np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)))


@misconception("A6.7")
class LogToBaseTwo:
    """Surprise in bits: np.log2 in the place of np.log."""

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return -np.sum(y * np.log2(p) + (1 - y) * np.log2(1 - p)) / len(y)

    @staticmethod
    def ce_sparse(y, P):
        return -np.mean(np.log2(np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)))

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        return -np.sum(Y * np.log2(np.clip(P, EPS, 1 - EPS))) / len(Y)

    @staticmethod
    def ce_from_logits(y, Z):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        return -np.mean(np.log2(np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)))


@misconception("A6.7")
class NoMinus:
    """The better the prediction, the larger the number: the gradient points the wrong way."""

    @staticmethod
    def bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)

    @staticmethod
    def d_bce(y, p):
        same_shape(y, p)
        p = np.clip(p, EPS, 1 - EPS)
        return (y / p - (1 - y) / (1 - p)) / len(y)

    @staticmethod
    def ce_sparse(y, P):
        return np.mean(np.log(np.clip(P[np.arange(len(y)), y], EPS, 1 - EPS)))

    @staticmethod
    def d_ce_sparse(y, P):
        rows = np.arange(len(y))
        slopes = np.zeros(P.shape)
        slopes[rows, y] = 1 / np.clip(P[rows, y], EPS, 1 - EPS) / len(y)
        return slopes

    @staticmethod
    def ce_onehot(Y, P):
        same_shape(Y, P)
        return np.sum(Y * np.log(np.clip(P, EPS, 1 - EPS))) / len(Y)

    @staticmethod
    def d_ce_onehot(Y, P):
        same_shape(Y, P)
        return Y / np.clip(P, EPS, 1 - EPS) / len(Y)

    @staticmethod
    def ce_from_logits(y, Z):
        Z = Z - Z.max(axis=1, keepdims=True)
        return np.mean(Z[np.arange(len(y)), y] - np.log(np.exp(Z).sum(axis=1)))

    @staticmethod
    def d_ce_from_logits(y, Z):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        return (np.eye(Z.shape[1])[y] - P) / len(y)


# A6.8 A penalty on weights in the place of a distance, or added to it.


@misconception("A6.8")
class PenaltyOfTheSecondArgument:
    """Sums over what is taken for weights: the targets play no part."""

    @staticmethod
    def l1(y, p):
        same_shape(y, p)
        return np.sum(np.abs(p))

    @staticmethod
    def d_l1(y, p):
        same_shape(y, p)
        return np.sign(p)

    @staticmethod
    def l2(y, p):
        same_shape(y, p)
        return np.sum(p**2) / 2

    @staticmethod
    def d_l2(y, p):
        same_shape(y, p)
        return 1.0 * p


@misconception("A6.8")
class FullSquaresOfTheSecondArgument:
    """The same, with squares that are not halved."""

    @staticmethod
    def l2(y, p):
        same_shape(y, p)
        return np.sum(p**2)

    @staticmethod
    def d_l2(y, p):
        same_shape(y, p)
        return 2 * p


@misconception("A6.8")
class MeanSizeOfTheSecondArgument:
    """The same, divided by the number of rows."""

    @staticmethod
    def l1(y, p):
        same_shape(y, p)
        return np.sum(np.abs(p)) / len(p)

    @staticmethod
    def d_l1(y, p):
        same_shape(y, p)
        return np.sign(p) / len(p)

    @staticmethod
    def l2(y, p):
        same_shape(y, p)
        return np.sum(p**2) / (2 * len(p))

    @staticmethod
    def d_l2(y, p):
        same_shape(y, p)
        return p / len(p)


@misconception("A6.8")
class LossAndPenalty:
    """The right loss, and a penalty on top."""

    @staticmethod
    def l1(y, p):
        same_shape(y, p)
        return np.sum(np.abs(p - y)) / len(y) + np.sum(np.abs(p))

    @staticmethod
    def l2(y, p):
        same_shape(y, p)
        return np.sum((p - y) ** 2) / (2 * len(y)) + np.sum(p**2) / 2
