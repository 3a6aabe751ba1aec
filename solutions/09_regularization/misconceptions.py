"""Wrong variants of 09_regularization: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A9.1 Biases are penalised too.


@misconception("A9.1")
class BiasesPenalised:
    """Consistent with itself: penalties, gradients and all that is built on them."""

    @staticmethod
    def l1_penalty(params, lam):
        return lam * sum(np.abs(W).sum() + np.abs(b).sum() for W, b in params)

    @staticmethod
    def d_l1_penalty(params, lam):
        return [(lam * np.sign(W), lam * np.sign(b)) for W, b in params]

    @staticmethod
    def l2_penalty(params, lam):
        return lam * sum((W**2).sum() + (b**2).sum() for W, b in params)

    @staticmethod
    def d_l2_penalty(params, lam):
        return [(2 * lam * W, 2 * lam * b) for W, b in params]

    @staticmethod
    def add_penalty(loss, grads, params, lam, kind):
        if kind == "l1":
            penalty, slopes = l1_penalty(params, lam), d_l1_penalty(params, lam)
        else:
            penalty, slopes = l2_penalty(params, lam), d_l2_penalty(params, lam)
        pairs = zip(grads, slopes, strict=True)
        return loss + penalty, [(dW + sW, db + sb) for (dW, db), (sW, sb) in pairs]


@misconception("A9.1")
def l1_penalty(params, lam):
    return lam * sum(np.abs(W).sum() + np.abs(b).sum() for W, b in params)


@misconception("A9.1")
def l2_penalty(params, lam):
    return lam * sum((W**2).sum() + (b**2).sum() for W, b in params)


@misconception("A9.1")
def d_l1_penalty(params, lam):
    return [(lam * np.sign(W), lam * np.sign(b)) for W, b in params]


@misconception("A9.1")
def d_l2_penalty(params, lam):
    return [(2 * lam * W, 2 * lam * b) for W, b in params]


@misconception("A9.1")
def proximal_step(params, lr, lam, kind):
    def shrunk(w):
        if kind == "l1":
            return np.sign(w) * np.maximum(np.abs(w) - lr * lam, 0.0)
        return w / (1 + 2 * lr * lam)

    return [(shrunk(W), shrunk(b)) for W, b in params]


# A9.2 Penalty and gradient of different forms: one with the factor 1/2, one without.


@misconception("A9.2")
class GradientWithoutTheTwo:
    """The gradient of lam/2 * w^2, beside a penalty without the half."""

    @staticmethod
    def d_l2_penalty(params, lam):
        return [(lam * W, np.zeros_like(b)) for W, b in params]

    @staticmethod
    def add_penalty(loss, grads, params, lam, kind):
        if kind == "l1":
            penalty, slopes = l1_penalty(params, lam), d_l1_penalty(params, lam)
        else:
            penalty, slopes = l2_penalty(params, lam), d_l2_penalty(params, lam)
        pairs = zip(grads, slopes, strict=True)
        return loss + penalty, [(dW + sW, db + sb) for (dW, db), (sW, sb) in pairs]


@misconception("A9.2")
class PenaltyWithAHalf:
    """The penalty lam/2 * w^2, beside the gradient of one without the half."""

    @staticmethod
    def l2_penalty(params, lam):
        return lam / 2 * sum((W**2).sum() for W, _ in params)

    @staticmethod
    def add_penalty(loss, grads, params, lam, kind):
        if kind == "l1":
            penalty, slopes = l1_penalty(params, lam), d_l1_penalty(params, lam)
        else:
            penalty, slopes = l2_penalty(params, lam), d_l2_penalty(params, lam)
        pairs = zip(grads, slopes, strict=True)
        return loss + penalty, [(dW + sW, db + sb) for (dW, db), (sW, sb) in pairs]


@misconception("A9.2")
class TheOtherForm:
    """Both of the form with the half: consistent, but another penalty than the course's."""

    @staticmethod
    def l2_penalty(params, lam):
        return lam / 2 * sum((W**2).sum() for W, _ in params)

    @staticmethod
    def d_l2_penalty(params, lam):
        return [(lam * W, np.zeros_like(b)) for W, b in params]

    @staticmethod
    def add_penalty(loss, grads, params, lam, kind):
        if kind == "l1":
            penalty, slopes = l1_penalty(params, lam), d_l1_penalty(params, lam)
        else:
            penalty, slopes = l2_penalty(params, lam), d_l2_penalty(params, lam)
        pairs = zip(grads, slopes, strict=True)
        return loss + penalty, [(dW + sW, db + sb) for (dW, db), (sW, sb) in pairs]


@misconception("A9.2")
def proximal_step(params, lr, lam, kind):
    if kind == "l1":
        return [(np.sign(W) * np.maximum(np.abs(W) - lr * lam, 0.0), b) for W, b in params]
    return [(W / (1 + lr * lam), b) for W, b in params]


# A9.3 The penalty in the gradient only, or in the loss only.


@misconception("A9.3")
def add_penalty(loss, grads, params, lam, kind):
    slopes = d_l1_penalty(params, lam) if kind == "l1" else d_l2_penalty(params, lam)
    pairs = zip(grads, slopes, strict=True)
    return loss, [(dW + sW, db + sb) for (dW, db), (sW, sb) in pairs]


@misconception("A9.3")
def add_penalty(loss, grads, params, lam, kind):
    penalty = l1_penalty(params, lam) if kind == "l1" else l2_penalty(params, lam)
    return loss + penalty, grads


# A9.4 What is kept is not scaled up in training.


@misconception("A9.4")
class NoDivision:
    """Neither forward nor backward."""

    @staticmethod
    def dropout_forward(X, rate, rng, training, mode):
        if not training:
            return X, np.ones(X.shape)
        numbers = rng.random(X.shape)
        if mode == "fixed":
            kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
        else:
            kept = numbers >= rate
        mask = np.where(kept, 1.0, 0.0)
        return X * mask, mask

    @staticmethod
    def dropout_backward(dout, mask, rate):
        return dout * mask


@misconception("A9.4")
class ScaledAtTestTime:
    """The first form of dropout: multiplied by keep at test time instead."""

    @staticmethod
    def dropout_forward(X, rate, rng, training, mode):
        if not training:
            return X * (1 - rate), np.ones(X.shape)
        numbers = rng.random(X.shape)
        if mode == "fixed":
            kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
        else:
            kept = numbers >= rate
        mask = np.where(kept, 1.0, 0.0)
        return X * mask, mask

    @staticmethod
    def dropout_backward(dout, mask, rate):
        return dout * mask


# A9.5 Dropout at test time.


@misconception("A9.5")
def dropout_forward(X, rate, rng, training, mode):
    numbers = rng.random(X.shape)
    if mode == "fixed":
        kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
    else:
        kept = numbers >= rate
    mask = np.where(kept, 1.0, 0.0)
    return X * mask / (1 - rate), mask


@misconception("A9.5")
def dropout_forward(X, rate, rng, training, mode):
    if training:
        return X, np.ones(X.shape)
    numbers = rng.random(X.shape)
    if mode == "fixed":
        kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
    else:
        kept = numbers >= rate
    mask = np.where(kept, 1.0, 0.0)
    return X * mask / (1 - rate), mask


@misconception("A9.5")
def dropout_forward(X, rate, rng, training, mode):
    mask = np.ones(X.shape)
    if training:
        numbers = rng.random(X.shape)
        if mode == "fixed":
            kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
        else:
            kept = numbers >= rate
        mask = np.where(kept, 1.0, 0.0)
    return X * mask / (1 - rate), mask


# A9.6 One mask for the whole batch.


@misconception("A9.6")
def dropout_forward(X, rate, rng, training, mode):
    if not training:
        return X, np.ones(X.shape)
    mask = np.where(rng.random(X.shape[1]) >= rate, 1.0, 0.0)
    if mode == "fixed":
        mask = np.ones(X.shape[1])
        mask[rng.permutation(X.shape[1])[: round(rate * X.shape[1])]] = 0.0
    return X * mask / (1 - rate), mask


@misconception("A9.6")
def dropout_forward(X, rate, rng, training, mode):
    if not training:
        return X, np.ones(X.shape)
    d = X.shape[1]
    if mode == "fixed":
        row = np.ones(d)
        row[rng.choice(d, size=round(rate * d), replace=False)] = 0.0
    else:
        row = rng.binomial(1, 1 - rate, size=d)
    mask = np.ones(X.shape) * row
    return X * mask / (1 - rate), mask


# A9.7 The rate is taken for the keep probability.


@misconception("A9.7")
class RateIsKept:
    """Drawn and divided as though the rate were the share that stays."""

    @staticmethod
    def dropout_forward(X, rate, rng, training, mode):
        if not training:
            return X, np.ones(X.shape)
        numbers = rng.random(X.shape)
        if mode == "fixed":
            kept = numbers.argsort(axis=1) < round(rate * X.shape[1])
        else:
            kept = numbers < rate
        mask = np.where(kept, 1.0, 0.0)
        return X * mask / rate, mask

    @staticmethod
    def dropout_backward(dout, mask, rate):
        return dout * mask / rate


@misconception("A9.7")
def dropout_forward(X, rate, rng, training, mode):
    if not training:
        return X, np.ones(X.shape)
    if mode == "fixed":
        order = np.tile(np.arange(X.shape[1]), (len(X), 1))
        mask = (rng.permuted(order, axis=1) < int(rate * X.shape[1])).astype(float)
    else:
        mask = rng.binomial(1, rate, size=X.shape).astype(float)
    return X * mask / (1 - rate), mask


@misconception("A9.7")
def dropout_forward(X, rate, rng, training, mode):
    if not training:
        return X, np.ones(X.shape)
    numbers = rng.random(X.shape)
    if mode == "fixed":
        kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
    else:
        kept = numbers >= rate
    mask = np.where(kept, 1.0, 0.0)
    return X * mask / rate, mask


# A9.8 The gradient passes through dropped units.


@misconception("A9.8")
def dropout_backward(dout, mask, rate):
    return dout


@misconception("A9.8")
def dropout_backward(dout, mask, rate):
    return dout / (1 - rate)


# A9.9 The list of layers is treated as one array.


@misconception("A9.9")
def l2_penalty(params, lam):
    return lam * np.sum(params**2)


@misconception("A9.9")
def l2_penalty(params, lam):
    weights = np.array([W for W, _ in params])
    return lam * np.sum(weights**2)


@misconception("A9.9")
def l1_penalty(params, lam):
    weights = [W for W, _ in params]
    return lam * np.sum(np.abs(weights))


@misconception("A9.9")
def d_l2_penalty(params, lam):
    weights = [W for W, _ in params]
    return 2 * lam * weights
