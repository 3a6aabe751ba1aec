"""Checks that learners never see."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.checks import Seed, agree, expect, task

MODES = ("bernoulli", "fixed")
DRAWS = 10_000
# A right program is this many standard errors off once in two million times.
ERRORS = 5
# A central difference with h = 1e-5 is good to about 1e-9 here; a wrong slope is off by far more.
SLOPE = {"rtol": 1e-6, "atol": 1e-7}


def network(rng, *sizes):
    """Random layers, non-square where the sizes differ, with weights and biases away from 0."""
    return [(away(rng, n, m), away(rng, m)) for n, m in pairwise(sizes)]


def away(rng, *shape):
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 2, size=shape)


def demand_a_dropout(got, X, rate, mode):
    """Demand that out and mask are what dropout in training may give for X, whatever was drawn."""
    out, mask = got
    shape, size, keep = np.shape(mask), X.size, 1 - rate
    facts = {"got": str(shape), "wanted": str(X.shape)}
    one_row = shape in (X.shape[1:], (1, *X.shape[1:]))
    expect(not one_row, "mask_shape", misconception="A9.6", **facts)
    expect(shape == X.shape, "mask_shape", **facts)
    expect(np.shape(out) == X.shape, "out_shape", got=str(np.shape(out)), wanted=str(X.shape))
    mask, out = np.asarray(mask, float), np.asarray(out, float)
    expect(np.isin(mask, [0.0, 1.0]).all(), "mask_entries")
    expect(np.array_equal(out != 0, mask == 1), "mask_and_out")
    dropped = int((mask == 0).sum())
    expect(dropped > 0, "nothing_dropped", rate=rate, size=size)
    expect(dropped < size, "everything_dropped", rate=rate, size=size)
    same_rows = len(X) > 1 and (mask == mask[0]).all()
    expect(not same_rows, "rows_equal", misconception="A9.6", rows=len(X))
    # One draw in two million is so far off; at the rates of these checks the two are farther apart.
    near = ERRORS * np.sqrt(size * rate * keep)
    facts = {"rate": rate, "dropped": dropped, "size": size, "wanted": round(rate * size)}
    right = abs(dropped - rate * size) <= near
    swapped = abs(dropped - keep * size) <= near / 2
    expect(right or not swapped, "mask_swapped", misconception="A9.7", **facts)
    expect(right, "mask_share", **facts)
    expect(not np.allclose(out, X * mask), "out_unscaled", misconception="A9.4")
    expect(not np.allclose(out, X * mask / rate), "out_swapped", misconception="A9.7")
    if mode != "bernoulli":
        counts, wanted = (mask == 0).sum(axis=1), round(rate * X.shape[1])
        other = counts[counts != wanted]
        seen = int(other[0]) if other.size else wanted
        expect(seen == wanted, "fixed_count", wanted=wanted, got=seen, units=X.shape[1])
    agree(out, X * mask / keep)


def demand_nothing_happens(student, X, rate, mode, one, other):
    """Demand that at test time X comes out as it is, and say what was done to it instead."""
    out, mask = student.dropout_forward(X, rate, one, False, mode)
    if X.size and np.shape(out) == X.shape:
        values = np.asarray(out, float)
        zero = values == 0
        expect(not zero.any() or zero.all(), "test_drops", misconception="A9.5")
        scaled_up = np.allclose(values, X / (1 - rate))
        expect(not scaled_up, "test_scaled_up", misconception="A9.5")
        if np.allclose(values, X * (1 - rate)):
            # Whoever scales in training, too, lacks nothing there.
            trained, kept = student.dropout_forward(X, rate, other, True, mode)
            instead = np.shape(kept) == X.shape and np.allclose(trained, X * np.asarray(kept))
            named = "A9.4" if instead and np.any(kept) else "A9.5"
            expect(False, "test_scaled_down", misconception=named)
    agree(out, X)
    agree(mask, np.ones(X.shape), dtype="any")


def seed(rng):
    return Seed(int(rng.integers(2**32)))


def slopes_of(penalty, params, lam, h=1e-5):
    """Estimate the gradient of a penalty by moving one entry of one array at a time."""

    def slope(layer, part, index):
        values = []
        for step in (h, -h):
            moved = [[W.copy(), b.copy()] for W, b in params]
            moved[layer][part][index] += step
            values.append(float(penalty([tuple(pair) for pair in moved], lam)))
        return (values[0] - values[1]) / (2 * h)

    return [
        tuple(
            np.array([slope(layer, part, i) for i in np.ndindex(array.shape)]).reshape(array.shape)
            for part, array in enumerate(pair)
        )
        for layer, pair in enumerate(params)
    ]


@task("l1_penalty", points=2, kind="shapes")
def test_l1_penalty_takes_networks_of_any_form(student, reference, rng):
    for sizes in [(3, 5), (1, 1), (4, 1, 6), (2, 7, 3, 5, 1)]:
        params, lam = network(rng, *sizes), float(rng.uniform(0.1, 2))
        agree(student.l1_penalty(params, lam), reference.l1_penalty(params, lam))


@task("l1_penalty", points=2, kind="rules")
def test_l1_penalty_does_not_count_biases(student, rng):
    for params in (network(rng, 3, 5, 2), network(rng, 4, 6)):
        still = [(np.zeros(W.shape), b) for W, b in params]
        agree(student.l1_penalty(still, 0.7), 0.0)


@task("l1_penalty", points=1, kind="edges")
def test_l1_penalty_of_strength_zero_is_zero(student, rng):
    agree(student.l1_penalty(network(rng, 3, 5, 2), 0.0), 0.0)


@task("d_l1_penalty", points=2, kind="rules")
def test_d_l1_penalty_is_the_slope_of_l1_penalty(student, reference, rng):
    params, lam = network(rng, 3, 5, 2), float(rng.uniform(0.1, 2))
    agree(student.d_l1_penalty(params, lam), slopes_of(reference.l1_penalty, params, lam), **SLOPE)


@task("d_l1_penalty", points=2, kind="edges")
def test_d_l1_penalty_is_zero_at_zero(student):
    W, b = np.array([[0.0, -0.0, 1e-300], [-1e-300, 0.0, 0.0]]), np.array([0.0, 3.0, -3.0])
    wanted = [(np.array([[0.0, 0.0, 0.5], [-0.5, 0.0, 0.0]]), np.zeros(3))]
    agree(student.d_l1_penalty([(W, b)], 0.5), wanted)


@task("d_l1_penalty", points=2, kind="shapes")
def test_d_l1_penalty_takes_networks_of_any_form(student, reference, rng):
    for sizes in [(3, 5), (1, 1), (4, 1, 6), (2, 7, 3, 5, 1)]:
        params, lam = network(rng, *sizes), float(rng.uniform(0.1, 2))
        agree(student.d_l1_penalty(params, lam), reference.d_l1_penalty(params, lam))


@task("l2_penalty", points=2, kind="shapes")
def test_l2_penalty_takes_networks_of_any_form(student, reference, rng):
    for sizes in [(3, 5), (1, 1), (4, 1, 6), (2, 7, 3, 5, 1)]:
        params, lam = network(rng, *sizes), float(rng.uniform(0.1, 2))
        agree(student.l2_penalty(params, lam), reference.l2_penalty(params, lam))


@task("l2_penalty", points=2, kind="rules")
def test_l2_penalty_does_not_count_biases(student, rng):
    for params in (network(rng, 3, 5, 2), network(rng, 4, 6)):
        still = [(np.zeros(W.shape), b) for W, b in params]
        agree(student.l2_penalty(still, 0.7), 0.0)


@task("l2_penalty", points=1, kind="edges")
def test_l2_penalty_of_strength_zero_is_zero(student, rng):
    agree(student.l2_penalty(network(rng, 3, 5, 2), 0.0), 0.0)


@task("d_l2_penalty", points=3, kind="rules")
def test_d_l2_penalty_is_the_slope_of_the_course_s_l2_penalty(student, reference, rng):
    params, lam = network(rng, 3, 5, 2), float(rng.uniform(0.1, 2))
    agree(student.d_l2_penalty(params, lam), slopes_of(reference.l2_penalty, params, lam), **SLOPE)


@task("d_l2_penalty", points=3, kind="shapes")
def test_d_l2_penalty_takes_networks_of_any_form(student, reference, rng):
    for sizes in [(3, 5), (1, 1), (4, 1, 6), (2, 7, 3, 5, 1)]:
        params, lam = network(rng, *sizes), float(rng.uniform(0.1, 2))
        agree(student.d_l2_penalty(params, lam), reference.d_l2_penalty(params, lam))


@pytest.mark.parametrize("kind", ["l1", "l2"])
@task("add_penalty", points=2)
def test_add_penalty_adds_to_loss_and_gradient(student, reference, rng, kind):
    for sizes in [(3, 5), (4, 1, 6), (2, 7, 3, 1)]:
        params, grads = network(rng, *sizes), network(rng, *sizes)
        loss, lam = float(rng.uniform(1, 3)), float(rng.uniform(0.1, 2))
        got = student.add_penalty(loss, grads, params, lam, kind)
        agree(got, reference.add_penalty(loss, grads, params, lam, kind))


@pytest.mark.parametrize("kind", ["l1", "l2"])
@task("proximal_step", points=2)
def test_proximal_step_follows_its_formula(student, reference, rng, kind):
    for sizes in [(3, 5), (1, 1), (4, 1, 6)]:
        params, lr, lam = network(rng, *sizes), *rng.uniform(0.2, 0.8, size=2).tolist()
        got = student.proximal_step(params, lr, lam, kind)
        agree(got, reference.proximal_step(params, lr, lam, kind))


@task("proximal_step", points=2, kind="edges")
def test_proximal_step_of_l1_makes_small_weights_exactly_zero(student, reference, rng):
    # Quarters and eighths: lr * lam is 0.25 exactly, and so are some of the weights.
    W = rng.permuted(np.tile([-0.25, -0.125, 0.0, 0.125, 0.25], (3, 1)), axis=1)
    params = [(W, away(rng, 5)), (W.T, away(rng, 3))]
    got = student.proximal_step(params, 0.5, 0.5, "l1")
    count = sum(int(np.count_nonzero(each)) for each, _ in got)
    expect(count == 0, "not_zero", count=count, size=2 * W.size)
    agree(got, reference.proximal_step(params, 0.5, 0.5, "l1"))


@task("proximal_step", points=2, kind="rules")
def test_proximal_step_of_l2_makes_no_weight_zero(student, reference, rng):
    params = [(away(rng, 3, 5) / 1000, away(rng, 5))]
    got = student.proximal_step(params, 4.0, 2.5, "l2")
    expect(all(np.all(np.asarray(W) != 0) for W, _ in got), "became_zero")
    # The weights are small, so the comparison must not forgive small differences.
    agree(got, reference.proximal_step(params, 4.0, 2.5, "l2"), atol=0.0)


@pytest.mark.parametrize("mode", MODES)
@task("dropout_forward", points=2, kind="shapes")
def test_dropout_forward_takes_any_rate_and_shape(student, rng, mode):
    for n, d, rate in [(60, 8, 0.25), (60, 12, 0.75), (120, 4, 0.25), (47, 16, 0.125)]:
        X = away(rng, n, d)
        demand_a_dropout(student.dropout_forward(X, rate, seed(rng), True, mode), X, rate, mode)


@task("dropout_forward", points=1, kind="edges")
def test_dropout_forward_with_rate_zero_drops_nothing(student, rng):
    for mode in MODES:
        for shape in [(3, 5), (1, 1), (0, 4), (4, 1)]:
            X = away(rng, *shape)
            out, mask = student.dropout_forward(X, 0.0, seed(rng), True, mode)
            agree(out, X)
            agree(mask, np.ones(shape), dtype="any")


@pytest.mark.parametrize("mode", MODES)
@task("dropout_forward", points=2, kind="chance")
def test_dropout_forward_is_right_over_ten_thousand_draws(student, rng, mode):
    d, rate = 8, 0.25
    x = away(rng, d)
    X = np.tile(x, (DRAWS, 1))
    out, mask = got = student.dropout_forward(X, rate, seed(rng), True, mode)
    demand_a_dropout(got, X, rate, mode)
    mask, keep = np.asarray(mask, float), 1 - rate
    demand_shares(mask, rate)
    # In mode "fixed", 6 of 8 units stay: 6 * 5 of the 8 * 7 ordered pairs.
    demand_pairs(mask, keep**2 if mode == "bernoulli" else 30 / 56)
    error = np.abs(x) * np.sqrt(rate / keep / DRAWS)
    for unit, mean in enumerate(np.mean(out, axis=0)):
        facts = {"got": f"{mean:.4f}", "wanted": f"{x[unit]:.4f}"}
        facts["tolerance"] = f"{ERRORS * error[unit]:.4f}"
        close = abs(mean - x[unit]) <= ERRORS * error[unit]
        expect(close, "mean_out", draws=DRAWS, unit=unit, **facts)


def demand_shares(mask, rate):
    keep = 1 - rate
    tolerance = ERRORS * np.sqrt(rate * keep / DRAWS)
    for unit, share in enumerate(mask.mean(axis=0)):
        facts = {"got": f"{share:.4f}", "wanted": keep, "tolerance": f"{tolerance:.4f}"}
        close = abs(share - keep) <= tolerance
        expect(close, "kept_share", draws=DRAWS, unit=unit, rate=rate, **facts)


def demand_pairs(mask, wanted):
    tolerance = ERRORS * np.sqrt(wanted * (1 - wanted) / DRAWS)
    for other in range(1, mask.shape[1]):
        share = np.mean(mask[:, 0] * mask[:, other])
        facts = {"got": f"{share:.4f}", "wanted": f"{wanted:.4f}", "tolerance": f"{tolerance:.4f}"}
        close = abs(share - wanted) <= tolerance
        expect(close, "pairs", draws=DRAWS, one=0, other=other, **facts)


@pytest.mark.parametrize("mode", MODES)
@task("dropout_forward", points=1.5)
def test_dropout_forward_does_nothing_at_test_time_to_any_input(student, rng, mode):
    for n, d in [(30, 8), (3, 5), (1, 1), (0, 4)]:
        demand_nothing_happens(student, away(rng, n, d), 0.25, mode, seed(rng), seed(rng))


@task("dropout_backward", points=4)
def test_dropout_backward_uses_the_given_mask(student, reference, rng):
    for n, d, rate in [(3, 5, 0.4), (1, 1, 0.1), (7, 2, 0.9), (0, 4, 0.3)]:
        dout, mask = rng.normal(size=(n, d)), rng.integers(0, 2, size=(n, d)).astype(float)
        got = student.dropout_backward(dout, mask, rate)
        agree(got, reference.dropout_backward(dout, mask, rate))
    dout = rng.normal(size=(4, 6))
    agree(student.dropout_backward(dout, np.ones((4, 6)), 0.0), dout)
