"""Checks that learners never see."""

import itertools

import numpy as np

from autograder.checks import agree, code, expect, leaves_arguments_alone, task, warns_nothing

# Rows that overflow without a shift, and one so low that the maximum of the whole table sinks it.
FAR = np.array([[1000.0, 0.0, -1000.0], [998.0, 999.0, 1000.0], [-1000.0, -1001.0, -1002.0]])
# A central difference with h = 1e-5 is good to about 1e-10; a wrong slope is off by far more.
SLOPE = {"rtol": 1e-6, "atol": 1e-8}
# 1 - EPS is rounded to 1.0000889e-12 below 1, which moves the logit at p = 1 by 9e-5 of 27.6.
ENDS = {"rtol": 1e-5}


def identity(z):
    return z


def curved(z):
    import numpy as np

    return np.sin(z) + 3


def share_of_its_row(z):
    import numpy as np

    return z / (1 + np.mean(np.abs(z), axis=-1, keepdims=True))


def network(rng, *sizes):
    """Draw a network with some dead and some living hidden units for most samples."""
    return [
        {"W": rng.normal(size=(d_in, d_out)), "b": rng.normal(size=d_out)}
        for d_in, d_out in itertools.pairwise(sizes)
    ]


@task("layer", points=2, kind="shapes")
def test_layer_takes_any_number_of_rows_inputs_and_neurons(student, reference, rng):
    f = code(curved)
    for n, d_in, d_out in [
        (3, 5, 4),
        (4, 3, 5),
        (1, 1, 1),
        (1, 4, 2),
        (6, 1, 3),
        (5, 5, 5),
        (0, 3, 4),
    ]:
        X, W, b = rng.normal(size=(n, d_in)), rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)
        agree(student.layer(X, W, b, f), reference.layer(X, W, b, f))
    X, W, b = rng.normal(size=(3, 5)), rng.normal(size=(5, 4)), rng.normal(size=4)
    f = code(share_of_its_row)
    agree(student.layer(X, W, b, f), reference.layer(X, W, b, f))


@task("layer", points=1, kind="unchanged")
def test_layer_leaves_its_inputs_alone(student, reference, rng):
    X, W, b = rng.normal(size=(3, 5)), rng.normal(size=(5, 4)), rng.normal(size=4)
    f = code(curved)
    agree(leaves_arguments_alone(student.layer, X, W, b, f), reference.layer(X, W, b, f))


@task("forward", points=2, kind="shapes")
def test_forward_runs_networks_of_any_depth(student, reference, rng):
    for sizes in [(3, 5, 4), (5, 3, 6, 2), (4, 4, 4, 4), (6, 5, 5, 2), (2, 7, 5, 3, 4)]:
        X, params = rng.normal(size=(20, sizes[0])), network(rng, *sizes)
        agree(student.forward(X, params), reference.forward(X, params))


@task("forward", points=1, kind="edges")
def test_forward_with_one_layer_is_that_layer_without_activation(student, reference, rng):
    X, params = rng.normal(size=(20, 3)), network(rng, 3, 5)
    agree(student.forward(X, params), reference.forward(X, params))


@task("forward", points=1, kind="rules")
def test_forward_returns_logits_and_not_probabilities(student, reference, rng):
    for sizes in [(3, 5, 4), (4, 5, 1)]:
        X, params = rng.normal(size=(20, sizes[0])), network(rng, *sizes)
        got, wanted = student.forward(X, params), reference.forward(X, params)
        if np.shape(got) == wanted.shape:
            values = np.asarray(got, dtype=float)
            shares = values.min() >= 0 and np.allclose(values.sum(axis=1), 1)
            between = sizes[-1] == 1 and values.min() > 0 and values.max() < 1
            wrong = not np.allclose(values, wanted)
            expect(not (wrong and (shares or between)), "probabilities_for_logits")
        agree(got, wanted)


@task("forward", points=1, kind="unchanged")
def test_forward_leaves_its_inputs_alone(student, reference, rng):
    X, params = rng.normal(size=(3, 4)), network(rng, 4, 4, 4, 2)
    agree(leaves_arguments_alone(student.forward, X, params), reference.forward(X, params))


@task("softmax", points=1, kind="shapes")
def test_softmax_is_right_when_there_are_as_many_samples_as_classes(student, reference, rng):
    for k in (3, 5):
        Z = rng.normal(scale=2, size=(k, k))
        agree(student.softmax(Z), reference.softmax(Z))


@task("softmax", points=1, kind="rules")
def test_softmax_does_not_change_when_a_row_is_shifted(student, reference, rng):
    Z = rng.normal(size=(5, 5))
    shift = np.array([[0.0], [3.0], [-20.0], [50.0], [-100.0]])
    agree(student.softmax(Z + shift), reference.softmax(Z))


@task("softmax", points=2, kind="extremes")
def test_softmax_is_safe_for_large_scores(student, reference):
    agree(warns_nothing(student.softmax, FAR), reference.softmax(FAR))


@task("softmax", points=1, kind="shapes")
def test_softmax_goes_along_the_axis_it_is_given(student, reference, rng):
    Z, row, stack = rng.normal(size=(3, 3)), rng.normal(size=5), rng.normal(size=(2, 3, 4))
    agree(student.softmax(Z, 0), reference.softmax(Z, 0))
    agree(student.softmax(row), reference.softmax(row))
    agree(student.softmax(stack), reference.softmax(stack))
    for axis in (0, 1, -1):
        agree(student.softmax(stack, axis), reference.softmax(stack, axis))
    for shape in [(1, 1), (4, 1), (1, 4)]:
        Z = rng.normal(size=shape)
        agree(student.softmax(Z), reference.softmax(Z))


@task("softmax", points=1, kind="unchanged")
def test_softmax_leaves_its_input_alone(student, reference, rng):
    Z = rng.normal(size=(4, 4))
    agree(leaves_arguments_alone(student.softmax, Z), reference.softmax(Z))


@task("log_softmax", points=1, kind="extremes")
def test_log_softmax_is_safe_for_large_scores(student, reference):
    # Asked without a verdict first, so that the logarithm of 0 can be told from an overflow.
    got = np.asarray(student.log_softmax(FAR), dtype=float)
    too_small = reference.softmax(FAR) == 0
    log_of_zero = np.array_equal(np.isneginf(got), too_small) and not np.isnan(got).any()
    expect(not log_of_zero, "log_of_zero")
    agree(warns_nothing(student.log_softmax, FAR), reference.log_softmax(FAR))


@task("log_softmax", points=1, kind="shapes")
def test_log_softmax_goes_along_the_axis_it_is_given(student, reference, rng):
    Z, row, stack = rng.normal(size=(3, 3)), rng.normal(size=5), rng.normal(size=(2, 3, 4))
    agree(student.log_softmax(Z), reference.log_softmax(Z))
    agree(student.log_softmax(Z, 0), reference.log_softmax(Z, 0))
    agree(student.log_softmax(row), reference.log_softmax(row))
    agree(student.log_softmax(stack), reference.log_softmax(stack))
    for axis in (0, 1, -1):
        agree(student.log_softmax(stack, axis), reference.log_softmax(stack, axis))


@task("log_softmax", points=1, kind="unchanged")
def test_log_softmax_leaves_its_input_alone(student, reference, rng):
    Z = rng.normal(size=(4, 4))
    agree(leaves_arguments_alone(student.log_softmax, Z), reference.log_softmax(Z))


@task("softmax_jacobian", points=1, kind="rules")
def test_softmax_jacobian_holds_the_slopes_of_softmax(student, reference, rng):
    z, h = rng.normal(size=5), 1e-5
    got = student.softmax_jacobian(z)
    columns = [
        (reference.softmax(z + h * step) - reference.softmax(z - h * step)) / (2 * h)
        for step in np.eye(5)
    ]
    agree(got, np.stack(columns, axis=1), **SLOPE)


@task("softmax_jacobian", points=1, kind="extremes")
def test_softmax_jacobian_is_safe_for_large_scores(student, reference):
    for z in FAR:
        agree(warns_nothing(student.softmax_jacobian, z), reference.softmax_jacobian(z))


@task("softmax_jacobian", points=1, kind="shapes")
def test_softmax_jacobian_takes_any_number_of_classes(student, reference, rng):
    for k in (7, 3, 2, 1):
        z = rng.normal(size=k)
        agree(student.softmax_jacobian(z), reference.softmax_jacobian(z))


@task("softmax_jacobian", points=1, kind="unchanged")
def test_softmax_jacobian_leaves_its_input_alone(student, reference, rng):
    z = rng.normal(size=5)
    agree(leaves_arguments_alone(student.softmax_jacobian, z), reference.softmax_jacobian(z))


@task("logit", points=1, kind="shapes")
def test_logit_takes_any_shape(student, reference, rng):
    for shape in [(3, 5), (), (0,), (1,), (2, 0, 3), (2, 3, 4)]:
        p = np.asarray(rng.uniform(0.01, 0.99, size=shape))
        agree(student.logit(p), reference.logit(p))


@task("logit", points=1, kind="rules")
def test_logit_is_the_inverse_of_the_sigmoid(student, rng):
    z = rng.uniform(-10, 10, size=(3, 5))
    p = 1 / (1 + np.exp(-z))
    agree(student.logit(p), z)


@task("logit", points=1, kind="extremes")
def test_logit_of_certainty_is_finite_and_leaves_it_alone(student, reference, rng):
    # With certain ones and nearly certain ones: clipping is what writes into an argument.
    p = rng.permuted(np.array([[0.0, 1e-300, 0.25, 1e-20], [1.0, 0.75, 0.0, 0.5]]), axis=1)
    warns_nothing(student.logit, p)
    agree(leaves_arguments_alone(student.logit, p), reference.logit(p), **ENDS)


@task("probabilities", points=1, kind="shapes")
def test_probabilities_come_from_one_unit_or_from_several(student, reference, rng):
    for shape in [(4, 4), (3, 5), (1, 3), (5, 2), (6, 1), (1, 1)]:
        Z = rng.normal(scale=2, size=shape)
        agree(leaves_arguments_alone(student.probabilities, Z), reference.probabilities(Z))


@task("probabilities", points=1, kind="extremes")
def test_probabilities_are_safe_for_large_scores(student, reference):
    for Z in (FAR, FAR[:1], FAR[:, :1], FAR[:1].T):
        agree(warns_nothing(student.probabilities, Z), reference.probabilities(Z))


@task("param_count", points=2, kind="shapes")
def test_param_count_counts_networks_of_any_depth(student, reference, rng):
    drawn = [[int(size) for size in rng.integers(1, 50, size=depth)] for depth in (2, 3, 5)]
    for sizes in [*drawn, [7, 7], [1, 1, 1], [5]]:
        got = leaves_arguments_alone(student.param_count, sizes)
        agree(got, reference.param_count(sizes))
