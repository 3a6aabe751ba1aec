"""Checks that every learner gets."""

import numpy as np
import pytest

from autograder.checks import agree, expect, refuses, task

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND = np.array([0.0, 0.0, 0.0, 1.0])
NAND = np.array([1.0, 1.0, 1.0, 0.0])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
GATES = {
    "AND": (CORNERS, [0, 0, 0, 1]),
    "OR": (CORNERS, [0, 1, 1, 1]),
    "NOT": (CORNERS[:2, 1:], [1, 0]),
}


@task("gate", points=2)
def test_gate_has_the_worked_values(student):
    # Both before the verdict: together they tell a missing bias from one of the wrong sign.
    one = student.gate(CORNERS, np.array([1.0, 1.0]), -1.5)
    other = student.gate(CORNERS, np.array([-1.0, -1.0]), 1.5)
    agree(one, AND)
    agree(other, NAND)


@task("gate", points=3)
def test_gate_answers_once_for_each_row(student, reference, rng):
    X, w, b = rng.normal(size=(40, 3)), rng.uniform(1, 2, size=3), float(rng.uniform(1, 2))
    agree(student.gate(X, w, b), reference.gate(X, w, b))


@pytest.mark.parametrize("name", GATES)
@task("weights_for", points=1)
def test_weights_for_give_the_truth_table(student, name):
    X, truth = GATES[name]
    w, b = student.weights_for(name)
    w, b = np.asarray(w, dtype=float), np.asarray(b, dtype=float)
    expect(w.shape == X.shape[1:], "weights_shape", gate=name, shape=str(X.shape[1:]))
    expect(b.shape == (), "bias_shape", gate=name)
    answers = (X @ w + b >= 0).astype(int).tolist()
    with_threshold = (X @ w - b >= 0).astype(int).tolist()
    facts = {"gate": name, "answers": str(answers), "truth": str(truth)}
    expect(answers == truth or b != 0, "wrong_table", misconception="A2.1", **facts)
    expect(
        answers == truth or with_threshold != truth, "wrong_table", misconception="A2.2", **facts
    )
    expect(answers == truth, "wrong_table", **facts)


@task("weights_for", points=1)
def test_weights_for_refuses_an_unknown_name(student):
    refuses(student.weights_for, "MAYBE")
    refuses(student.weights_for, "XOR")


@task("train_perceptron", points=3)
def test_train_perceptron_makes_the_worked_first_epoch(student):
    w, b, history = student.train_perceptron(CORNERS, AND, 1.0, 1)
    agree(w, np.array([1.0, 1.0]))
    agree(b, 0.0)
    agree(list(history), [2])


@task("train_perceptron", points=3)
def test_train_perceptron_learns_and_in_six_epochs(student):
    w, b, history = student.train_perceptron(CORNERS, AND, 1.0, 20)
    agree(w, np.array([2.0, 1.0]))
    agree(b, -3.0)
    agree(list(history), [2, 3, 3, 2, 1, 0])


@task("is_separable", points=4)
def test_is_separable_tells_and_from_xor(student):
    agree(student.is_separable(AND), True)
    agree(student.is_separable(XOR), False)
