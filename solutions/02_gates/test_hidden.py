"""Checks that learners never see."""

import itertools

import numpy as np
import pytest

from autograder.checks import agree, expect, leaves_arguments_alone, task

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


def samples_and_line(rng, n, d):
    """Random samples, and a line so far from the origin that its bias matters to some."""
    w = rng.choice([-1.0, 1.0], size=d) * rng.uniform(1, 2, size=d)
    return rng.normal(size=(n, d)), w, float(rng.uniform(1, 2))


def separable_samples(rng):
    """Ten samples that a line separates with a good margin, so that training soon ends."""
    v, c = exact(rng, 3), float(exact(rng))
    X = exact(rng, 100, 3)
    X = X[np.abs(X @ v + c) >= 1][:10]
    return X, np.where(X @ v + c >= 0, 1.0, 0.0)


@task("gate", points=2)
def test_gate_takes_any_number_of_rows_and_inputs(student, reference, rng):
    # Many rows first: a few zeros and ones would look like any misunderstanding.
    for n, d in [(40, 5), (3, 5), (1, 1), (1, 4), (6, 1), (0, 2)]:
        X, w, b = samples_and_line(rng, n, d)
        agree(student.gate(X, w, b), reference.gate(X, w, b))


@task("gate", points=2)
def test_gate_stands_inputs_that_are_a_little_off(student, rng):
    X = np.repeat(CORNERS, 10, axis=0) + rng.uniform(-JITTER, JITTER, size=(40, 2))
    lines = {"NAND": ([-2.0, -2.0], 3.0), "AND": ([2.0, 2.0], -3.0), "OR": ([2.0, 2.0], -1.0)}
    answers = {name: student.gate(X, np.array(w), b) for name, (w, b) in lines.items()}
    for name, got in answers.items():
        agree(got, np.repeat(TRUTH[name], 10))


@task("gate", points=3)
def test_gate_answers_one_at_exactly_zero(student, rng):
    X, w, b = exact(rng, 15, 3), np.array([0.5, -0.25, 1.0]), 0.5
    z = np.tile([0.0, 0.125, 0.75, 1.25, -0.125], 3)
    X[:, 2] = z - (X[:, :2] @ w[:2] + b)
    got = np.asarray(student.gate(X, w, b))
    expect(not np.any(got == -1), "labels", misconception="A2.4")
    expect(not np.array_equal(got, z > 0), "step_at_zero", misconception="A2.3")
    agree(got, (z >= 0).astype(float))


@task("gate", points=3)
def test_gate_is_a_neuron_and_not_a_table(student, reference, rng):
    w, b = np.array([-1.0, -1.0]), 1.5
    X = rng.uniform(0, 1, size=(200, 2))
    corners, between = student.gate(CORNERS, w, b), student.gate(X, w, b)
    right_at_corners = np.array_equal(corners, TRUTH["NAND"])
    right_between = np.array_equal(between, reference.gate(X, w, b))
    expect(right_between or not right_at_corners, "lookup", misconception="A2.6")
    agree(corners, np.array(TRUTH["NAND"]))
    agree(between, reference.gate(X, w, b))


@task("gate", points=1)
def test_gate_leaves_its_inputs_alone(student, reference, rng):
    X, w, b = samples_and_line(rng, 40, 5)
    agree(leaves_arguments_alone(student.gate, X, w, b), reference.gate(X, w, b))


@pytest.mark.parametrize("name", TRUTH)
@task("weights_for", points=2)
def test_weights_for_keep_a_distance(student, name):
    truth = TRUTH[name]
    corners = CORNERS if len(truth) == 4 else CORNERS[:2, 1:]
    w, b = student.weights_for(name)
    w, b = np.asarray(w, dtype=float), np.asarray(b, dtype=float)
    expect(w.shape == corners.shape[1:], "weights_shape", gate=name, shape=str(corners.shape[1:]))
    expect(b.shape == (), "bias_shape", gate=name)
    # A weighted sum is worst where every input is off by the most, one way or the other.
    for shift in itertools.product([-JITTER, JITTER], repeat=corners.shape[1]):
        answers = (corners + shift) @ w + b >= 0
        expect(np.array_equal(answers, truth), "margin")


@task("train_perceptron", points=3)
def test_train_perceptron_makes_one_known_update(student, rng):
    x, lr = exact(rng, 1, 4), 0.5
    w, b, history = student.train_perceptron(x, np.array([0.0]), lr, 1)
    agree(w, -lr * x[0])
    agree(b, -lr)
    agree(list(history), [1])
    w, b, history = student.train_perceptron(x, np.array([1.0]), lr, 1)
    agree(w, np.zeros(4))
    agree(b, 0.0)
    agree(list(history), [0])


@task("train_perceptron", points=4)
def test_train_perceptron_takes_the_steps_of_the_recipe(student, reference, rng):
    X, t = separable_samples(rng)
    for epochs in (1, 2, 3):
        w, b, history = student.train_perceptron(X, t, 0.25, epochs)
        wanted_w, wanted_b, wanted_history = reference.train_perceptron(X, t, 0.25, epochs)
        agree(w, wanted_w)
        agree(b, wanted_b)
        agree(list(history), wanted_history)


@task("train_perceptron", points=2)
def test_train_perceptron_ends_with_the_first_epoch_without_errors(student, reference, rng):
    X, t = separable_samples(rng)
    w, b, history = student.train_perceptron(X, t, 0.5, 2000)
    wanted_w, wanted_b, wanted_history = reference.train_perceptron(X, t, 0.5, 2000)
    agree(list(history), wanted_history)
    agree(w, wanted_w)
    agree(b, wanted_b)


@task("train_perceptron", points=1)
def test_train_perceptron_leaves_its_inputs_alone(student, reference, rng):
    X, t = separable_samples(rng)
    w, _, _ = leaves_arguments_alone(student.train_perceptron, X, t, 0.5, 2)
    agree(w, reference.train_perceptron(X, t, 0.5, 2)[0])


@task("train_perceptron", points=4)
def test_train_perceptron_stops_on_xor(student, reference):
    w, b, history = student.train_perceptron(CORNERS, XOR, 1.0, 50)
    wanted_w, wanted_b, wanted_history = reference.train_perceptron(CORNERS, XOR, 1.0, 50)
    expect(len(history) == 50, "epochs_used")
    expect(0 not in list(history), "xor_learned")
    agree(list(history), wanted_history)
    agree(w, wanted_w)
    agree(b, wanted_b)


@task("is_separable", points=6)
def test_is_separable_judges_all_sixteen_functions(student):
    for t in itertools.product([0.0, 1.0], repeat=4):
        separable = t not in {(0.0, 1.0, 1.0, 0.0), (1.0, 0.0, 0.0, 1.0)}
        agree(student.is_separable(np.array(t)), separable)
