"""Checks that every learner gets."""

import numpy as np
import pytest

from autograder.checks import Seed, agree, code, expect, probe, refuses, task

TWO_X = np.array([[1.0, 2.0], [3.0, 0.0]])
TWO_Y = np.array([1.0, 2.0])
START = {"w": np.array([1.0, -1.0]), "b": 0.0}


def linear(Xs, ys, params):
    """Mean squared error of a linear neuron; runs on either side."""
    error = Xs @ params["w"] + params["b"] - ys
    grads = {"w": 2 * Xs.T @ error / len(Xs), "b": 2 * error.mean()}
    return (error**2).mean(), grads


def train_watched(program, X, y, params, mode, f, lr, epochs, size, rng):
    """Train, and write down what f was called with."""
    import numpy as np

    seen = []

    def spy(Xs, ys, now):
        Xs, ys = np.array(Xs, dtype=float), np.array(ys, dtype=float)
        seen.append((Xs, ys))
        if Xs.ndim != 2 or ys.shape != Xs.shape[:1]:  # the check will speak of it
            return 0.0, {name: 0.0 * value for name, value in now.items()}
        return f(Xs, ys, now)

    program.train(X, y, params, mode, spy, lr, epochs, size, rng)
    return seen


def expect_one_epoch(rows, n, size):
    """Demand that batches of row numbers use each of n rows once, in pieces of that size."""
    flat = np.concatenate([np.zeros(0, dtype=int), *rows])
    expect(np.all((flat >= 0) & (flat < n)), "range", n=n, last=n - 1)
    times = np.bincount(flat, minlength=n)
    facts = {"n": n, "row": int(times.argmax()), "times": int(times.max())}
    by_chance = times.max() > 1 and times.min() == 0
    expect(not by_chance, "not_once", misconception="A8.6", **facts)
    expect(times.max() <= 1, "not_once", **facts)
    sizes = [len(each) for each in rows]
    full = [size] * (n // size)
    wanted = full + [n % size] * (n % size > 0)
    facts = {"n": n, "size": size, "got": str(sizes), "wanted": str(wanted)}
    one_alone = sizes == [size] and n // size > 1
    expect(not one_alone, "batch_sizes", misconception="A8.5", **facts)
    expect(sizes == wanted or sizes != full, "batch_sizes", misconception="A8.3", **facts)
    expect(sizes == wanted, "batch_sizes", **facts)


def expect_batches(seen, X, y, mode, size, epochs):
    """Demand the right calls of f, and return the row numbers of each, epoch by epoch."""
    n, d = X.shape
    for Xs, ys in seen:
        right = Xs.ndim == 2 and Xs.shape[1] == d and ys.shape == Xs.shape[:1]
        half_cut = Xs.shape[1:] == (d,) and ys.ndim == 1 and n in (len(Xs), len(ys))
        facts = {"d": d, "xs": str(Xs.shape), "ys": str(ys.shape)}
        expect(right or not half_cut, "call_shape", misconception="A8.2", **facts)
        expect(right, "call_shape", **facts)
    got, in_one_epoch = len(seen), -(-n // size)
    wanted = epochs * in_one_epoch
    whole = size < n and got == wanted and all(len(Xs) == n for Xs, _ in seen)
    expect(not whole, "whole_set", misconception="A8.2", mode=mode, n=n, size=size)
    facts = {"mode": mode, "n": n, "size": size, "epochs": epochs, "got": got, "wanted": wanted}
    one_an_epoch = got == epochs != wanted and all(len(Xs) <= size for Xs, _ in seen)
    expect(not one_an_epoch, "updates", misconception="A8.5", **facts)
    dropped = got == epochs * (n // size) != wanted
    expect(not dropped, "updates", misconception="A8.3", **facts)
    expect(got == wanted, "updates", **facts)
    rows = [row_numbers(X, Xs) for Xs, _ in seen]
    together = all(np.allclose(y[each], ys) for each, (_, ys) in zip(rows, seen, strict=True))
    expect(together, "torn_apart", misconception="A8.4")
    dealt = [rows[at : at + in_one_epoch] for at in range(0, wanted, in_one_epoch)]
    for epoch in dealt:
        expect_one_epoch(epoch, n, size)
    return dealt


def row_numbers(X, Xs):
    """Find the rows of a batch in X, whose rows all differ."""
    distance = np.abs(Xs[:, None, :] - X[None, :, :]).max(axis=2)
    expect(np.all(distance.min(axis=1) < 1e-5), "strange_rows")
    return distance.argmin(axis=1)


def batches_of(got):
    """Demand a list of arrays of row numbers, and return them as arrays."""
    expect(isinstance(got, list | tuple | np.ndarray), "batches_list")
    rows = [np.asarray(each) for each in got]
    expect(all(each.ndim == 1 and each.dtype.kind in "iu" for each in rows), "batches_list")
    return rows


def agree_slopes(got, wanted):
    """Compare a loss and its gradients one by one, so that a factor or a sign is told."""
    loss, grads = got
    agree(grads["w"], wanted[1]["w"])
    agree(grads["b"], wanted[1]["b"])
    agree(loss, wanted[0])


@task("count_updates", points=3)
def test_count_updates_has_the_worked_values(student):
    agree(student.count_updates(10, 4, 5), 15)
    agree(student.count_updates(10, 1, 1), 10)
    agree(student.count_updates(10, 16, 1), 1)


@task("batches", points=4)
def test_batches_use_each_row_once(student):
    for n, size, seed in [(10, 4, 0), (12, 5, 1)]:
        got = student.batches(n, size, Seed(seed))
        expect_one_epoch(batches_of(got), n, size)


@task("batches", points=4)
def test_batches_are_shuffled_with_the_generator(student):
    orders = [np.concatenate(batches_of(student.batches(20, 6, Seed(k)))) for k in (3, 4, 3)]
    for order in orders:
        expect(not np.array_equal(order, np.arange(20)), "in_order", misconception="A8.4")
    expect(np.array_equal(orders[0], orders[2]), "not_repeatable")
    expect(not np.array_equal(orders[0], orders[1]), "same_for_all")


@task("mse_grads", points=3)
def test_mse_grads_has_the_worked_values(student):
    got = student.mse_grads(TWO_X, TWO_Y, START)
    agree_slopes(got, (2.5, {"w": np.array([1.0, -4.0]), "b": -1.0}))


@task("mse_grads", points=3)
def test_mse_grads_follow_their_formulas(student, reference, rng):
    X, y = rng.normal(size=(5, 3)), rng.normal(size=5)
    params = {"w": rng.normal(size=3), "b": float(rng.normal())}
    agree_slopes(student.mse_grads(X, y, params), reference.mse_grads(X, y, params))


@task("sgd_step", points=3)
def test_sgd_step_has_the_worked_values(student):
    grads = {"w": np.array([1.0, -4.0]), "b": -1.0}
    agree(student.sgd_step(START, grads, 0.1), {"w": np.array([0.9, -0.6]), "b": 0.1})


@task("sgd_step", points=2)
def test_sgd_step_takes_other_names_and_shapes(student, reference, rng):
    params = {"W1": rng.normal(size=(3, 5)), "b1": rng.normal(size=5)}
    grads = {"W1": rng.normal(size=(3, 5)), "b1": rng.normal(size=5)}
    agree(student.sgd_step(params, grads, 0.5), reference.sgd_step(params, grads, 0.5))


@task("train", points=4)
def test_train_makes_the_worked_updates(student):
    params, history = student.train(TWO_X, TWO_Y, START, "batch", code(linear), 0.1, 2, 1, Seed(0))
    agree(params, {"w": np.array([0.78, -0.36]), "b": 0.14})
    agree(list(history), [2.5, 1.04])


@pytest.mark.parametrize(("mode", "size"), [("mini-batch", 4), ("sgd", 1)])
@task("train", points=3)
def test_train_uses_each_row_once_an_epoch(student, mode, size):
    X, y = np.arange(20.0).reshape(10, 2), np.arange(10.0)
    start = {"w": np.zeros(2), "b": 0.0}
    watch = probe(student, train_watched)
    seen = watch(X, y, start, mode, code(linear), 0.001, 3, size, Seed(1))
    expect_batches(seen, X, y, mode, size, 3)


@task("train", points=2)
def test_train_refuses_an_unknown_mode(student):
    refuses(student.train, TWO_X, TWO_Y, START, "all", code(linear), 0.1, 1, 1, Seed(0))
