"""Checks that learners never see."""

from itertools import permutations

import numpy as np
import pytest

from autograder.checks import Seed, agree, code, expect, leaves_arguments_alone, probe, task


def linear(Xs, ys, params):
    """Mean squared error of a linear neuron; runs on either side."""
    error = Xs @ params["w"] + params["b"] - ys
    grads = {"w": 2 * Xs.T @ error / len(Xs), "b": 2 * error.mean()}
    return (error**2).mean(), grads


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


def seed(rng):
    """Draw a seed for a generator on the learner's side."""
    return Seed(int(rng.integers(2**31)))


def problem(rng, n, d):
    """Random samples, and parameters to start from."""
    params = {"w": rng.normal(size=d), "b": float(rng.normal())}
    return rng.normal(size=(n, d)), rng.normal(size=n), params


def agree_slopes(got, wanted):
    """Compare a loss and its gradients one by one, so that a factor or a sign is told."""
    pair = isinstance(got, tuple | list) and len(got) == 2 and isinstance(got[1], dict)
    expect(pair and {"w", "b"} <= set(got[1]), "loss_and_grads")
    loss, grads = got
    agree(grads["w"], wanted[1]["w"])
    agree(grads["b"], wanted[1]["b"])
    agree(loss, wanted[0])


@task("count_updates", points=3, kind="edges")
def test_count_updates_rounds_up(student):
    for n, size, epochs in [(10, 4, 1), (7, 3, 4), (1000, 32, 3), (9, 2, 10), (11, 10, 2)]:
        agree(student.count_updates(n, size, epochs), epochs * -(-n // size))


@task("count_updates", points=2, kind="extremes")
def test_count_updates_at_the_extremes(student):
    for n, size, epochs in [(12, 4, 3), (5, 5, 2), (5, 1, 2), (1, 1, 1), (3, 50, 4), (8, 3, 0)]:
        agree(student.count_updates(n, size, epochs), epochs * -(-n // size))


@task("batches", points=3, kind="rules")
def test_batches_deal_every_row_out_once(student, rng):
    for n, size in [(11, 3), (100, 32), (25, 7)]:
        expect_one_epoch(batches_of(student.batches(n, size, seed(rng))), n, size)


@task("batches", points=2, kind="shapes")
def test_batches_of_every_size(student, rng):
    for n, size in [(7, 3), (12, 4), (6, 1), (6, 6), (6, 5), (5, 50), (1, 1)]:
        expect_one_epoch(batches_of(student.batches(n, size, seed(rng))), n, size)


@task("batches", points=2, kind="chance")
def test_batches_are_shuffled_anew(student, rng):
    orders = [np.concatenate(batches_of(student.batches(30, 7, seed(rng)))) for _ in range(3)]
    expect_shuffled(orders)
    expect(not np.array_equal(orders[0], orders[1]), "same_for_all")
    expect(not np.array_equal(orders[1], orders[2]), "same_for_all")


@task("batches", points=2, kind="chance")
def test_batches_draw_from_the_given_generator_alone(student, rng):
    given = seed(rng)
    seeds = given, given, seed(rng), seed(rng)
    dealt = [np.concatenate(batches_of(student.batches(30, 7, each))) for each in seeds]
    expect_shuffled(dealt)
    expect(np.array_equal(dealt[0], dealt[1]), "not_repeatable")


@task("batches", points=3, kind="chance")
def test_batches_make_every_order_equally_likely(student, rng):
    expect_one_epoch(batches_of(student.batches(4, 2, seed(rng))), 4, 2)
    expect_fair(probe(student, deal_often)(4, 2, seed(rng), 4000), 4, 4000)


@task("mse_grads", points=5)
def test_mse_grads_follow_their_formulas_on_any_data(student, reference, rng):
    for n, d in [(3, 5), (5, 3), (4, 4), (1, 3), (6, 1), (1, 1)]:
        X, y, params = problem(rng, n, d)
        agree_slopes(student.mse_grads(X, y, params), reference.mse_grads(X, y, params))


@task("mse_grads", points=5, kind="rules")
def test_mse_grads_do_not_grow_with_the_number_of_rows(student, reference, rng):
    X, y, params = problem(rng, 4, 3)
    _, once = student.mse_grads(X, y, params)
    twice = student.mse_grads(np.vstack([X, X]), np.concatenate([y, y]), params)
    grown = np.allclose(np.asarray(twice[1]["w"]), 2 * np.asarray(once["w"]))
    _, mean = reference.mse_grads(X, y, params)
    summed = np.allclose(np.asarray(once["w"]), 4 * mean["w"])
    expect(not (grown and summed), "grows_with_rows", misconception="A8.7")
    expect(not grown, "grows_with_rows")
    agree_slopes(twice, reference.mse_grads(X, y, params))


@task("mse_grads", points=1, kind="unchanged")
def test_mse_grads_leave_their_inputs_alone(student, reference, rng):
    X, y, params = problem(rng, 5, 3)
    agree(
        leaves_arguments_alone(student.mse_grads, X, y, params), reference.mse_grads(X, y, params)
    )


@task("sgd_step", points=3)
def test_sgd_step_finds_gradients_by_name(student, reference, rng):
    shapes = {"W1": (3, 5), "b1": (5,), "W2": (5, 3), "b2": (3,), "t": (2, 3, 5), "s": ()}
    params = {name: np.asarray(rng.normal(size=shape)) for name, shape in shapes.items()}
    back = reversed(shapes.items())
    grads = {name: np.asarray(rng.normal(size=shape)) for name, shape in back}
    lr = float(rng.uniform(0.01, 2))
    agree(student.sgd_step(params, grads, lr), reference.sgd_step(params, grads, lr))


@task("sgd_step", points=2, kind="rules")
def test_sgd_step_goes_down_a_bowl(student, rng):
    # The loss w² / 2 has the gradient w; with lr = 1/4 each step leaves three quarters of w.
    w = rng.normal(size=4)
    params = {"w": w}
    for _ in range(3):
        params = student.sgd_step({"w": params["w"]}, {"w": params["w"]}, 0.25)
    agree(params, {"w": w * 0.75**3})


@task("sgd_step", points=2, kind="unchanged")
def test_sgd_step_leaves_its_inputs_alone(student, reference, rng):
    params = {"W": rng.normal(size=(3, 5)), "b": rng.normal(size=5)}
    grads = {"W": rng.normal(size=(3, 5)), "b": rng.normal(size=5)}
    got = leaves_arguments_alone(student.sgd_step, params, grads, 0.3)
    agree(got, reference.sgd_step(params, grads, 0.3))


@pytest.mark.parametrize(
    ("mode", "n", "size"), [("mini-batch", 11, 4), ("sgd", 7, 1), ("batch", 6, 6)]
)
@task("train", points=2, kind="rules")
def test_train_deals_every_epoch_out(student, rng, mode, n, size):
    X, y, start = problem(rng, n, 3)
    # Only mini-batches ask for the size: another one is passed to the other modes.
    passed = size if mode == "mini-batch" else 4
    seen, _, _ = probe(student, train_watched)(
        X, y, start, mode, code(linear), 0.05, 3, passed, seed(rng)
    )
    expect_batches(seen, X, y, mode, size, 3)


@task("train", points=2, kind="shapes")
def test_train_takes_mini_batches_of_every_size(student, rng):
    for n, size in [(7, 3), (8, 4), (5, 1), (5, 5), (5, 50), (1, 1)]:
        X, y, start = problem(rng, n, 3)
        seen, _, _ = probe(student, train_watched)(
            X, y, start, "mini-batch", code(linear), 0.05, 2, size, seed(rng)
        )
        expect_batches(seen, X, y, "mini-batch", size, 2)


@task("train", points=2, kind="chance")
def test_train_shuffles_every_epoch_anew(student, rng):
    X, y, start = problem(rng, 30, 2)
    watch, given = probe(student, train_watched), seed(rng)
    runs = []
    for each in (given, seed(rng), given):
        seen, _, _ = watch(X, y, start, "mini-batch", code(linear), 0.05, 3, 7, each)
        dealt = expect_batches(seen, X, y, "mini-batch", 7, 3)
        runs.append([np.concatenate(epoch).tolist() for epoch in dealt])
    for one, two, three in runs:
        expect_shuffled([one, two, three])
        expect(one != two and two != three, "same_order", misconception="A8.4")
    expect(runs[0] == runs[2], "not_repeatable")
    expect(runs[0] != runs[1], "same_for_all")


@pytest.mark.parametrize(("mode", "size"), [("mini-batch", 4), ("sgd", 1)])
@task("train", points=3, kind="rules")
def test_train_steps_from_the_present_parameters(student, rng, mode, size):
    X, y, now = problem(rng, 10, 3)
    lr = float(rng.uniform(0.01, 0.1))
    seen, before, returned = probe(student, train_watched)(
        X, y, now, mode, code(linear), lr, 2, size, seed(rng)
    )
    losses = []
    expect_batches(seen, X, y, mode, size, 2)
    for (Xs, ys), given in zip(seen, before, strict=True):
        agree(given, now)
        loss, grads = linear(Xs, ys, now)
        losses.append(loss)
        now = {name: now[name] - lr * grads[name] for name in now}
    params, history = pair_of(returned)
    agree(params, now)
    facts = {"got": len(history), "wanted": len(losses)}
    expect(len(history) != 2, "history_length", misconception="A8.5", **facts)
    expect(len(history) == len(losses), "history_length", **facts)
    agree(history, losses)


def steady(Xs, ys, params):
    """A slope that is the same everywhere: where the steps lead does not depend on their order."""
    return float(ys.sum()), {"w": Xs.mean(axis=0), "b": ys.mean()}


@task("train", points=2, kind="edges")
def test_train_with_size_one_is_sgd_and_with_all_rows_is_batch(student, rng):
    X, y, start = problem(rng, 9, 3)
    ends = {
        "one": {"w": start["w"] - 2 * 0.1 * X.sum(axis=0), "b": start["b"] - 2 * 0.1 * y.sum()},
        "all": {"w": start["w"] - 2 * 0.1 * X.mean(axis=0), "b": start["b"] - 2 * 0.1 * y.mean()},
    }
    runs = [("one", "mini-batch", 1), ("one", "sgd", 4), ("all", "mini-batch", 9)]
    for end, mode, size in [*runs, ("all", "batch", 4)]:
        rest = (mode, code(steady), 0.1, 2, size, seed(rng))
        params, _ = pair_of(student.train(X, y, start, *rest))
        agree(params, ends[end], atol=1e-9)


def a_slope_nobody_foresees(Xs, ys, params):
    return len(ys) + 0.5, {name: 3 * value - 1 for name, value in params.items()}


@task("train", points=1, kind="shapes")
def test_train_works_with_other_parameters_and_functions(student, reference, rng):
    X, y = rng.normal(size=(5, 3)), rng.normal(size=5)
    params = {"W1": rng.normal(size=(3, 5)), "b1": rng.normal(size=5), "s": float(rng.normal())}
    rest = ("mini-batch", code(a_slope_nobody_foresees), 0.05, 3, 5, seed(rng))
    end, history = pair_of(student.train(X, y, params, *rest))
    wanted, losses = reference.train(X, y, params, *rest)
    agree(end, wanted)
    agree(history, losses)


@task("train", points=2, kind="unchanged")
def test_train_leaves_its_inputs_alone(student, reference, rng):
    X, y, start = problem(rng, 8, 3)
    rest = (code(linear), 0.1, 2, 3, seed(rng))
    leaves_arguments_alone(student.train, X, y, start, "mini-batch", *rest)
    returned = leaves_arguments_alone(student.train, X, y, start, "batch", *rest)
    agree(pair_of(returned)[0], reference.train(X, y, start, "batch", *rest)[0])


@task("train", points=1, kind="edges")
def test_train_for_no_epochs_returns_the_start(student, rng):
    X, y, start = problem(rng, 4, 3)
    returned = student.train(X, y, start, "sgd", code(linear), 0.1, 0, 1, seed(rng))
    params, history = pair_of(returned)
    agree(params, start)
    agree(history, [])
