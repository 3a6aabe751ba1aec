"""Checks that every learner gets."""

import numpy as np

from autograder.checks import agree, code, expect, task

W1 = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 1.0]])
B1 = np.array([0.0, -3.0, 1.0])
W2 = np.array([[1.0, 0.0], [7.0, 7.0], [0.0, -1.0]])
B2 = np.array([0.0, 1.0])
SHARES = [0.6652409557748218, 0.24472847105479764, 0.09003057317038046]


def rectified(z):
    import numpy as np

    return np.maximum(z, 0.0)


def plus_a_hundred(z):
    return z + 100


@task("layer", points=2)
def test_layer_has_the_worked_values(student):
    X = np.array([[1.0, 2.0], [0.0, 1.0]])
    wanted = np.array([[5.0, 0.0, 2.0], [2.0, 0.0, 2.0]])
    agree(student.layer(X, W1, B1, code(rectified)), wanted)


@task("layer", points=1)
def test_layer_applies_the_function_it_is_given(student, reference, rng):
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    f = code(plus_a_hundred)
    agree(student.layer(X, W, b, f), reference.layer(X, W, b, f))


@task("forward", points=2)
def test_forward_has_the_worked_logits(student):
    params = [{"W": W1, "b": B1}, {"W": W2, "b": B2}]
    wanted = np.array([[5.0, -1.0], [2.0, -1.0]])
    got = student.forward(np.array([[1.0, 2.0], [0.0, 1.0]]), params)
    expect(not np.array_equal(got, np.maximum(wanted, 0)), "relu_at_the_end")
    agree(got, wanted)


@task("forward", points=1)
def test_forward_keeps_the_shapes(student, reference, rng):
    params = [
        {"W": rng.normal(size=(3, 5)), "b": rng.normal(size=5)},
        {"W": rng.normal(size=(5, 2)), "b": rng.normal(size=2)},
    ]
    X = rng.normal(size=(4, 3))
    agree(student.forward(X, params), reference.forward(X, params))


@task("softmax", points=2)
def test_softmax_has_the_worked_values(student):
    Z = np.array([[2.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    moved = [SHARES[1], SHARES[2], SHARES[0]]
    agree(student.softmax(Z), np.array([SHARES, moved, [1 / 3, 1 / 3, 1 / 3]]))


@task("softmax", points=2)
def test_softmax_makes_every_row_a_distribution(student, reference, rng):
    # Square first: it tells a lost dimension from any other reason why (3, 5) should fail.
    square, wide = rng.normal(size=(4, 4)), rng.normal(size=(3, 5))
    got = student.softmax(square)
    agree(student.softmax(wide), reference.softmax(wide))
    agree(got, reference.softmax(square))


@task("log_softmax", points=2)
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


@task("softmax_jacobian", points=2)
def test_softmax_jacobian_has_the_worked_values(student):
    slope = 0.1875
    got = student.softmax_jacobian(np.array([0.0, np.log(3)]))
    agree(got, np.array([[slope, -slope], [-slope, slope]]))


@task("softmax_jacobian", points=1)
def test_softmax_jacobian_is_a_table_of_all_pairs(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.softmax_jacobian(z), reference.softmax_jacobian(z))


@task("logit", points=2)
def test_logit_has_the_worked_values(student):
    p = np.array([0.2, 0.5, 0.8])
    agree(student.logit(p), np.array([-1.3862943611198906, 0.0, 1.3862943611198906]))


@task("probabilities", points=1)
def test_probabilities_have_the_worked_values(student):
    several = student.probabilities(np.array([[0.0, np.log(3)], [0.0, 0.0]]))
    one = student.probabilities(np.array([[0.0], [np.log(4)], [-np.log(4)]]))
    agree(several, np.array([[0.25, 0.75], [0.5, 0.5]]))
    agree(one, np.array([[0.5], [0.8], [0.2]]))


@task("param_count", points=2)
def test_param_count_has_the_worked_values(student):
    small, digits = student.param_count([2, 3, 2]), student.param_count([784, 128, 64, 10])
    expect(not np.array_equal(small, 12), "no_biases")
    agree(small, 17)
    agree(digits, 109386)
