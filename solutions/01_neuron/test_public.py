"""Checks that every learner gets."""

import numpy as np

from autograder.checks import agree, code, task


@task("sigmoid", points=2)
def test_sigmoid_has_the_worked_values(student):
    z = np.array([-2.0, 0.0, 2.0])
    agree(student.sigmoid(z), np.array([0.11920292202211755, 0.5, 0.8807970779778823]))


@task("sigmoid", points=2)
def test_sigmoid_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.sigmoid(z), reference.sigmoid(z))


@task("tanh", points=2)
def test_tanh_has_the_worked_values(student):
    z = np.array([-1.0, 0.0, 1.0])
    agree(student.tanh(z), np.array([-0.7615941559557649, 0.0, 0.7615941559557649]))


@task("tanh", points=1)
def test_tanh_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.tanh(z), reference.tanh(z))


@task("relu", points=1)
def test_relu_has_the_worked_values(student):
    agree(student.relu(np.array([-1.5, 0.0, 2.0])), np.array([0.0, 0.0, 2.0]))


@task("relu", points=2)
def test_relu_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.relu(z), reference.relu(z))


@task("d_sigmoid", points=2)
def test_d_sigmoid_has_the_worked_values(student):
    z = np.array([-2.0, 0.0, 2.0])
    agree(student.d_sigmoid(z), np.array([0.1049935854035065, 0.25, 0.1049935854035065]))


@task("d_sigmoid", points=1)
def test_d_sigmoid_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.d_sigmoid(z), reference.d_sigmoid(z))


@task("d_tanh", points=2)
def test_d_tanh_has_the_worked_values(student):
    z = np.array([-1.0, 0.0, 1.0])
    agree(student.d_tanh(z), np.array([0.41997434161402614, 1.0, 0.41997434161402614]))


@task("d_tanh", points=1)
def test_d_tanh_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.d_tanh(z), reference.d_tanh(z))


@task("d_relu", points=2)
def test_d_relu_has_the_worked_values(student):
    agree(student.d_relu(np.array([-1.5, 0.0, 2.0])), np.array([0.0, 0.0, 1.0]))


def identity(z):
    return z


def plus_a_hundred(z):
    return z + 100


@task("neuron", points=2)
def test_neuron_has_the_worked_weighted_sum(student):
    x, w = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    agree(student.neuron(x, w, 0.5, code(identity)), 1.5)


@task("neuron", points=1)
def test_neuron_applies_the_function_it_is_given(student, reference, rng):
    x, w, b = rng.normal(size=3), rng.normal(size=3), float(rng.normal())
    f = code(plus_a_hundred)
    agree(student.neuron(x, w, b, f), reference.neuron(x, w, b, f))
