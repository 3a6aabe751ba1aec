"""Checks that every learner gets."""

import numpy as np

from autograder.checks import agree, code, leaves_arguments_alone, task, warns_nothing

# Nothing here looks the same from the left as from the right: no slip may pass for another one.
FAR = np.array([[-1000.0, 1000.0, -30.0], [0.5, -800.0, 750.0]])


def numbers(rng):
    """Small and far ones: a function that limits its input in place is seen there."""
    return np.concatenate([rng.normal(size=(2, 3)), FAR])


@task("sigmoid", points=1)
def test_sigmoid_has_the_worked_values(student):
    z = np.array([-2.0, 0.0, 2.0, 3.0])
    wanted = np.array([0.11920292202211755, 0.5, 0.8807970779778823, 0.9525741268224334])
    agree(student.sigmoid(z), wanted)


@task("sigmoid", points=1)
def test_sigmoid_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.sigmoid(z), reference.sigmoid(z))


@task("sigmoid", points=2)
def test_sigmoid_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.sigmoid, FAR), reference.sigmoid(FAR))


@task("sigmoid", points=1)
def test_sigmoid_leaves_its_input_alone(student, reference, rng):
    z = numbers(rng)
    agree(leaves_arguments_alone(student.sigmoid, z), reference.sigmoid(z))


@task("tanh", points=1)
def test_tanh_has_the_worked_values(student):
    z = np.array([-1.0, 0.0, 1.0, 2.0])
    wanted = np.array([-0.7615941559557649, 0.0, 0.7615941559557649, 0.9640275800758169])
    agree(student.tanh(z), wanted)


@task("tanh", points=1)
def test_tanh_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.tanh(z), reference.tanh(z))


@task("tanh", points=1)
def test_tanh_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.tanh, FAR), reference.tanh(FAR))


@task("tanh", points=1)
def test_tanh_leaves_its_input_alone(student, reference, rng):
    z = numbers(rng)
    agree(leaves_arguments_alone(student.tanh, z), reference.tanh(z))


@task("relu", points=1)
def test_relu_has_the_worked_values(student):
    agree(student.relu(np.array([-1.5, 0.0, 2.0])), np.array([0.0, 0.0, 2.0]))


@task("relu", points=1)
def test_relu_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.relu(z), reference.relu(z))


@task("relu", points=2)
def test_relu_leaves_its_input_alone(student, reference):
    z = np.array([[-2.0, 0.0, 3.0], [1.0, -0.5, -4.0]])
    agree(leaves_arguments_alone(student.relu, z), reference.relu(z))


@task("d_sigmoid", points=1)
def test_d_sigmoid_has_the_worked_values(student):
    z = np.array([-1.0, 0.0, 2.0])
    agree(student.d_sigmoid(z), np.array([0.19661193324148185, 0.25, 0.1049935854035065]))


@task("d_sigmoid", points=1)
def test_d_sigmoid_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.d_sigmoid(z), reference.d_sigmoid(z))


@task("d_sigmoid", points=2)
def test_d_sigmoid_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.d_sigmoid, FAR), reference.d_sigmoid(FAR))


@task("d_sigmoid", points=1)
def test_d_sigmoid_leaves_its_input_alone(student, reference, rng):
    z = numbers(rng)
    agree(leaves_arguments_alone(student.d_sigmoid, z), reference.d_sigmoid(z))


@task("d_tanh", points=1)
def test_d_tanh_has_the_worked_values(student):
    z = np.array([-2.0, 0.0, 1.0])
    agree(student.d_tanh(z), np.array([0.07065082485316443, 1.0, 0.41997434161402614]))


@task("d_tanh", points=1)
def test_d_tanh_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.d_tanh(z), reference.d_tanh(z))


@task("d_tanh", points=1)
def test_d_tanh_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.d_tanh, FAR), reference.d_tanh(FAR))


@task("d_tanh", points=1)
def test_d_tanh_leaves_its_input_alone(student, reference, rng):
    z = numbers(rng)
    agree(leaves_arguments_alone(student.d_tanh, z), reference.d_tanh(z))


@task("d_relu", points=1)
def test_d_relu_has_the_worked_values(student):
    agree(student.d_relu(np.array([-1.5, 0.0, 2.0])), np.array([0.0, 0.0, 1.0]))


@task("d_relu", points=1)
def test_d_relu_keeps_the_shape(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.d_relu(z), reference.d_relu(z))


@task("d_relu", points=1)
def test_d_relu_leaves_its_input_alone(student, reference):
    z = np.array([[-2.0, 0.0, 3.0], [1.0, -0.5, -4.0]])
    agree(leaves_arguments_alone(student.d_relu, z), reference.d_relu(z))


def identity(z):
    return z


def bent(z):
    return z * z + 100


@task("neuron", points=1)
def test_neuron_has_the_worked_weighted_sum(student):
    x, w = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    agree(student.neuron(x, w, 0.5, code(identity)), 1.5)


@task("neuron", points=2)
def test_neuron_applies_the_function_it_is_given_to_the_whole_sum(student, reference, rng):
    # Of a straight line nobody sees whether the bias went through it.
    x, w, b = rng.normal(size=3), rng.normal(size=3), float(rng.uniform(1, 2))
    f = code(bent)
    agree(student.neuron(x, w, b, f), reference.neuron(x, w, b, f))


@task("neuron", points=1)
def test_neuron_takes_any_number_of_inputs(student, reference, rng):
    f = code(identity)
    for d in (5, 1, 4):
        x, w, b = rng.normal(size=d), rng.normal(size=d), float(rng.uniform(1, 2))
        agree(student.neuron(x, w, b, f), reference.neuron(x, w, b, f))


@task("neuron", points=1)
def test_neuron_leaves_its_inputs_alone(student, reference, rng):
    x, w, b = rng.normal(size=4), rng.normal(size=4), float(rng.uniform(1, 2))
    f = code(bent)
    agree(leaves_arguments_alone(student.neuron, x, w, b, f), reference.neuron(x, w, b, f))
