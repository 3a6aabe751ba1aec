"""Checks that every learner gets."""

import itertools

import numpy as np

from autograder.checks import agree, code, expect, task

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
OR_NAND = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "NOR": [1, 0, 0, 0]}
TWO_UNITS = [
    (np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])),
    (np.array([1.0, 1.0]), -1.5),
]
RELU_XOR = [
    (np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])),
    (np.array([[1.0], [-2.0]]), np.array([0.0])),
]


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


def step_net(rng, n, d, h):
    """Random samples and a network of step neurons; half of its answers are 1, the first too."""
    X, [(W, b), (w, _)] = rng.integers(-16, 17, size=(n, d)) / 8, layers(rng, d, h, 1)
    sums = np.where(X @ W + b >= 0, 1.0, 0.0) @ w[:, 0]
    return np.roll(X, -np.argmax(sums), axis=0), [(W, b), (w[:, 0], float(-np.median(sums)))]


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


@task("hidden", points=4)
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


@task("xor_net", points=3)
def test_xor_net_is_xor_with_the_worked_weights(student):
    two, four = student.xor_net(CORNERS[[1, 2]], TWO_UNITS), student.xor_net(CORNERS, TWO_UNITS)
    agree(four, XOR)
    agree(two, XOR[[1, 2]])


@task("xor_net", points=2)
def test_xor_net_takes_other_weights(student, reference, rng):
    # All sizes equal first: there every mistake has a value of its own, and no shape stops it.
    for n, d, h in [(24, 24, 24), (24, 2, 3)]:
        X, params = step_net(rng, n, d, h)
        agree(student.xor_net(X, params), reference.xor_net(X, params))


@task("mlp_forward", points=3)
def test_mlp_forward_has_the_worked_values(student):
    X, W, b = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, -1.0], [0.0, 2.0]]), [0.5, 1.0]
    Z, A = np.array([[1.5, 4.0], [0.5, -1.0]]), np.array([[1.5, 4.0], [0.5, 0.0]])
    one_layer = student.mlp_forward(X, [(W, np.array(b))], [code(relu)])
    agree(one_layer, (A, [(Z, A)]))
    Z, out = np.array([[0.0, -1.0], [1.0, 0.0], [1.0, 0.0], [2.0, 1.0]]), XOR[:, None]
    two_layers = student.mlp_forward(CORNERS, RELU_XOR, [code(relu), code(identity)])
    agree(two_layers, (out, [(Z, np.maximum(Z, 0)), (out, out)]))


@task("mlp_forward", points=3)
def test_mlp_forward_goes_through_three_layers(student, reference, rng):
    activations = [code(tanh), code(relu), code(tanh)]
    for n, sizes in [(4, (4, 4, 4, 4)), (5, (3, 5, 2, 4))]:
        X, params = rng.integers(-16, 17, size=(n, sizes[0])) / 8, layers(rng, *sizes)
        out, _ = student.mlp_forward(X, params, activations)
        agree(out, reference.mlp_forward(X, params, activations)[0])


@task("collapse_linear", points=2)
def test_collapse_linear_has_the_worked_values(student):
    square = [(np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, -1.0]))] * 2
    twice = student.collapse_linear(square)
    agree(twice, (np.array([[1.0, 4.0], [0.0, 1.0]]), np.array([2.0, 0.0])))
    collapsed = student.collapse_linear(RELU_XOR)
    agree(collapsed, (np.array([[-1.0], [-1.0]]), np.array([2.0])))


@task("collapse_linear", points=2)
def test_collapse_linear_does_the_same_as_two_layers(student, reference, rng):
    for sizes in [(4, 4, 4), (3, 5, 2)]:
        params = layers(rng, *sizes)
        agree(student.collapse_linear(params), reference.collapse_linear(params))
