"""Wrong variants of 08_descent: what a learner with each misunderstanding writes."""

import numpy as np

from autograder.diagnosis import misconception

# A8.1 The step goes along the gradient.


@misconception("A8.1")
class Uphill:
    """The step is wrong, and training with it."""

    @staticmethod
    def sgd_step(params, grads, lr):
        return {name: value + lr * grads[name] for name, value in params.items()}

    @staticmethod
    def train(X, y, params, mode, f, lr, epochs, size, rng):
        sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
        if mode not in sizes:
            raise ValueError(mode)
        history = []
        for _ in range(epochs):
            for rows in batches(len(X), sizes[mode], rng):
                loss, grads = f(X[rows], y[rows], params)
                history.append(loss)
                params = sgd_step(params, grads, lr)
        return params, history


@misconception("A8.1")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    history = []
    for _ in range(epochs):
        for rows in batches(len(X), sizes[mode], rng):
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = {name: params[name] + lr * grads[name] for name in params}
    return params, history


# A8.2 A batch is cut, and all of the data is used.


@misconception("A8.2")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    history = []
    for _ in range(epochs):
        for rows in batches(len(X), sizes[mode], rng):
            Xs, ys = X[rows], y[rows]  # noqa: F841 - that they are not used is the mistake
            loss, grads = f(X, y, params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return params, history


# A8.3 The short last batch is lost.


@misconception("A8.3")
def count_updates(n, size, epochs):
    return n // size * epochs


@misconception("A8.3")
class WithoutTheRest:
    """The batches are wrong, and training with them."""

    @staticmethod
    def batches(n, size, rng):
        order = rng.permutation(n)
        return [order[i * size : (i + 1) * size] for i in range(n // size)]

    @staticmethod
    def train(X, y, params, mode, f, lr, epochs, size, rng):
        sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
        if mode not in sizes:
            raise ValueError(mode)
        history = []
        for _ in range(epochs):
            for rows in batches(len(X), sizes[mode], rng):
                loss, grads = f(X[rows], y[rows], params)
                history.append(loss)
                params = sgd_step(params, grads, lr)
        return params, history


@misconception("A8.3")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    step, history = sizes[mode], []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X) - step + 1, step):
            rows = order[start : start + step]
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return params, history


# A8.4 No shuffle, one shuffle for all epochs, or X and y shuffled apart.


@misconception("A8.4")
class WithoutShuffle:
    """The batches are wrong, and training with them."""

    @staticmethod
    def batches(n, size, rng):
        order = np.arange(n)
        return [order[start : start + size] for start in range(0, n, size)]

    @staticmethod
    def train(X, y, params, mode, f, lr, epochs, size, rng):
        sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
        if mode not in sizes:
            raise ValueError(mode)
        history = []
        for _ in range(epochs):
            for rows in batches(len(X), sizes[mode], rng):
                loss, grads = f(X[rows], y[rows], params)
                history.append(loss)
                params = sgd_step(params, grads, lr)
        return params, history


@misconception("A8.4")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    step, history = sizes[mode], []
    for _ in range(epochs):
        X, y = rng.permutation(X), rng.permutation(y)
        for start in range(0, len(X), step):
            loss, grads = f(X[start : start + step], y[start : start + step], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return params, history


@misconception("A8.4")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    step, history = sizes[mode], []
    for _ in range(epochs):
        shuffled = X[rng.permutation(len(X))]
        for start in range(0, len(X), step):
            loss, grads = f(shuffled[start : start + step], y[start : start + step], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return params, history


@misconception("A8.4")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    history = []
    dealt = batches(len(X), sizes[mode], rng)
    for _ in range(epochs):
        for rows in dealt:
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return params, history


# A8.5 Epoch and iteration are taken for one another.


@misconception("A8.5")
def count_updates(n, size, epochs):
    return epochs


@misconception("A8.5")
def count_updates(n, size, epochs):
    return (n + size - 1) // size


@misconception("A8.5")
def count_updates(n, size, epochs):
    return n * epochs


@misconception("A8.5")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    history = []
    for _ in range(epochs):
        rows = rng.permutation(len(X))[: sizes[mode]]
        loss, grads = f(X[rows], y[rows], params)
        history.append(loss)
        params = sgd_step(params, grads, lr)
    return params, history


@misconception("A8.5")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    history = []
    for _ in range(epochs):
        losses = []
        for rows in batches(len(X), sizes[mode], rng):
            loss, grads = f(X[rows], y[rows], params)
            losses.append(loss)
            params = sgd_step(params, grads, lr)
        history.append(np.mean(losses))
    return params, history


@misconception("A8.5")
class OneBatchAnEpoch:
    """The batches are wrong, and training with them."""

    @staticmethod
    def batches(n, size, rng):
        return [rng.permutation(n)[:size]]

    @staticmethod
    def train(X, y, params, mode, f, lr, epochs, size, rng):
        sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
        if mode not in sizes:
            raise ValueError(mode)
        history = []
        for _ in range(epochs):
            for rows in batches(len(X), sizes[mode], rng):
                loss, grads = f(X[rows], y[rows], params)
                history.append(loss)
                params = sgd_step(params, grads, lr)
        return params, history


# A8.6 Samples are drawn with replacement.


@misconception("A8.6")
class WithReplacement:
    """The batches are wrong, and training with them."""

    @staticmethod
    def batches(n, size, rng):
        return [rng.integers(n, size=min(size, n - start)) for start in range(0, n, size)]

    @staticmethod
    def train(X, y, params, mode, f, lr, epochs, size, rng):
        sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
        if mode not in sizes:
            raise ValueError(mode)
        history = []
        for _ in range(epochs):
            for rows in batches(len(X), sizes[mode], rng):
                loss, grads = f(X[rows], y[rows], params)
                history.append(loss)
                params = sgd_step(params, grads, lr)
        return params, history


@misconception("A8.6")
def batches(n, size, rng):
    return [rng.choice(n, size, replace=False) for _ in range((n + size - 1) // size)]


@misconception("A8.6")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    history = []
    for _ in range(epochs):
        for rows in batches(len(X), sizes[mode], rng):
            if mode == "sgd":
                rows = rng.integers(len(X), size=1)
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return params, history


# A8.7 A sum in the place of a mean: the step grows with the batch.


@misconception("A8.7")
def mse_grads(X, y, params):
    error = X @ params["w"] + params["b"] - y
    return np.mean(error**2), {"w": 2 * X.T @ error, "b": 2 * np.sum(error)}


@misconception("A8.7")
def mse_grads(X, y, params):
    error = X @ params["w"] + params["b"] - y
    return np.sum(error**2), {"w": 2 * X.T @ error, "b": 2 * np.sum(error)}


@misconception("A8.7")
def train(X, y, params, mode, f, lr, epochs, size, rng):
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(mode)
    history = []
    for _ in range(epochs):
        for rows in batches(len(X), sizes[mode], rng):
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = sgd_step(params, grads, lr * len(rows))
    return params, history
