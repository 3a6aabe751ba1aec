"""Checks that every learner gets."""

import itertools

import numpy as np
import pytest

from autograder.checks import agree, expect, leaves_arguments_alone, refuses, task

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND = np.array([0.0, 0.0, 0.0, 1.0])
NAND = np.array([1.0, 1.0, 1.0, 0.0])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
GATES = {
    "AND": (CORNERS, [0, 0, 0, 1]),
    "OR": (CORNERS, [0, 1, 1, 1]),
    "NOT": (CORNERS[:2, 1:], [1, 0]),
    "NAND": (CORNERS, [1, 1, 1, 0]),
    "NOR": (CORNERS, [1, 0, 0, 0]),
}
# The task promises 0.1; a hair less forgives the rounding of a line drawn at the very border.
JITTER = 0.0999


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
    X = rng.integers(-16, 17, size=(200, 3)) / 8
    X = X[np.abs(X @ v + c) >= 0.125]
    X = rng.permutation(X[np.argsort(np.abs(X @ v + c), kind="stable")][:16])
    return X, np.where(X @ v + c >= 0, 1.0, 0.0)


def row(w):
    """Take a list of weights for the array that it stands for."""
    return np.asarray(w, dtype=float) if isinstance(w, list | tuple) else w


def learns_as(student, reference, X, t, lr, epochs):
    """Demand the same w, b and history as the recipe gives."""
    w, b, history = student.train_perceptron(X, t, lr, epochs)
    wanted_w, wanted_b, wanted_history = reference.train_perceptron(X, t, lr, epochs)
    agree(list(history), wanted_history)
    agree(row(w), wanted_w)
    agree(b, wanted_b)


@task("gate", points=2)
def test_gate_has_the_worked_values(student):
    # Both before the verdict: together they tell a missing bias from one of the wrong sign.
    one = student.gate(CORNERS, np.array([1.0, 1.0]), -1.5)
    other = student.gate(CORNERS, np.array([-1.0, -1.0]), 1.5)
    agree(one, AND)
    agree(other, NAND)


@task("gate", points=1)
def test_gate_answers_once_for_each_row(student, reference, rng):
    ask_at_corners(student)
    X, w, b = samples_and_line(rng, 40, 3)
    agree(student.gate(X, w, b), reference.gate(X, w, b))


@task("gate", points=1)
def test_gate_takes_any_number_of_rows_and_inputs(student, reference, rng):
    ask_at_corners(student)
    # Many rows first: a few zeros and ones would look like any misunderstanding.
    for n, d in [(40, 5), (3, 4), (1, 2), (6, 1), (0, 3)]:
        X, w, b = samples_and_line(rng, n, d)
        agree(student.gate(X, w, b), reference.gate(X, w, b))


@task("gate", points=2)
def test_gate_answers_one_at_exactly_zero(student, reference, rng):
    ask_at_corners(student)
    X = rng.integers(-16, 17, size=(15, 3)) / 8
    w, b, z = np.array([0.5, -0.25, 1.0]), 0.875, np.tile([0.0, 0.125, 0.75, 1.25, -0.125], 3)
    X[:, 2] = z - (X[:, :2] @ w[:2] + b)
    got = student.gate(X, w, b)
    minus = np.any(np.asarray(got) == -1)
    expect(not minus or not np.all(np.isin(got, (-1, 1))), "labels", misconception="A2.4")
    expect(not minus, "labels")
    expect(not np.array_equal(got, z > 0), "step_at_zero", misconception="A2.3")
    agree(got, reference.gate(X, w, b))


@task("gate", points=1)
def test_gate_is_a_neuron_and_not_a_table(student, reference, rng):
    ask_at_corners(student)
    w, b, X = np.array([-1.0, -1.0]), 1.5, rng.uniform(0, 1, size=(100, 2))
    corners, between = student.gate(CORNERS, w, b), student.gate(X, w, b)
    agree(corners, NAND)
    expect(np.array_equal(between, reference.gate(X, w, b)), "lookup")
    agree(between, reference.gate(X, w, b))


@task("gate", points=1)
def test_gate_leaves_its_inputs_alone(student, reference, rng):
    ask_at_corners(student)
    X, w, b = samples_and_line(rng, 20, 3)
    agree(leaves_arguments_alone(student.gate, X, w, b), reference.gate(X, w, b))


def weights(student, name):
    """Ask for a gate's weights and bias, and demand that they are as many as it has inputs."""
    inputs = GATES[name][0].shape[1:]
    w, b = student.weights_for(name)
    w, b = np.asarray(w, dtype=float), np.asarray(b, dtype=float)
    expect(w.shape == inputs, "weights_shape", gate=name, shape=str(inputs))
    expect(b.shape == (), "bias_shape", gate=name)
    return w, b


def all_weights(student):
    """Ask for all gates, whatever comes: one alone proves no misunderstanding, five together do."""
    found = {}
    for name, (X, _) in GATES.items():
        outcome = student.weights_for.outcome(name)
        try:
            w, b = (np.asarray(part, dtype=float) for part in getattr(outcome, "value", ()))
        except (TypeError, ValueError):
            continue
        if w.shape == X.shape[1:] and b.shape == ():
            found[name] = w, b
    return found


def tables(found, sign):
    """The answers of each gate, with its bias or with that turned round."""
    return {
        name: (GATES[name][0] @ w + sign * b >= 0).astype(int).tolist()
        for name, (w, b) in found.items()
    }


@pytest.mark.parametrize("name", GATES)
@task("weights_for", points=1)
def test_weights_for_give_the_truth_table(student, name):
    found, truths = all_weights(student), {each: truth for each, (_, truth) in GATES.items()}
    [answers] = tables({name: weights(student, name)}, 1).values()
    facts = {"gate": name, "answers": str(answers), "truth": str(truths[name])}
    right, no_bias = answers == truths[name], all(b == 0 for _, b in found.values())
    expect(right or not no_bias, "wrong_table", misconception="A2.1", **facts)
    threshold = tables(found, -1) == truths
    expect(right or not threshold, "wrong_table", misconception="A2.2", **facts)
    expect(right, "wrong_table", **facts)


@pytest.mark.parametrize("name", GATES)
@task("weights_for", points=1)
def test_weights_for_keep_a_distance(student, name):
    all_weights(student)
    w, b = weights(student, name)
    corners, truth = GATES[name]
    # A weighted sum is worst where every input is off by the most, one way or the other.
    for shift in itertools.product([-JITTER, JITTER], repeat=corners.shape[1]):
        expect(np.array_equal((corners + shift) @ w + b >= 0, truth), "margin")


@task("weights_for", points=1)
def test_weights_for_refuses_an_unknown_name(student):
    refuses(student.weights_for, "MAYBE")
    refuses(student.weights_for, "XOR")


@task("train_perceptron", points=2)
def test_train_perceptron_makes_the_worked_first_epoch(student):
    w, b, history = student.train_perceptron(CORNERS, AND, 1.0, 1)
    agree(row(w), np.array([1.0, 1.0]))
    agree(b, 0.0)
    agree(list(history), [2])


@task("train_perceptron", points=3)
def test_train_perceptron_learns_and_in_six_epochs(student):
    w, b, history = student.train_perceptron(CORNERS, AND, 1.0, 20)
    agree(row(w), np.array([2.0, 1.0]))
    agree(b, -3.0)
    agree(list(history), [2, 3, 3, 2, 1, 0])


@task("train_perceptron", points=2)
def test_train_perceptron_moves_by_the_learning_rate(student, reference, rng):
    X, t = separable_samples(rng)
    for epochs in (1, 2, 500):
        learns_as(student, reference, X, t, 0.25, epochs)


@task("train_perceptron", points=2)
def test_train_perceptron_stops_on_xor(student, reference):
    w, b, history = student.train_perceptron(CORNERS, XOR, 1.0, 50)
    wanted_w, wanted_b, wanted_history = reference.train_perceptron(CORNERS, XOR, 1.0, 50)
    expect(len(history) == 50, "epochs_used")
    expect(0 not in list(history), "xor_learned")
    agree(list(history), wanted_history)
    agree(row(w), wanted_w)
    agree(b, wanted_b)


@task("train_perceptron", points=1)
def test_train_perceptron_leaves_its_inputs_alone(student, reference, rng):
    X, t = separable_samples(rng)
    w, _, _ = leaves_arguments_alone(student.train_perceptron, X, t, 0.5, 2)
    agree(row(w), reference.train_perceptron(X, t, 0.5, 2)[0])


@task("is_separable", points=4)
def test_is_separable_tells_what_one_line_can_do(student):
    # All sixteen before the verdict: of a few answers nobody sees what rule they follow.
    every = [np.array(t) for t in itertools.product([0.0, 1.0], repeat=4)]
    said = [truth(leaves_arguments_alone(student.is_separable, t)) for t in every]
    agree(said[1], True)
    agree(said[6], False)
    for t, got in zip(every, said, strict=True):
        agree(got, t.tolist() not in ([0, 1, 1, 0], [1, 0, 0, 1]))


def truth(said):
    """Take 1 and 0 for True and False, as Python does."""
    numbers = isinstance(said, int | float | np.number) and said in (0, 1)
    return bool(said) if numbers else said
