"""Checks that learners never see."""

import itertools

import numpy as np

from autograder.checks import agree, code, expect, leaves_arguments_alone, task

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
OR_NAND = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
THREE_UNITS = [
    (np.array([[1.0, 1.0, -1.0], [1.0, 1.0, -1.0]]), np.array([-0.5, -1.5, 0.5])),
    (np.array([1.0, -2.0, -1.0]), -0.5),
]
# The task promises 0.1; a hair less forgives the rounding of a line drawn at the very border.
JITTER = 0.0999


def relu(z):
    import numpy as np

    return np.maximum(z, 0.0)


def sine(z):
    import numpy as np

    return np.sin(z)


def logistic(z):
    import numpy as np

    return 1 / (1 + np.exp(-z))


def identity(z):
    return z


def layers(rng, *sizes):
    """Random layers from each size to the next."""
    return [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in itertools.pairwise(sizes)]


def step_net(rng, n, d, h, first=1):
    """Random samples and a network of step neurons whose answers are not all alike."""
    X, W = rng.normal(size=(n, d)), rng.normal(size=(d, h))
    w = rng.choice([-1.0, 1.0], size=h) * rng.uniform(1, 2, size=h)
    b = rng.normal(size=h)
    sums = np.where(X @ W + b >= 0, 1.0, 0.0) @ w
    c = float(rng.uniform(-0.5, 0.5) - np.median(sums))
    # The first answer is a 1, or a 0, wherever there is one: a program that always answers the
    # same must not look like one that always takes the first sample.
    place = np.argmax(sums) if first else np.argmin(sums)
    return np.roll(X, -place, axis=0), [(W, b), (w, c)]


def ask_square(student, rng):
    """Let two nets answer whose sizes are all equal, with a 1 first and with a 0 first."""
    for first in (1, 0):
        student.xor_net.outcome(*step_net(rng, 60, 60, 60, first))


# In each check of a given network the first call is on sizes that are all equal. No shape stops a
# mistake there, so each has values of its own, and a later error of shape is not taken for another.


@task("hidden", points=3, kind="edges")
def test_hidden_stands_inputs_that_are_a_little_off(student, rng):
    two, _ = student.hidden(CORNERS[[0, 3]]), student.hidden.outcome(CORNERS)
    X = np.repeat(CORNERS, 10, axis=0) + rng.uniform(-JITTER, JITTER, size=(40, 2))
    extremes = np.concatenate(
        [CORNERS + np.array([i, j]) for i in (-JITTER, JITTER) for j in (-JITTER, JITTER)]
    )
    got, at_extremes = student.hidden(X), student.hidden(extremes)
    agree(two, OR_NAND[[0, 3]])
    agree(got, np.repeat(OR_NAND, 10, axis=0))
    agree(at_extremes, np.tile(OR_NAND, (4, 1)))


@task("hidden", points=2, kind="rules")
def test_hidden_draws_one_straight_line_for_each_unit(student, rng):
    two, four = student.hidden(CORNERS[[0, 3]]), student.hidden(CORNERS)
    agree(four, OR_NAND)
    agree(two, OR_NAND[[0, 3]])
    X, Y = rng.uniform(-1, 2, size=(2, 400, 2))
    at_x, at_y, between = student.hidden(X), student.hidden(Y), student.hidden((X + Y) / 2)
    for got in (at_x, at_y, between):
        expect(np.shape(got) == (400, 2) and np.isin(got, [0, 1]).all(), "not_zero_one")
    # Either side of a line is convex: between two points with one answer, the answer is the same.
    alike = np.asarray(at_x) == np.asarray(at_y)
    expect(np.array_equal(np.asarray(between)[alike], np.asarray(at_x)[alike]), "not_a_line")


@task("hidden", points=1, kind="unchanged")
def test_hidden_leaves_its_input_alone(student, rng):
    two, _ = student.hidden(CORNERS[[0, 3]]), student.hidden.outcome(CORNERS)
    order = rng.permutation(np.repeat(np.arange(4), 3))
    X = CORNERS[order] + rng.uniform(-JITTER, JITTER, size=(12, 2))
    agree(leaves_arguments_alone(student.hidden, X), OR_NAND[order])
    agree(two, OR_NAND[[0, 3]])


@task("xor_net", points=4, kind="shapes")
def test_xor_net_takes_any_sizes(student, reference, rng):
    ask_square(student, rng)
    for n, d, h in [(40, 3, 5), (40, 5, 3), (3, 2, 5), (1, 4, 2), (6, 1, 1)]:
        X, params = step_net(rng, n, d, h)
        agree(student.xor_net(X, params), reference.xor_net(X, params))


@task("xor_net", points=1, kind="shapes")
def test_xor_net_is_xor_with_three_units_as_well(student, rng):
    ask_square(student, rng)
    jittered = np.repeat(CORNERS, 5, axis=0) + rng.uniform(-JITTER, JITTER, size=(20, 2))
    agree(student.xor_net(CORNERS, THREE_UNITS), XOR)
    agree(student.xor_net(jittered, THREE_UNITS), np.repeat(XOR, 5))


@task("xor_net", points=2, kind="edges")
def test_xor_net_steps_at_exactly_zero(student, rng):
    ask_square(student, rng)
    # First a hidden sum of 0, then, with hidden units that answer 1, an output sum of 0.
    W, b = np.array([[1.0, 0.5]]), np.array([-0.5, -0.25])
    at_hidden = student.xor_net(np.array([[0.25], [0.5], [0.0]]), [(W, b), (np.ones(2), -1.5)])
    at_output = student.xor_net(np.array([[0.25], [2.0], [0.0]]), [(W, b), (np.ones(2), -2.0)])
    agree(at_hidden, np.array([0.0, 1.0, 0.0]))
    agree(at_output, np.array([0.0, 1.0, 0.0]))


@task("xor_net", points=1, kind="unchanged")
def test_xor_net_leaves_its_inputs_alone(student, reference, rng):
    ask_square(student, rng)
    for n, d, h in [(20, 5, 3), (12, 3, 4)]:
        X, params = step_net(rng, n, d, h)
        agree(leaves_arguments_alone(student.xor_net, X, params), reference.xor_net(X, params))


@task("mlp_forward", points=3, kind="shapes")
def test_mlp_forward_takes_any_sizes(student, reference, rng):
    activations = [code(sine), code(logistic), code(relu)]
    for n, sizes in [(5, (5, 5, 5, 5)), (3, (5, 4, 2, 3)), (1, (2, 6, 1, 5)), (7, (1, 3, 5, 1))]:
        X, params = rng.normal(size=(n, sizes[0])), layers(rng, *sizes)
        out, _ = student.mlp_forward(X, params, activations)
        agree(out, reference.mlp_forward(X, params, activations)[0])


@task("mlp_forward", points=2)
def test_mlp_forward_keeps_both_values_of_each_layer(student, reference, rng):
    activations = [code(relu), code(sine), code(identity)]
    for n, sizes in [(5, (5, 5, 5, 5)), (3, (5, 4, 2, 3))]:
        X, params = rng.normal(size=(n, sizes[0])), layers(rng, *sizes)
        _, cache = student.mlp_forward(X, params, activations)
        agree(cache, reference.mlp_forward(X, params, activations)[1])


@task("mlp_forward", points=3, kind="shapes")
def test_mlp_forward_goes_as_deep_as_asked(student, reference, rng):
    for n, sizes in [(5, (5, 5, 5)), (3, (4, 2)), (3, (4, 6, 2)), (6, (3, 5, 4, 2, 6, 3, 2))]:
        activations = [code([sine, logistic, relu][i % 3]) for i in range(len(sizes) - 1)]
        X, params = rng.normal(size=(n, sizes[0])), layers(rng, *sizes)
        got = student.mlp_forward(X, params, activations)
        agree(got, reference.mlp_forward(X, params, activations))


@task("mlp_forward", points=1, kind="unchanged")
def test_mlp_forward_leaves_its_inputs_alone(student, reference, rng):
    activations = [code(sine), code(identity)]
    for n, sizes in [(5, (5, 5, 5)), (3, (5, 4, 2))]:
        X, params = rng.normal(size=(n, sizes[0])), layers(rng, *sizes)
        out, _ = leaves_arguments_alone(student.mlp_forward, X, params, activations)
        agree(out, reference.mlp_forward(X, params, activations)[0])


@task("collapse_linear", points=2)
def test_collapse_linear_makes_one_layer_of_many(student, reference, rng):
    for sizes in [(4, 4, 4), (3, 5, 2), (2, 5, 3, 4), (1, 6, 2, 3, 5, 1)]:
        params = layers(rng, *sizes)
        agree(student.collapse_linear(params), reference.collapse_linear(params))


@task("collapse_linear", points=2, kind="rules")
def test_collapse_linear_answers_as_the_whole_chain(student, rng):
    for n, sizes in [(6, (4, 4, 4)), (6, (3, 5, 2))]:
        X, params = rng.normal(size=(n, sizes[0])), layers(rng, *sizes)
        W, b = student.collapse_linear(params)
        out = X
        for each_W, each_b in params:
            out = out @ each_W + each_b
        alike = np.shape(W) == (sizes[0], sizes[-1]) and np.shape(b) == (sizes[-1],)
        expect(alike and np.allclose(X @ np.asarray(W) + np.asarray(b), out), "other_answers")


@task("collapse_linear", points=1, kind="edges")
def test_collapse_linear_takes_a_single_layer(student, rng):
    [layer] = layers(rng, 3, 5)
    agree(student.collapse_linear([layer]), layer)


@task("collapse_linear", points=1, kind="unchanged")
def test_collapse_linear_leaves_its_input_alone(student, reference, rng):
    for sizes in [(4, 4, 4), (3, 5, 2, 4)]:
        params = layers(rng, *sizes)
        agree(
            leaves_arguments_alone(student.collapse_linear, params),
            reference.collapse_linear(params),
        )
