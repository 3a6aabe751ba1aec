"""Checks that every learner gets."""

from itertools import permutations

import numpy as np
import pytest

from autograder.checks import (
    Seed,
    agree,
    code,
    expect,
    leaves_arguments_alone,
    probe,
    refuses,
    task,
)

TWO_X = np.array([[1.0, 2.0], [3.0, 0.0]])
TWO_Y = np.array([1.0, 2.0])
START = {"w": np.array([1.0, -1.0]), "b": 0.0}


def linear(Xs, ys, params):
    """Mean squared error of a linear neuron; runs on either side."""
    error = Xs @ params["w"] + params["b"] - ys
    grads = {"w": 2 * Xs.T @ error / len(Xs), "b": 2 * error.mean()}
    return (error**2).mean(), grads


def still(Xs, ys, params):
    """A loss without a slope: the parameters stay where they are."""
    return 0.0, {name: 0.0 * value for name, value in params.items()}


def train_watched(program, X, y, params, mode, truth, lr, epochs, size, rng):
    """Train, and write down what f was called with: rows, and the parameters at that time."""
    import numpy as np

    seen, before = [], []

    def f(Xs, ys, params):  # under the names of the task: a call may use them
        Xs, ys = np.array(Xs, dtype=float), np.array(ys, dtype=float)
        seen.append((Xs, ys))
        before.append({name: np.array(value, dtype=float) for name, value in params.items()})
        if Xs.ndim != 2 or ys.shape != Xs.shape[:1]:  # the check will speak of it
            return 0.0, {name: 0.0 * value for name, value in params.items()}
        return truth(Xs, ys, params)

    returned = program.train(X, y, params, mode, f, lr, epochs, size, rng)
    return seen, before, returned


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
    one_an_epoch = one_an_epoch and not in_whole_epochs(seen, X)
    expect(not one_an_epoch, "updates", misconception="A8.5", **facts)
    full = all(len(Xs) == size for Xs, _ in seen)
    dropped = full and got == epochs * (n // size) != wanted
    expect(not dropped, "updates", misconception="A8.3", **facts)
    expect(got == wanted, "updates", **facts)
    rows = [row_numbers(X, Xs) for Xs, _ in seen]
    together = all(np.allclose(y[each], ys) for each, (_, ys) in zip(rows, seen, strict=True))
    expect(together, "torn_apart", misconception="A8.4")
    dealt = [rows[at : at + in_one_epoch] for at in range(0, wanted, in_one_epoch)]
    for epoch in dealt:
        expect_one_epoch(epoch, n, size)
    return dealt


def in_whole_epochs(seen, X):
    """Whether the batches use all rows, then all rows again: epochs that are too few, but whole."""
    rows, n = np.concatenate([row_numbers(X, Xs) for Xs, _ in seen]), len(X)
    return len(rows) % n == 0 and bool(np.all(np.sort(rows.reshape(-1, n)) == np.arange(n)))


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


def expect_shuffled(orders):
    """Demand that no order is that of the data; where all are, nothing is shuffled at all."""
    as_they_stand = [np.array_equal(order, np.arange(len(order))) for order in orders]
    expect(not all(as_they_stand), "in_order", misconception="A8.4")
    expect(not any(as_they_stand), "in_order")


def pair_of(returned):
    """Demand (params, history), in this order, and return them."""
    pair = isinstance(returned, tuple | list) and len(returned) == 2
    expect(pair and isinstance(returned[0], dict), "params_and_history")
    expect(isinstance(returned[1], list | tuple | np.ndarray), "params_and_history")
    return returned[0], list(returned[1])


def expect_fair(orders, n, number_of):
    """Demand that every order of n rows came about equally often.

    A fair shuffle goes beyond the limit, a chi-square of 23 degrees of freedom, once in 10⁹ runs.
    """
    every = list(permutations(range(n)))
    times = [orders.get(str(list(order)), 0) for order in every]
    even = number_of / len(every)
    unfair = sum((each - even) ** 2 for each in times) / even
    often, seldom = np.argmax(times), np.argmin(times)
    expect(
        unfair < 90,
        "unfair",
        n=n,
        number_of=number_of,
        even=round(even),
        often=str(every[often]),
        times=times[often],
        seldom=str(every[seldom]),
        seldom_times=times[seldom],
    )


def deal_often(program, n, size, rng, number_of):
    """Deal out many epochs with one generator, and count each order."""
    orders = {}
    for _ in range(number_of):
        order = str([int(row) for rows in program.batches(n, size, rng) for row in rows])
        orders[order] = orders.get(order, 0) + 1
    return orders


def train_often(program, runs, epochs, rng):
    """Train often on four rows with one generator, and count in which order they come."""
    import numpy as np

    X, y, seen = np.arange(8.0).reshape(4, 2), np.arange(4.0), []

    def f(Xs, ys, params):
        seen.extend(int(each) for each in ys)
        return 0.0, {"w": np.zeros(2), "b": 0.0}

    start = {"w": np.zeros(2), "b": 0.0}
    for _ in range(runs):
        program.train(X, y, start, "mini-batch", f, 0.1, epochs, 2, rng)
    orders = {}
    for at in range(0, len(seen), 4):
        order = str(seen[at : at + 4])
        orders[order] = orders.get(order, 0) + 1
    return orders


def expect_history(history, losses, epochs):
    """Demand one loss for each update."""
    facts = {"got": len(history), "wanted": len(losses)}
    expect(len(history) != epochs, "history_length", misconception="A8.5", **facts)
    expect(len(history) == len(losses), "history_length", **facts)
    agree(history, losses)


def a_slope_of_its_own(Xs, ys, params):
    """A loss and gradients that nobody foresees; the same for every batch of one size."""
    return len(ys) + 0.5, {name: 3 * value - 1 for name, value in params.items()}


def agree_slopes(got, wanted):
    """Compare a loss and its gradients one by one, so that a factor or a sign is told."""
    pair = isinstance(got, tuple | list) and len(got) == 2 and isinstance(got[1], dict)
    expect(pair and {"w", "b"} <= set(got[1]), "loss_and_grads")
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
    for n, size, seed in [(10, 4, 0), (12, 5, 1), (12, 4, 2)]:
        got = student.batches(n, size, Seed(seed))
        expect_one_epoch(batches_of(got), n, size)


@task("batches", points=3)
def test_batches_are_shuffled_with_the_generator(student):
    orders = [np.concatenate(batches_of(student.batches(20, 6, Seed(k)))) for k in (3, 4, 3)]
    expect_shuffled(orders)
    expect(np.array_equal(orders[0], orders[2]), "not_repeatable")
    expect(not np.array_equal(orders[0], orders[1]), "same_for_all")


@task("batches", points=3)
def test_batches_make_every_order_equally_likely(student):
    expect_one_epoch(batches_of(student.batches(4, 2, Seed(5))), 4, 2)
    expect_fair(probe(student, deal_often, shows="of_dealing")(4, 2, Seed(6), 4000), 4, 4000)


@task("mse_grads", points=3)
def test_mse_grads_has_the_worked_values(student):
    got = student.mse_grads(TWO_X, TWO_Y, START)
    agree_slopes(got, (2.5, {"w": np.array([1.0, -4.0]), "b": -1.0}))


@task("mse_grads", points=3)
def test_mse_grads_follow_their_formulas(student, reference, rng):
    X, y = rng.normal(size=(5, 3)), rng.normal(size=5)
    params = {"w": rng.normal(size=3), "b": float(rng.normal())}
    agree_slopes(student.mse_grads(X, y, params), reference.mse_grads(X, y, params))


@task("mse_grads", points=1)
def test_mse_grads_leaves_its_inputs_alone(student, reference):
    got = leaves_arguments_alone(student.mse_grads, TWO_X, TWO_Y, START)
    agree_slopes(got, reference.mse_grads(TWO_X, TWO_Y, START))


@task("sgd_step", points=3)
def test_sgd_step_has_the_worked_values(student):
    grads = {"w": np.array([1.0, -4.0]), "b": -1.0}
    agree(student.sgd_step(START, grads, 0.1), {"w": np.array([0.9, -0.6]), "b": 0.1})
    params, grads = {"b": 2.0, "W": np.ones((1, 2))}, {"W": np.ones((1, 2)), "b": -4.0}
    agree(student.sgd_step(params, grads, 0.5), {"b": 4.0, "W": np.array([[0.5, 0.5]])})


@task("sgd_step", points=2)
def test_sgd_step_takes_other_names_and_shapes(student, reference, rng):
    shapes = {"W1": (3, 5), "b1": (5,), "s": ()}
    params = {name: np.asarray(rng.normal(size=shape)) for name, shape in shapes.items()}
    back = reversed(shapes.items())
    grads = {name: np.asarray(rng.normal(size=shape)) for name, shape in back}
    agree(student.sgd_step(params, grads, 0.5), reference.sgd_step(params, grads, 0.5))


@task("sgd_step", points=2)
def test_sgd_step_leaves_its_inputs_alone(student):
    params = {"w": np.array([1.0, -1.0]), "b": 0.5}
    grads = {"w": np.array([1.0, -4.0]), "b": -1.0}
    got = leaves_arguments_alone(student.sgd_step, params, grads, 0.1)
    agree(got, {"w": np.array([0.9, -0.6]), "b": 0.6})


@task("train", points=3)
def test_train_makes_the_worked_updates(student):
    returned = student.train(TWO_X, TWO_Y, START, "batch", code(linear), 0.1, 2, 1, Seed(0))
    params, history = pair_of(returned)
    agree(params, {"w": np.array([0.78, -0.36]), "b": 0.14})
    agree(history, [2.5, 1.04])


@pytest.mark.parametrize("mode", ["mini-batch", "sgd"])
@task("train", points=2)
def test_train_uses_each_row_once_an_epoch(student, mode):
    X, y = np.arange(20.0).reshape(10, 2), np.arange(10.0)
    start = {"w": np.zeros(2), "b": 0.0}
    watch = probe(student, train_watched, shows="of_training")
    seen, _, _ = watch(X, y, start, mode, code(still), 0.1, 3, 4, Seed(1))
    dealt = expect_batches(seen, X, y, mode, 4 if mode == "mini-batch" else 1, 3)
    one, two, three = (np.concatenate(epoch).tolist() for epoch in dealt)
    expect_shuffled([one, two, three])
    expect(one != two and two != three, "same_order", misconception="A8.4")


@task("train", points=2)
def test_train_makes_every_order_equally_likely(student):
    X, y = np.arange(8.0).reshape(4, 2), np.arange(4.0)
    start = {"w": np.zeros(2), "b": 0.0}
    watch = probe(student, train_watched, shows="of_training")
    seen, _, _ = watch(X, y, start, "mini-batch", code(still), 0.1, 2, 2, Seed(1))
    expect_batches(seen, X, y, "mini-batch", 2, 2)
    expect_fair(probe(student, train_often, shows="of_many_trainings")(250, 4, Seed(2)), 4, 1000)


@task("train", points=3)
def test_train_steps_from_the_present_parameters(student):
    X, y = np.arange(14.0).reshape(7, 2) % 9, np.arange(7.0)
    now = {"w": np.array([0.5, -1.0]), "b": 0.25}
    watch = probe(student, train_watched, shows="of_training")
    seen, before, returned = watch(X, y, now, "mini-batch", code(linear), 0.05, 2, 3, Seed(2))
    expect_batches(seen, X, y, "mini-batch", 3, 2)
    losses = []
    for (Xs, ys), given in zip(seen, before, strict=True):
        agree(given, now)
        loss, grads = linear(Xs, ys, now)
        losses.append(loss)
        now = {name: now[name] - 0.05 * grads[name] for name in now}
    params, history = pair_of(returned)
    agree(params, now)
    expect_history(history, losses, 2)


@task("train", points=1)
def test_train_works_with_other_parameters(student, reference):
    params = {"W1": np.array([[1.0, 2.0], [-3.0, 4.0]]), "s": 0.5}
    rest = ("mini-batch", code(a_slope_of_its_own), 0.1, 2, 2, Seed(3))
    end, history = pair_of(student.train(TWO_X, TWO_Y, params, *rest))
    wanted, losses = reference.train(TWO_X, TWO_Y, params, *rest)
    agree(end, wanted)
    agree(history, losses)


@task("train", points=1)
def test_train_leaves_its_inputs_alone(student, reference):
    X, y = np.arange(12.0).reshape(6, 2), np.arange(6.0)
    rest = ("mini-batch", code(linear), 0.001, 2, 4, Seed(5))
    pair_of(leaves_arguments_alone(student.train, X, y, START, *rest))
    rest = ("batch", code(linear), 0.001, 2, 1, Seed(0))
    params, _ = pair_of(leaves_arguments_alone(student.train, X, y, START, *rest))
    agree(params, reference.train(X, y, START, *rest)[0])


@task("train", points=2)
def test_train_refuses_an_unknown_mode(student):
    refuses(student.train, TWO_X, TWO_Y, START, "all", code(linear), 0.1, 1, 1, Seed(0))
