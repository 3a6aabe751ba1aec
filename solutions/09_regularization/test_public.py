"""Checks that every learner gets."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.checks import Seed, agree, expect, leaves_arguments_alone, probe, task

# The worked example: the weights are all different from one another, and the biases are large.
LAYERS = [
    (np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([5.0, 5.0])),
    (np.array([[0.5], [-1.5]]), np.array([7.0])),
]
GRADS = [
    (np.array([[0.5, 0.5], [-1.0, 0.25]]), np.array([0.25, -2.0])),
    (np.array([[3.0], [-0.5]]), np.array([1.0])),
]
# Samples for dropout: short numbers, none of them 0.
TABLE = ((np.arange(480) % 7 + 1) * (-1) ** (np.arange(480) % 3) / 2).reshape(60, 8)
MODES = ("bernoulli", "fixed")
DRAWS = 10_000
# A right program is this many standard errors off once in two million times.
ERRORS = 5


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


@task("l1_penalty", points=2)
def test_l1_penalty_has_the_worked_value(student):
    agree(student.l1_penalty(LAYERS, 0.1), 0.8)


@task("l1_penalty", points=2)
def test_l1_penalty_counts_the_weights_of_all_layers(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.l1_penalty(params, 0.3), reference.l1_penalty(params, 0.3))


@task("l1_penalty", points=1)
def test_l1_penalty_leaves_its_inputs_alone(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(
        leaves_arguments_alone(student.l1_penalty, params, 0.3), reference.l1_penalty(params, 0.3)
    )


@task("d_l1_penalty", points=2)
def test_d_l1_penalty_has_the_worked_values(student):
    wanted = [
        (np.array([[0.1, -0.1], [0.0, 0.1]]), np.zeros(2)),
        (np.array([[0.1], [-0.1]]), np.zeros(1)),
    ]
    agree(student.d_l1_penalty(LAYERS, 0.1), wanted)
    wanted = [(np.array([[0.5, -0.5], [0.0, 0.5]]), np.zeros(2))]
    agree(student.d_l1_penalty(LAYERS[:1], 0.5), wanted)


@task("d_l1_penalty", points=1)
def test_d_l1_penalty_has_the_form_of_the_parameters(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.d_l1_penalty(params, 0.3), reference.d_l1_penalty(params, 0.3))


@task("d_l1_penalty", points=1)
def test_d_l1_penalty_leaves_its_inputs_alone(student, reference, rng):
    params = network(rng, 3, 5, 2)
    got = leaves_arguments_alone(student.d_l1_penalty, params, 0.3)
    agree(got, reference.d_l1_penalty(params, 0.3))


@task("l2_penalty", points=2)
def test_l2_penalty_has_the_worked_value(student):
    agree(student.l2_penalty(LAYERS, 0.1), 1.65)


@task("l2_penalty", points=2)
def test_l2_penalty_counts_the_weights_of_all_layers(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.l2_penalty(params, 0.3), reference.l2_penalty(params, 0.3))


@task("l2_penalty", points=1)
def test_l2_penalty_leaves_its_inputs_alone(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(
        leaves_arguments_alone(student.l2_penalty, params, 0.3), reference.l2_penalty(params, 0.3)
    )


@task("d_l2_penalty", points=2)
def test_d_l2_penalty_has_the_worked_values(student):
    wanted = [
        (np.array([[0.2, -0.4], [0.0, 0.6]]), np.zeros(2)),
        (np.array([[0.1], [-0.3]]), np.zeros(1)),
    ]
    agree(student.d_l2_penalty(LAYERS, 0.1), wanted)
    wanted = [(np.array([[1.0, -2.0], [0.0, 3.0]]), np.zeros(2))]
    agree(student.d_l2_penalty(LAYERS[:1], 0.5), wanted)


@task("d_l2_penalty", points=1)
def test_d_l2_penalty_has_the_form_of_the_parameters(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.d_l2_penalty(params, 0.3), reference.d_l2_penalty(params, 0.3))


@task("d_l2_penalty", points=1)
def test_d_l2_penalty_leaves_its_inputs_alone(student, reference, rng):
    params = network(rng, 3, 5, 2)
    got = leaves_arguments_alone(student.d_l2_penalty, params, 0.3)
    agree(got, reference.d_l2_penalty(params, 0.3))


@pytest.mark.parametrize("kind", ["l1", "l2"])
@task("add_penalty", points=2)
def test_add_penalty_has_the_worked_values(student, reference, kind):
    params, grads = [(np.array([[3.0]]), np.array([1.0]))], [(np.array([[0.5]]), np.array([0.25]))]
    total, slope = {"l1": (2.3, 0.6), "l2": (2.9, 1.1)}[kind]
    wanted = total, [(np.array([[slope]]), np.array([0.25]))]
    agree(student.add_penalty(2.0, grads, params, 0.1, kind), wanted)
    got = student.add_penalty(2.0, GRADS, LAYERS, 0.1, kind)
    agree(got, reference.add_penalty(2.0, GRADS, LAYERS, 0.1, kind))


@task("add_penalty", points=2)
def test_add_penalty_leaves_its_inputs_alone(student, reference, rng):
    params, grads = network(rng, 3, 5, 2), network(rng, 3, 5, 2)
    for kind in ("l1", "l2"):
        got = leaves_arguments_alone(student.add_penalty, 1.5, grads, params, 0.3, kind)
        agree(got, reference.add_penalty(1.5, grads, params, 0.3, kind))


@task("proximal_step", points=3)
def test_proximal_step_of_l1_has_the_worked_values(student):
    W, b = np.array([[1.0, -0.1], [0.25, -2.0]]), np.array([5.0, -0.125])
    wanted = [(np.array([[0.75, 0.0], [0.0, -1.75]]), b)]
    agree(student.proximal_step([(W, b)], 0.5, 0.5, "l1"), wanted)
    agree(student.proximal_step([(np.abs(W) * [[1, 1], [1, -1]], b)], 0.5, 0.5, "l1"), wanted)


@task("proximal_step", points=2)
def test_proximal_step_of_l2_has_the_worked_values(student):
    W, b = np.array([[1.0, -0.1], [0.25, -2.0]]), np.array([5.0, -0.125])
    agree(student.proximal_step([(W, b)], 0.5, 0.5, "l2"), [(W / 1.5, b)])


@task("proximal_step", points=2)
def test_proximal_step_leaves_its_inputs_alone(student, reference, rng):
    params = network(rng, 3, 5, 2)
    for kind in ("l1", "l2"):
        got = leaves_arguments_alone(student.proximal_step, params, 0.5, 0.6, kind)
        agree(got, reference.proximal_step(params, 0.5, 0.6, kind))


@pytest.mark.parametrize("mode", MODES)
@task("dropout_forward", points=2)
def test_dropout_forward_drops_and_scales_in_training(student, mode):
    got = student.dropout_forward(TABLE, 0.75, Seed(1), True, mode)
    demand_a_dropout(got, TABLE, 0.75, mode)


@task("dropout_forward", points=2)
def test_dropout_forward_does_nothing_at_test_time(student):
    X = np.array([[2.0, 4.0, 6.0, 8.0], [-1.0, -3.0, -5.0, -7.0], [9.0, 10.0, 11.0, 12.0]])
    for mode in MODES:
        demand_nothing_happens(student, X, 0.75, mode, Seed(1), Seed(2))


def kept_together(program, rate, rng, mode, draws):
    """Return how often each of 8 units is kept, and how often together with the first one."""
    import numpy as np

    mask = np.asarray(program.dropout_forward(np.ones((draws, 8)), rate, rng, True, mode)[1], float)
    return mask.mean(axis=0), (mask[:, :1] * mask[:, 1:]).mean(axis=0)


@pytest.mark.parametrize("mode", MODES)
@task("dropout_forward", points=1)
def test_dropout_forward_gives_every_unit_the_same_chance(student, mode):
    rate, keep = 0.25, 0.75
    shares, pairs = probe(student, kept_together, shows="of_many_rows")(rate, Seed(8), mode, DRAWS)
    # In mode "fixed", 6 of 8 units stay: 6 * 5 of the 8 * 7 ordered pairs.
    together = keep**2 if mode == "bernoulli" else 30 / 56
    for unit, share in enumerate(shares):
        facts = {"got": f"{share:.4f}", "wanted": keep, "draws": DRAWS, "unit": unit}
        tolerance = ERRORS * np.sqrt(rate * keep / DRAWS)
        facts["tolerance"] = f"{tolerance:.4f}"
        expect(abs(share - keep) <= tolerance, "kept_share", rate=rate, **facts)
    for other, share in enumerate(pairs, start=1):
        facts = {"got": f"{share:.4f}", "wanted": f"{together:.4f}", "draws": DRAWS, "one": 0}
        tolerance = ERRORS * np.sqrt(together * (1 - together) / DRAWS)
        facts["tolerance"] = f"{tolerance:.4f}"
        expect(abs(share - together) <= tolerance, "pairs", other=other, **facts)


@task("dropout_forward", points=1)
def test_dropout_forward_lets_the_count_vary_in_mode_bernoulli(student):
    _, mask = student.dropout_forward(TABLE[:20], 0.75, Seed(9), True, "bernoulli")
    expect(np.shape(mask) == (20, 8), "mask_shape", got=str(np.shape(mask)), wanted="(20, 8)")
    expect(np.ptp(np.asarray(mask, float).sum(axis=1)) > 0, "count_varies", rows=20)


@task("dropout_forward", points=1)
def test_dropout_forward_takes_the_example_and_no_rows_at_all(student):
    out, mask = student.dropout_forward(np.ones((2, 4)), 0.5, Seed(0), True, "fixed")
    agree(np.sum(mask, axis=1), np.array([2.0, 2.0]))
    agree(np.sum(out, axis=1), np.array([4.0, 4.0]))
    for mode in MODES:
        out, mask = student.dropout_forward(np.ones((0, 4)), 0.25, Seed(0), True, mode)
        agree(out, np.ones((0, 4)))
        agree(mask, np.ones((0, 4)), dtype="any")


def masks_of_two_calls(program, X, rate, rng, mode):
    return [program.dropout_forward(X.copy(), rate, rng, True, mode)[1] for _ in range(2)]


@task("dropout_forward", points=2)
def test_dropout_forward_draws_from_the_generator_it_is_given(student):
    X, one, other = np.ones((6, 8)), Seed(3), Seed(4)
    for mode in MODES:
        masks = [student.dropout_forward(X, 0.5, each, True, mode)[1] for each in (one, one, other)]
        expect(np.array_equal(masks[0], masks[1]), "same_seed")
        expect(not np.array_equal(masks[0], masks[2]), "other_seed")
        twice = probe(student, masks_of_two_calls, shows="of_two_calls")(X, 0.5, Seed(5), mode)
        expect(not np.array_equal(*twice), "second_draw")


@task("dropout_forward", points=1)
def test_dropout_forward_leaves_its_input_alone(student):
    for mode in MODES:
        leaves_arguments_alone(student.dropout_forward, TABLE[:6], 0.75, Seed(6), True, mode)


@task("dropout_backward", points=2)
def test_dropout_backward_has_the_worked_values(student):
    dout, mask = np.array([[1.0, -1.0, 3.0, 2.0]]), np.array([[1.0, 0.0, 0.0, 1.0]])
    agree(student.dropout_backward(dout, mask, 0.75), np.array([[4.0, 0.0, 0.0, 8.0]]))
    dout = np.array([[1.0, 5.0, 3.0, 2.0]])
    agree(student.dropout_backward(dout, mask, 0.75), np.array([[4.0, 0.0, 0.0, 8.0]]))


@task("dropout_backward", points=2)
def test_dropout_backward_keeps_the_shape(student, reference, rng):
    dout, mask = away(rng, 3, 5), np.array([[1.0, 0, 1, 1, 0], [0, 1, 1, 0, 1], [1, 1, 0, 1, 1]])
    agree(student.dropout_backward(dout, mask, 0.4), reference.dropout_backward(dout, mask, 0.4))


@task("dropout_backward", points=2)
def test_dropout_backward_leaves_its_inputs_alone(student, reference, rng):
    dout, mask = away(rng, 3, 5), np.tile([1.0, 0.0, 1.0, 1.0, 0.0], (3, 1))
    got = leaves_arguments_alone(student.dropout_backward, dout, mask, 0.4)
    agree(got, reference.dropout_backward(dout, mask, 0.4))
