"""Checks that every learner gets."""

import itertools

import numpy as np

from autograder.checks import agree, code, expect, leaves_arguments_alone, task

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
OR_NAND = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "NOR": [1, 0, 0, 0]}
TWO_UNITS = [
    (np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])),
    (np.array([1.0, 1.0]), -1.5),
]
THREE_UNITS = [
    (np.array([[1.0, 1.0, -1.0], [1.0, 1.0, -1.0]]), np.array([-0.5, -1.5, 0.5])),
    (np.array([1.0, -2.0, -1.0]), -0.5),
]
RELU_XOR = [
    (np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])),
    (np.array([[1.0], [-2.0]]), np.array([0.0])),
]
# The task promises 0.1; a hair less forgives the rounding of a line drawn at the very border.
JITTER = 0.0999


def relu(z):
    import numpy as np

    return np.maximum(z, 0.0)


def identity(z):
    return z


def tanh(z):
    import numpy as np

    return np.tanh(z)


def layers(rng, *sizes):
    """Random layers from each size to the next, in eighths, which are short to write."""
    return [
        (rng.integers(-16, 17, size=(m, n)) / 8, rng.integers(-16, 17, size=n) / 8)
        for m, n in itertools.pairwise(sizes)
    ]


def step_net(rng, n, d, h, first=1):
    """Random samples and a network of step neurons; half of its answers are 1, and which is first.

    A net that always answers the same must not look like one that only sees the first sample.
    """
    X, [(W, b), (w, _)] = rng.integers(-16, 17, size=(n, d)) / 8, layers(rng, d, h, 1)
    sums = np.where(X @ W + b >= 0, 1.0, 0.0) @ w[:, 0]
    place = np.argmax(sums) if first else np.argmin(sums)
    return np.roll(X, -place, axis=0), [(W, b), (w[:, 0], float(-np.median(sums)))]


def ask_square(student, rng):
    """Let nets answer whose sizes are all equal: no shape stops a mistake, so each shows its own.

    A later error of shape, or a short row of zeros and ones, is then not taken for another one.
    """
    for first in (1, 0):
        student.xor_net.outcome(*step_net(rng, 24, 24, 24, first))


def judge_table(table):
    """Say what the two units are, where they are not the ones that were asked for."""
    if table.shape != (4, 2) or table.dtype.kind not in "iuf":
        return
    facts = {"first": str(table[:, 0].tolist()), "second": str(table[:, 1].tolist())}
    numbers = np.isin(table, [0, 1]).all()
    flat = np.allclose(table[0] + table[3], table[1] + table[2])
    expect(numbers or not flat, "linear_units", misconception="A3.1", **facts)
    units = [next((name for name in GATES if list(unit) == GATES[name]), None) for unit in table.T]
    same = np.array_equal(table[:, 0], table[:, 1]) and units[0] != "NAND"
    expect(not same, "same_units", misconception="A3.6", **facts)
    other = None not in units and units != ["OR", "NAND"]
    expect(not other, "other_gates", misconception="A3.2", **facts)


def near_corners(got, places, corners):
    """Demand that near each corner the units answer as at the corner."""
    wanted = OR_NAND[corners]
    if np.shape(got) == wanted.shape:
        for place, corner, mine, answer in zip(
            places, corners, np.asarray(got), wanted, strict=True
        ):
            expect(
                np.array_equal(mine, answer),
                "margin",
                place=str(tuple(place.round(4).tolist())),
                corner=str(tuple(CORNERS[corner].astype(int).tolist())),
                answers=str(mine.tolist()),
                wanted=str(answer.astype(int).tolist()),
            )
    agree(got, wanted)


@task("hidden", points=3)
def test_hidden_has_the_units_or_and_nand(student):
    # As many samples as units first: there a bias along the wrong axis has a value to be seen.
    two, four = student.hidden(CORNERS[[0, 3]]), student.hidden(CORNERS)
    judge_table(np.asarray(four))
    agree(four, OR_NAND)
    agree(two, OR_NAND[[0, 3]])


@task("hidden", points=1)
def test_hidden_answers_once_for_each_row(student):
    order = [2, 0, 3, 3, 1]
    two, five = student.hidden(CORNERS[[0, 3]]), student.hidden(CORNERS[order])
    one = student.hidden(CORNERS[[3]])
    agree(five, OR_NAND[order])
    agree(two, OR_NAND[[0, 3]])
    agree(one, OR_NAND[[3]])


@task("hidden", points=2)
def test_hidden_stands_inputs_that_are_a_little_off(student):
    two, four = student.hidden(CORNERS[[0, 3]]), student.hidden(CORNERS)
    shifts = itertools.product([-JITTER, JITTER], repeat=2)
    places = np.concatenate([CORNERS + np.array(shift) for shift in shifts])
    got = student.hidden(places)
    agree(four, OR_NAND)
    agree(two, OR_NAND[[0, 3]])
    near_corners(got, places, np.tile(np.arange(4), 4))


@task("hidden", points=1)
def test_hidden_draws_one_straight_line_for_each_unit(student, rng):
    two, four = student.hidden(CORNERS[[0, 3]]), student.hidden(CORNERS)
    agree(four, OR_NAND)
    agree(two, OR_NAND[[0, 3]])
    X, Y = rng.integers(-32, 65, size=(2, 200, 2)) / 32
    at_x, at_y, between = student.hidden(X), student.hidden(Y), student.hidden((X + Y) / 2)
    for got in (at_x, at_y, between):
        expect(np.shape(got) == (200, 2) and np.isin(got, [0, 1]).all(), "not_zero_one")
    # Either side of a line is convex: between two points with one answer, the answer is the same.
    alike = np.asarray(at_x) == np.asarray(at_y)
    expect(np.array_equal(np.asarray(between)[alike], np.asarray(at_x)[alike]), "not_a_line")


@task("hidden", points=1)
def test_hidden_leaves_its_input_alone(student):
    # At the corners too: near them a line without distance looks like other gates.
    two, _ = student.hidden(CORNERS[[0, 3]]), student.hidden.outcome(CORNERS)
    X = CORNERS[[2, 0, 3, 1]] + np.array([0.0625, -0.03125])
    agree(leaves_arguments_alone(student.hidden, X), OR_NAND[[2, 0, 3, 1]])
    agree(two, OR_NAND[[0, 3]])


@task("xor_net", points=2)
def test_xor_net_is_xor_with_the_worked_weights(student, rng):
    ask_square(student, rng)
    two, four = student.xor_net(CORNERS[[1, 2]], TWO_UNITS), student.xor_net(CORNERS, TWO_UNITS)
    agree(four, XOR)
    agree(two, XOR[[1, 2]])


@task("xor_net", points=1)
def test_xor_net_is_xor_with_three_units_as_well(student, rng):
    ask_square(student, rng)
    agree(student.xor_net(CORNERS, THREE_UNITS), XOR)


@task("xor_net", points=2)
def test_xor_net_takes_other_weights(student, reference, rng):
    ask_square(student, rng)
    for n, d, h in [(24, 2, 3), (20, 5, 4), (1, 3, 2), (7, 1, 1)]:
        X, params = step_net(rng, n, d, h)
        agree(student.xor_net(X, params), reference.xor_net(X, params))


@task("xor_net", points=2)
def test_xor_net_steps_at_exactly_zero(student, rng):
    ask_square(student, rng)
    # First a hidden sum of 0, then, with hidden units that answer 1, an output sum of 0.
    W, b = np.array([[1.0, 0.5]]), np.array([-0.5, -0.25])
    at_hidden = student.xor_net(np.array([[0.5], [0.25], [2.0]]), [(W, b), (np.ones(2), -1.5)])
    at_output = student.xor_net(np.array([[2.0], [0.25], [0.5]]), [(W, b), (np.ones(2), -2.0)])
    agree(at_hidden, np.array([1.0, 0.0, 1.0]))
    agree(at_output, np.array([1.0, 0.0, 1.0]))


@task("xor_net", points=1)
def test_xor_net_leaves_its_inputs_alone(student, reference, rng):
    ask_square(student, rng)
    X, params = step_net(rng, 10, 3, 4)
    agree(leaves_arguments_alone(student.xor_net, X, params), reference.xor_net(X, params))


# Below, too, the first call is on sizes that are all equal, where every mistake has its own values.


@task("mlp_forward", points=2)
def test_mlp_forward_has_the_worked_values(student):
    X, W, b = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, -1.0], [0.0, 2.0]]), [0.5, 1.0]
    Z, A = np.array([[1.5, 4.0], [0.5, -1.0]]), np.array([[1.5, 4.0], [0.5, 0.0]])
    one_layer = student.mlp_forward(X, [(W, np.array(b))], [code(relu)])
    two_layers = student.mlp_forward(CORNERS, RELU_XOR, [code(relu), code(identity)])
    agree(one_layer, (A, [(Z, A)]))
    Z, out = np.array([[0.0, -1.0], [1.0, 0.0], [1.0, 0.0], [2.0, 1.0]]), XOR[:, None]
    agree(two_layers, (out, [(Z, np.maximum(Z, 0)), (out, out)]))


@task("mlp_forward", points=2)
def test_mlp_forward_goes_through_three_layers(student, reference, rng):
    activations = [code(tanh), code(relu), code(tanh)]
    for n, sizes in [(4, (4, 4, 4, 4)), (5, (3, 5, 2, 4))]:
        X, params = rng.integers(-16, 17, size=(n, sizes[0])) / 8, layers(rng, *sizes)
        out, _ = student.mlp_forward(X, params, activations)
        agree(out, reference.mlp_forward(X, params, activations)[0])


@task("mlp_forward", points=2)
def test_mlp_forward_keeps_both_values_of_each_layer(student, reference, rng):
    activations = [code(relu), code(tanh), code(identity)]
    for n, sizes in [(4, (4, 4, 4, 4)), (3, (2, 4, 3, 5))]:
        X, params = rng.integers(-16, 17, size=(n, sizes[0])) / 8, layers(rng, *sizes)
        _, cache = student.mlp_forward(X, params, activations)
        agree(cache, reference.mlp_forward(X, params, activations)[1])


@task("mlp_forward", points=2)
def test_mlp_forward_goes_as_deep_as_asked(student, reference, rng):
    for n, sizes in [(3, (3, 3, 3)), (2, (4, 3)), (1, (3, 2, 4, 1)), (4, (2, 5, 3, 4, 2, 3))]:
        activations = [code([tanh, relu][i % 2]) for i in range(len(sizes) - 1)]
        X, params = rng.integers(-16, 17, size=(n, sizes[0])) / 8, layers(rng, *sizes)
        out, cache = student.mlp_forward(X, params, activations)
        agree((out, cache), reference.mlp_forward(X, params, activations))


@task("mlp_forward", points=1)
def test_mlp_forward_leaves_its_inputs_alone(student, reference, rng):
    activations = [code(relu), code(tanh)]
    for n, sizes in [(4, (4, 4, 4)), (3, (5, 4, 2))]:
        X, params = rng.integers(-16, 17, size=(n, sizes[0])) / 8, layers(rng, *sizes)
        out, _ = leaves_arguments_alone(student.mlp_forward, X, params, activations)
        agree(out, reference.mlp_forward(X, params, activations)[0])


@task("collapse_linear", points=1)
def test_collapse_linear_has_the_worked_values(student):
    square = [(np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, -1.0]))] * 2
    twice = student.collapse_linear(square)
    agree(twice, (np.array([[1.0, 4.0], [0.0, 1.0]]), np.array([2.0, 0.0])))
    collapsed = student.collapse_linear(RELU_XOR)
    agree(collapsed, (np.array([[-1.0], [-1.0]]), np.array([2.0])))


@task("collapse_linear", points=1)
def test_collapse_linear_does_the_same_as_two_layers(student, reference, rng):
    for sizes in [(4, 4, 4), (3, 5, 2)]:
        params = layers(rng, *sizes)
        agree(student.collapse_linear(params), reference.collapse_linear(params))


@task("collapse_linear", points=2)
def test_collapse_linear_takes_any_number_of_layers(student, reference, rng):
    for sizes in [(4, 4, 4, 4), (2, 3, 5, 4), (3, 4), (1, 4, 2, 3, 1)]:
        params = layers(rng, *sizes)
        agree(student.collapse_linear(params), reference.collapse_linear(params))


@task("collapse_linear", points=2)
def test_collapse_linear_leaves_its_input_alone(student, reference, rng):
    for sizes in [(4, 4, 4), (3, 5, 2, 4)]:
        params = layers(rng, *sizes)
        got = leaves_arguments_alone(student.collapse_linear, params)
        agree(got, reference.collapse_linear(params))
