"""Checks that every learner gets."""

import itertools

import numpy as np

from autograder.checks import agree, code, expect, leaves_arguments_alone, task, warns_nothing

W1 = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 1.0]])
B1 = np.array([0.0, -3.0, 1.0])
W2 = np.array([[1.0, 0.0], [7.0, 7.0], [0.0, -1.0]])
B2 = np.array([0.0, 1.0])
SHARES = [0.6652409557748218, 0.24472847105479764, 0.09003057317038046]
# Rows that overflow without a shift, and one so low that the maximum of the whole table sinks it.
FAR = np.array(
    [[1000.0, 0.0, -1000.0, 5.0], [998.0, 999.0, 1000.0, 2.0], [-1000.0, -1003.0, -1001.0, -1002.0]]
)
# 1 - EPS is rounded to 1.0000889e-12 below 1, which moves the logit at p = 1 by 9e-5 of 27.6.
ENDS = {"rtol": 1e-5}


def rectified(z):
    import numpy as np

    return np.maximum(z, 0.0)


def bent(z):
    return z * z + 100


def share_of_its_row(z):
    import numpy as np

    return z / (1 + np.mean(np.abs(z), axis=-1, keepdims=True))


def network(rng, *sizes):
    """Draw a network with some dead and some living hidden units for most samples."""
    return [
        {"W": rng.normal(size=(d_in, d_out)), "b": rng.normal(size=d_out)}
        for d_in, d_out in itertools.pairwise(sizes)
    ]


@task("layer", points=1)
def test_layer_has_the_worked_values(student):
    X = np.array([[1.0, 2.0], [0.0, 1.0]])
    wanted = np.array([[5.0, 0.0, 2.0], [2.0, 0.0, 2.0]])
    agree(student.layer(X, W1, B1, code(rectified)), wanted)


@task("layer", points=1)
def test_layer_applies_the_function_it_is_given(student, reference, rng):
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    f = code(bent)
    agree(student.layer(X, W, b, f), reference.layer(X, W, b, f))


@task("layer", points=1)
def test_layer_takes_any_number_of_rows(student, reference, rng):
    f = code(rectified)
    for n, d_in, d_out in [(5, 3, 4), (1, 4, 2), (3, 1, 2), (0, 3, 5)]:
        X, W, b = rng.normal(size=(n, d_in)), rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)
        agree(student.layer(X, W, b, f), reference.layer(X, W, b, f))


@task("layer", points=1)
def test_layer_hands_whole_rows_to_the_function(student, reference, rng):
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    f = code(share_of_its_row)
    agree(student.layer(X, W, b, f), reference.layer(X, W, b, f))


@task("layer", points=1)
def test_layer_leaves_its_inputs_alone(student, reference, rng):
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    f = code(rectified)
    agree(leaves_arguments_alone(student.layer, X, W, b, f), reference.layer(X, W, b, f))


@task("forward", points=1)
def test_forward_has_the_worked_logits(student):
    params = [{"W": W1, "b": B1}, {"W": W2, "b": B2}]
    wanted = np.array([[5.0, -1.0], [2.0, -1.0]])
    got = student.forward(np.array([[1.0, 2.0], [0.0, 1.0]]), params)
    expect(not np.array_equal(got, np.maximum(wanted, 0)), "relu_at_the_end")
    agree(got, wanted)


@task("forward", points=2)
def test_forward_runs_networks_of_any_depth(student, reference, rng):
    # Layers of equal sizes among them: whether relu belongs there does not depend on sizes.
    for sizes in [(3, 5, 2), (4, 4, 4, 4), (2, 6, 6, 3), (3, 2, 5, 4, 6, 2)]:
        X, params = rng.normal(size=(6, sizes[0])), network(rng, *sizes)
        agree(student.forward(X, params), reference.forward(X, params))


@task("forward", points=1)
def test_forward_with_one_layer_is_that_layer_without_activation(student, reference, rng):
    X, params = rng.normal(size=(6, 3)), network(rng, 3, 4)
    agree(student.forward(X, params), reference.forward(X, params))


@task("forward", points=1)
def test_forward_leaves_its_inputs_alone(student, reference, rng):
    for sizes in [(3, 3, 3, 3), (4, 5, 2)]:
        X, params = rng.normal(size=(6, sizes[0])), network(rng, *sizes)
        got = leaves_arguments_alone(student.forward, X, params)
        agree(got, reference.forward(X, params))


@task("softmax", points=1)
def test_softmax_has_the_worked_values(student):
    Z = np.array([[2.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    moved = [SHARES[1], SHARES[2], SHARES[0]]
    agree(student.softmax(Z), np.array([SHARES, moved, [1 / 3, 1 / 3, 1 / 3]]))


@task("softmax", points=1)
def test_softmax_makes_every_row_a_distribution(student, reference, rng):
    # Square first: it tells a lost dimension from any other reason why (3, 5) should fail.
    square, wide = rng.normal(size=(4, 4)), rng.normal(size=(3, 5))
    got = student.softmax(square)
    agree(student.softmax(wide), reference.softmax(wide))
    agree(got, reference.softmax(square))


@task("softmax", points=2)
def test_softmax_is_safe_for_large_scores(student, reference):
    got = warns_nothing(student.softmax, FAR)
    agree(got, reference.softmax(FAR))


@task("softmax", points=1)
def test_softmax_goes_along_the_axis_it_is_given(student, reference, rng):
    Z, row, stack = rng.normal(size=(3, 4)), rng.normal(size=5), rng.normal(size=(2, 3, 4))
    agree(student.softmax(Z, 0), reference.softmax(Z, 0))
    agree(student.softmax(row), reference.softmax(row))
    agree(student.softmax(stack, 1), reference.softmax(stack, 1))


@task("softmax", points=1)
def test_softmax_leaves_its_input_alone(student, reference, rng):
    Z = rng.normal(size=(3, 4))
    agree(leaves_arguments_alone(student.softmax, Z), reference.softmax(Z))


@task("log_softmax", points=1)
def test_log_softmax_has_the_worked_values(student):
    Z = np.array([[2.0, 1.0, 0.0], [5.0, 5.0, 5.0], [1.0, 0.0, 2.0]])
    logs = np.log(SHARES)
    wanted = np.array([logs, np.full(3, -np.log(3)), [logs[1], logs[2], logs[0]]])
    agree(student.log_softmax(Z), wanted)


@task("log_softmax", points=1)
def test_log_softmax_keeps_the_shape(student, reference, rng):
    square, wide = rng.normal(size=(4, 4)), rng.normal(size=(3, 5))
    got = student.log_softmax(square)
    agree(student.log_softmax(wide), reference.log_softmax(wide))
    agree(got, reference.log_softmax(square))


@task("log_softmax", points=1)
def test_log_softmax_is_safe_for_large_scores(student, reference):
    # Asked without a verdict first, so that the logarithm of 0 can be told from an overflow.
    got = student.log_softmax(FAR)
    expect(not is_log_of_zero(got, reference.softmax(FAR) == 0), "log_of_zero")
    agree(warns_nothing(student.log_softmax, FAR), reference.log_softmax(FAR))


def is_log_of_zero(got, too_small):
    """Tell whether -inf stands just where the softmax is too small to hold."""
    try:
        values = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return False
    return np.array_equal(np.isneginf(values), too_small) and not np.isnan(values).any()


@task("log_softmax", points=1)
def test_log_softmax_goes_along_the_axis_it_is_given(student, reference, rng):
    Z, row, stack = rng.normal(size=(3, 4)), rng.normal(size=5), rng.normal(size=(2, 3, 4))
    agree(student.log_softmax(Z, 0), reference.log_softmax(Z, 0))
    agree(student.log_softmax(row), reference.log_softmax(row))
    agree(student.log_softmax(stack, 1), reference.log_softmax(stack, 1))


@task("log_softmax", points=1)
def test_log_softmax_leaves_its_input_alone(student, reference, rng):
    Z = rng.normal(size=(3, 4))
    agree(leaves_arguments_alone(student.log_softmax, Z), reference.log_softmax(Z))


@task("softmax_jacobian", points=1)
def test_softmax_jacobian_has_the_worked_values(student):
    slope = 0.1875
    got = student.softmax_jacobian(np.array([0.0, np.log(3)]))
    agree(got, np.array([[slope, -slope], [-slope, slope]]))


@task("softmax_jacobian", points=1)
def test_softmax_jacobian_is_a_table_of_all_pairs(student, reference, rng):
    for k in (4, 3, 1):
        z = rng.normal(size=k)
        agree(student.softmax_jacobian(z), reference.softmax_jacobian(z))


@task("softmax_jacobian", points=1)
def test_softmax_jacobian_is_safe_for_large_scores(student, reference):
    for z in FAR:
        agree(warns_nothing(student.softmax_jacobian, z), reference.softmax_jacobian(z))


@task("softmax_jacobian", points=1)
def test_softmax_jacobian_leaves_its_input_alone(student, reference, rng):
    z = rng.normal(size=4)
    agree(leaves_arguments_alone(student.softmax_jacobian, z), reference.softmax_jacobian(z))


@task("logit", points=1)
def test_logit_has_the_worked_values(student):
    p = np.array([0.2, 0.5, 0.8, 0.9])
    wanted = [-1.3862943611198906, 0.0, 1.3862943611198906, 2.1972245773362196]
    agree(student.logit(p), np.array(wanted))


@task("logit", points=1)
def test_logit_of_certainty_is_finite(student, reference):
    p = np.array([[0.0, 1e-20, 0.25], [1.0, 0.75, 0.5]])
    # Any shape, and first without an end: what is wrong there as well has another cause.
    agree(student.logit(p[:, 2:]), reference.logit(p[:, 2:]))
    agree(warns_nothing(student.logit, p), reference.logit(p), **ENDS)


@task("logit", points=1)
def test_logit_leaves_its_input_alone(student, reference):
    # With certain ones among them: clipping is what writes into an argument.
    p = np.array([[0.0, 0.3, 0.9], [1.0, 0.5, 0.2]])
    agree(leaves_arguments_alone(student.logit, p), reference.logit(p), **ENDS)


@task("probabilities", points=1)
def test_probabilities_have_the_worked_values(student):
    # One row first: rows that are taken for columns show there.
    row = student.probabilities(np.array([[0.0, np.log(3)]]))
    several = student.probabilities(np.array([[0.0, np.log(3)], [0.0, 0.0]]))
    one = student.probabilities(np.array([[0.0], [np.log(4)], [-np.log(9)]]))
    agree(several, np.array([[0.25, 0.75], [0.5, 0.5]]))
    agree(one, np.array([[0.5], [0.8], [0.1]]))
    agree(row, np.array([[0.25, 0.75]]))


@task("probabilities", points=1)
def test_probabilities_are_safe_for_large_scores_and_leave_them_alone(student, reference):
    for Z in (FAR, FAR[:1], FAR[:, :1], FAR[:1].T):
        warns_nothing(student.probabilities, Z)
        agree(leaves_arguments_alone(student.probabilities, Z), reference.probabilities(Z))


@task("param_count", points=1)
def test_param_count_has_the_worked_values(student):
    # The last call is the one that the sentence speaks of.
    digits, small = student.param_count([784, 128, 64, 10]), student.param_count([2, 3, 2])
    expect(not np.array_equal(small, 12), "no_biases")
    agree(small, 17)
    agree(digits, 109386)


@task("param_count", points=1)
def test_param_count_leaves_its_list_alone(student):
    deep = leaves_arguments_alone(student.param_count, [5, 3, 4, 4, 2])
    one = leaves_arguments_alone(student.param_count, [3])
    agree(deep, 64)
    agree(one, 0)
