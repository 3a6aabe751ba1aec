"""Checks that learners never see."""

import itertools

import numpy as np

from autograder.checks import agree, expect, leaves_arguments_alone, refuses, task

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
TRUTH = {
    "AND": [0, 0, 0, 1],
    "OR": [0, 1, 1, 1],
    "NOT": [1, 0],
    "NAND": [1, 1, 1, 0],
    "NOR": [1, 0, 0, 0],
}
# The task promises 0.1; a hair less forgives the rounding of a line drawn at the very border.
JITTER = 0.0999


def exact(rng, *shape):
    """Draw eighths: float64 holds their sums and products exactly, in whatever order."""
    return rng.integers(-16, 17, size=shape) / 8


def row(w):
    """Take a list of weights for the array that it stands for."""
    return np.asarray(w, dtype=float) if isinstance(w, list | tuple) else w


def truth(said):
    """Take 1 and 0 for True and False, as Python does."""
    numbers = isinstance(said, int | float | np.number) and said in (0, 1)
    return bool(said) if numbers else said


def samples_and_line(rng, n, d):
    """Random samples, and a line so far from the origin that its bias matters to some.

    To the first, if to any: a bias that only the first sample gets is not one that is missing.
    """
    w = rng.choice([-1.0, 1.0], size=d) * rng.uniform(1, 2, size=d)
    X, b = rng.normal(size=(n, d)), float(rng.uniform(1, 2))
    matters = (X @ w >= 0) != (X @ w + b >= 0)
    return X[np.argsort(~matters, kind="stable")], w, b


def ask_at_corners(student):
    """Let OR answer first: there a table, a constant and a missing bias differ in any case."""
    student.gate.outcome(CORNERS, np.array([1.0, 1.0]), -0.5)


def separable_samples(rng):
    """Sixteen samples near a line, in eighths: it takes six epochs and more to find one."""
    v = rng.choice([-1.0, 1.0], size=3) * rng.integers(4, 17, size=3) / 8
    c = float(rng.choice([-1.0, 1.0]) * rng.integers(8, 17)) / 8
    X = exact(rng, 200, 3)
    X = X[np.abs(X @ v + c) >= 0.125]
    X = rng.permutation(X[np.argsort(np.abs(X @ v + c), kind="stable")][:16])
    return X, np.where(X @ v + c >= 0, 1.0, 0.0)


@task("gate", points=2, kind="shapes")
def test_gate_takes_any_number_of_rows_and_inputs(student, reference, rng):
    ask_at_corners(student)
    # Many rows first: a few zeros and ones would look like any misunderstanding.
    for n, d in [(40, 5), (3, 5), (1, 1), (1, 4), (6, 1), (0, 2)]:
        X, w, b = samples_and_line(rng, n, d)
        agree(student.gate(X, w, b), reference.gate(X, w, b))


@task("gate", points=2, kind="edges")
def test_gate_stands_inputs_that_are_a_little_off(student, rng):
    ask_at_corners(student)
    X = np.repeat(CORNERS, 10, axis=0) + rng.uniform(-JITTER, JITTER, size=(40, 2))
    X[0] = np.abs(X[0])  # a sum above 0: there a bias that is missing shows
    lines = {"NAND": ([-2.0, -2.0], 3.0), "AND": ([2.0, 2.0], -3.0), "OR": ([2.0, 2.0], -1.0)}
    answers = {name: student.gate(X, np.array(w), b) for name, (w, b) in lines.items()}
    for name, got in answers.items():
        agree(got, np.repeat(TRUTH[name], 10))


@task("gate", points=2, kind="edges")
def test_gate_answers_one_at_exactly_zero(student, rng):
    ask_at_corners(student)
    X, w, b = exact(rng, 15, 3), np.array([0.5, -0.25, 1.0]), 0.875
    z = np.tile([0.0, 0.125, 0.75, 1.25, -0.125], 3)
    X[:, 2] = z - (X[:, :2] @ w[:2] + b)
    got = np.asarray(student.gate(X, w, b))
    minus = np.any(np.asarray(got) == -1)
    expect(not minus or not np.all(np.isin(got, (-1, 1))), "labels", misconception="A2.4")
    expect(not minus, "labels")
    expect(not np.array_equal(got, z > 0), "step_at_zero", misconception="A2.3")
    agree(got, (z >= 0).astype(float))


@task("gate", points=1, kind="rules")
def test_gate_is_a_neuron_and_not_a_table(student, reference, rng):
    ask_at_corners(student)
    w, b = np.array([-1.0, -1.0]), 1.5
    X = rng.uniform(0, 1, size=(200, 2))
    corners, between = student.gate(CORNERS, w, b), student.gate(X, w, b)
    agree(corners, np.array(TRUTH["NAND"]))
    expect(np.array_equal(between, reference.gate(X, w, b)), "lookup")
    agree(between, reference.gate(X, w, b))


@task("gate", points=1, kind="unchanged")
def test_gate_leaves_its_inputs_alone(student, reference, rng):
    ask_at_corners(student)
    X, w, b = samples_and_line(rng, 40, 5)
    agree(leaves_arguments_alone(student.gate, X, w, b), reference.gate(X, w, b))


@task("weights_for", points=2, kind="edges")
def test_weights_for_are_right_near_every_corner(student, rng):
    # All before the verdict: one gate alone proves no misunderstanding.
    found = {name: student.weights_for(name) for name in TRUTH}
    for name, truth in TRUTH.items():
        corners = CORNERS if len(truth) == 4 else CORNERS[:2, 1:]
        inputs = corners.shape[1:]
        w, b = (np.asarray(part, dtype=float) for part in found[name])
        expect(w.shape == inputs, "weights_shape", gate=name, shape=str(inputs))
        near = rng.uniform(-JITTER, JITTER, size=(50, *corners.shape))
        expect(np.all(((corners + near) @ w + b >= 0) == np.array(truth, bool)), "margin")


@task("weights_for", points=1, kind="refusals")
def test_weights_for_refuses_other_unknown_names(student):
    for name in ("XNOR", "AND NOT", ""):
        refuses(student.weights_for, name)


@task("train_perceptron", points=2, kind="edges")
def test_train_perceptron_follows_a_few_samples(student, reference, rng):
    # Two epochs of six first: whoever runs on, by one epoch or to the end, is told apart.
    student.train_perceptron.outcome(CORNERS, np.array(TRUTH["AND"], dtype=float), 1.0, 2)
    for targets in ([0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]):
        X, t = exact(rng, 3, 4), np.array(targets)
        w, b, history = student.train_perceptron(X, t, 0.5, 1)
        wanted_w, wanted_b, wanted_history = reference.train_perceptron(X, t, 0.5, 1)
        agree(row(w), wanted_w)
        agree(b, wanted_b)
        agree(list(history), wanted_history)


@task("train_perceptron", points=3)
def test_train_perceptron_takes_the_steps_of_the_recipe(student, reference, rng):
    X, t = separable_samples(rng)
    for epochs in (1, 2, 3):
        w, b, history = student.train_perceptron(X, t, 0.25, epochs)
        wanted_w, wanted_b, wanted_history = reference.train_perceptron(X, t, 0.25, epochs)
        agree(row(w), wanted_w)
        agree(b, wanted_b)
        agree(list(history), wanted_history)


@task("train_perceptron", points=2)
def test_train_perceptron_ends_with_the_first_epoch_without_errors(student, reference, rng):
    X, t = separable_samples(rng)
    w, b, history = student.train_perceptron(X, t, 0.5, 2000)
    wanted_w, wanted_b, wanted_history = reference.train_perceptron(X, t, 0.5, 2000)
    agree(list(history), wanted_history)
    agree(row(w), wanted_w)
    agree(b, wanted_b)


@task("train_perceptron", points=1, kind="unchanged")
def test_train_perceptron_leaves_its_inputs_alone(student, reference, rng):
    X, t = separable_samples(rng)
    w, _, _ = leaves_arguments_alone(student.train_perceptron, X, t, 0.5, 2)
    agree(row(w), reference.train_perceptron(X, t, 0.5, 2)[0])


@task("train_perceptron", points=2, kind="edges")
def test_train_perceptron_stops_on_xor(student, reference):
    w, b, history = student.train_perceptron(CORNERS, XOR, 1.0, 50)
    wanted_w, wanted_b, wanted_history = reference.train_perceptron(CORNERS, XOR, 1.0, 50)
    expect(len(history) == 50, "epochs_used")
    expect(0 not in list(history), "xor_learned")
    agree(list(history), wanted_history)
    agree(row(w), wanted_w)
    agree(b, wanted_b)


@task("is_separable", points=6)
def test_is_separable_judges_all_sixteen_functions_of_whole_numbers(student, rng):
    every = rng.permutation(list(itertools.product([0, 1], repeat=4)))
    said = [truth(student.is_separable(t)) for t in every]
    for t, got in zip(every, said, strict=True):
        agree(got, t.tolist() not in ([0, 1, 1, 0], [1, 0, 0, 1]))
