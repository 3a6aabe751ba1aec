"""Checks that every learner gets."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.checks import Seed, agree, expect, task

# The worked example: the weights are all different from one another, and the biases are large.
LAYERS = [
    (np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([5.0, 5.0])),
    (np.array([[0.5], [-1.5]]), np.array([7.0])),
]
GRADS = [
    (np.array([[0.5, 0.5], [-1.0, 0.25]]), np.array([0.25, -2.0])),
    (np.array([[3.0], [-0.5]]), np.array([1.0])),
]
MODES = ("bernoulli", "fixed")


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
    # The rates of these checks are so far from one half that luck cannot look like this.
    swapped = abs(dropped / size - keep) < abs(dropped / size - rate)
    facts = {"rate": rate, "dropped": dropped, "size": size}
    expect(not swapped, "mask_swapped", misconception="A9.7", **facts)
    same_rows = (mask == mask[0]).all()
    expect(not same_rows, "rows_equal", misconception="A9.6", rows=len(X))
    expect(not np.allclose(out, X * mask), "out_unscaled", misconception="A9.4")
    expect(not np.allclose(out, X * mask / rate), "out_swapped", misconception="A9.7")
    if mode != "bernoulli":
        counts, wanted = (mask == 0).sum(axis=1), round(rate * X.shape[1])
        other = counts[counts != wanted]
        seen = int(other[0]) if other.size else wanted
        expect(seen == wanted, "fixed_count", wanted=wanted, got=seen, units=X.shape[1])
    agree(out, X * mask / keep)


@task("l1_penalty", points=2)
def test_l1_penalty_has_the_worked_value(student):
    agree(student.l1_penalty(LAYERS, 0.1), 0.8)


@task("l1_penalty", points=2)
def test_l1_penalty_counts_the_weights_of_all_layers(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.l1_penalty(params, 0.3), reference.l1_penalty(params, 0.3))


@task("d_l1_penalty", points=2)
def test_d_l1_penalty_has_the_worked_values(student):
    wanted = [
        (np.array([[0.1, -0.1], [0.0, 0.1]]), np.zeros(2)),
        (np.array([[0.1], [-0.1]]), np.zeros(1)),
    ]
    agree(student.d_l1_penalty(LAYERS, 0.1), wanted)


@task("d_l1_penalty", points=1)
def test_d_l1_penalty_has_the_form_of_the_parameters(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.d_l1_penalty(params, 0.3), reference.d_l1_penalty(params, 0.3))


@task("l2_penalty", points=2)
def test_l2_penalty_has_the_worked_value(student):
    agree(student.l2_penalty(LAYERS, 0.1), 1.65)


@task("l2_penalty", points=2)
def test_l2_penalty_counts_the_weights_of_all_layers(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.l2_penalty(params, 0.3), reference.l2_penalty(params, 0.3))


@task("d_l2_penalty", points=2)
def test_d_l2_penalty_has_the_worked_values(student):
    wanted = [
        (np.array([[0.2, -0.4], [0.0, 0.6]]), np.zeros(2)),
        (np.array([[0.1], [-0.3]]), np.zeros(1)),
    ]
    agree(student.d_l2_penalty(LAYERS, 0.1), wanted)


@task("d_l2_penalty", points=1)
def test_d_l2_penalty_has_the_form_of_the_parameters(student, reference, rng):
    params = network(rng, 3, 5, 2)
    agree(student.d_l2_penalty(params, 0.3), reference.d_l2_penalty(params, 0.3))


@pytest.mark.parametrize("kind", ["l1", "l2"])
@task("add_penalty", points=2)
def test_add_penalty_has_the_worked_values(student, reference, kind):
    got = student.add_penalty(2.0, GRADS, LAYERS, 0.1, kind)
    agree(got, reference.add_penalty(2.0, GRADS, LAYERS, 0.1, kind))


@task("proximal_step", points=3)
def test_proximal_step_of_l1_has_the_worked_values(student):
    params = [(np.array([[1.0, -0.1], [0.25, -2.0]]), np.array([5.0, 5.0]))]
    wanted = [(np.array([[0.75, 0.0], [0.0, -1.75]]), np.array([5.0, 5.0]))]
    agree(student.proximal_step(params, 0.5, 0.5, "l1"), wanted)


@task("proximal_step", points=2)
def test_proximal_step_of_l2_has_the_worked_values(student):
    W, b = np.array([[1.0, -0.1], [0.25, -2.0]]), np.array([5.0, 5.0])
    agree(student.proximal_step([(W, b)], 0.5, 0.5, "l2"), [(W / 1.5, b)])


@pytest.mark.parametrize("mode", MODES)
@task("dropout_forward", points=3)
def test_dropout_forward_drops_and_scales_in_training(student, rng, mode):
    X = away(rng, 20, 8)
    demand_a_dropout(student.dropout_forward(X, 0.25, Seed(1), True, mode), X, 0.25, mode)


@task("dropout_forward", points=2)
def test_dropout_forward_does_nothing_at_test_time(student):
    X = np.array([[2.0, 4.0, 6.0, 8.0], [-1.0, -3.0, -5.0, -7.0], [9.0, 10.0, 11.0, 12.0]])
    for mode in MODES:
        out, mask = student.dropout_forward(X, 0.75, Seed(1), False, mode)
        dropped = np.shape(out) == X.shape and np.any(np.asarray(out) == 0)
        expect(not dropped, "test_drops", misconception="A9.5")
        agree(out, X)
        agree(mask, np.ones(X.shape), dtype="any")


@task("dropout_backward", points=2)
def test_dropout_backward_has_the_worked_values(student):
    dout, mask = np.array([[1.0, -1.0, 3.0, 2.0]]), np.array([[1.0, 0.0, 0.0, 1.0]])
    agree(student.dropout_backward(dout, mask, 0.75), np.array([[4.0, 0.0, 0.0, 8.0]]))


@task("dropout_backward", points=2)
def test_dropout_backward_keeps_the_shape(student, reference, rng):
    dout, mask = away(rng, 3, 5), np.array([[1.0, 0, 1, 1, 0], [0, 1, 1, 0, 1], [1, 1, 0, 1, 1]])
    agree(student.dropout_backward(dout, mask, 0.4), reference.dropout_backward(dout, mask, 0.4))
