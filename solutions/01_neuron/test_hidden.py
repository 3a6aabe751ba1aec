"""Checks that learners never see."""

import numpy as np

from autograder.checks import (
    agree,
    central_difference,
    code,
    leaves_arguments_alone,
    task,
    warns_nothing,
)

FAR = np.array([[-1000.0, -700.0, -30.0, 0.0], [30.0, 700.0, 710.0, 1000.0]])
# The largest first: few numbers, or none, would make different mistakes look alike.
ODD_SHAPES = [(2, 3, 4), (4, 1), (), (1,), (1, 1), (0,), (2, 0, 3)]
# A central difference with h = 1e-5 is good to about 1e-10; a wrong slope is off by far more.
SLOPE = {"rtol": 1e-6, "atol": 1e-8}


@task("sigmoid", points=1)
def test_sigmoid_follows_the_logistic_curve(student, reference, rng):
    z = rng.normal(scale=4, size=(3, 5))
    agree(student.sigmoid(z), reference.sigmoid(z))


@task("sigmoid", points=2, kind="extremes")
def test_sigmoid_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.sigmoid, FAR), reference.sigmoid(FAR))


@task("sigmoid", points=1, kind="shapes")
def test_sigmoid_takes_any_shape(student, reference, rng):
    for shape in ODD_SHAPES:
        z = np.asarray(rng.normal(size=shape))
        agree(student.sigmoid(z), reference.sigmoid(z))


@task("sigmoid", points=1, kind="unchanged")
def test_sigmoid_leaves_its_input_alone(student, reference, rng):
    z = np.concatenate([rng.normal(size=(3, 4)), FAR])
    agree(leaves_arguments_alone(student.sigmoid, z), reference.sigmoid(z))


@task("tanh", points=1)
def test_tanh_follows_its_curve(student, reference, rng):
    z = rng.normal(scale=2, size=(3, 5))
    agree(student.tanh(z), reference.tanh(z))


@task("tanh", points=1, kind="extremes")
def test_tanh_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.tanh, FAR), reference.tanh(FAR))


@task("tanh", points=1, kind="shapes")
def test_tanh_takes_any_shape(student, reference, rng):
    for shape in ODD_SHAPES:
        z = np.asarray(rng.normal(size=shape))
        agree(student.tanh(z), reference.tanh(z))


@task("tanh", points=1, kind="unchanged")
def test_tanh_leaves_its_input_alone(student, reference, rng):
    z = np.concatenate([rng.normal(size=(3, 4)), FAR])
    agree(leaves_arguments_alone(student.tanh, z), reference.tanh(z))


@task("relu", points=1)
def test_relu_cuts_off_what_is_negative(student, reference, rng):
    z = rng.normal(scale=100, size=(3, 5))
    agree(student.relu(z), reference.relu(z))


@task("relu", points=1, kind="shapes")
def test_relu_takes_any_shape(student, reference, rng):
    for shape in ODD_SHAPES:
        z = np.asarray(rng.normal(size=shape))
        agree(student.relu(z), reference.relu(z))


@task("relu", points=2, kind="unchanged")
def test_relu_leaves_its_input_alone(student, reference, rng):
    z = rng.permuted(np.array([[-2.0, -1.0, 0.0, 1.0, 2.0]] * 3), axis=1)
    agree(leaves_arguments_alone(student.relu, z), reference.relu(z))


@task("d_sigmoid", points=2, kind="rules")
def test_d_sigmoid_is_the_slope_of_the_logistic_curve(student, reference, rng):
    z = rng.normal(scale=2, size=(3, 5))
    agree(student.d_sigmoid(z), central_difference(reference.sigmoid, z), **SLOPE)


@task("d_sigmoid", points=1, kind="extremes")
def test_d_sigmoid_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.d_sigmoid, FAR), reference.d_sigmoid(FAR))


@task("d_sigmoid", points=1, kind="shapes")
def test_d_sigmoid_takes_any_shape(student, reference, rng):
    for shape in ODD_SHAPES:
        z = np.asarray(rng.normal(size=shape))
        agree(student.d_sigmoid(z), reference.d_sigmoid(z))


@task("d_sigmoid", points=1, kind="unchanged")
def test_d_sigmoid_leaves_its_input_alone(student, reference, rng):
    z = np.concatenate([rng.normal(size=(3, 4)), FAR])
    agree(leaves_arguments_alone(student.d_sigmoid, z), reference.d_sigmoid(z))


@task("d_tanh", points=1, kind="rules")
def test_d_tanh_is_the_slope_of_tanh(student, reference, rng):
    z = rng.normal(scale=2, size=(3, 5))
    agree(student.d_tanh(z), central_difference(reference.tanh, z), **SLOPE)


@task("d_tanh", points=1, kind="extremes")
def test_d_tanh_is_safe_far_from_zero(student, reference):
    agree(warns_nothing(student.d_tanh, FAR), reference.d_tanh(FAR))


@task("d_tanh", points=1, kind="shapes")
def test_d_tanh_takes_any_shape(student, reference, rng):
    for shape in ODD_SHAPES:
        z = np.asarray(rng.normal(size=shape))
        agree(student.d_tanh(z), reference.d_tanh(z))


@task("d_tanh", points=1, kind="unchanged")
def test_d_tanh_leaves_its_input_alone(student, reference, rng):
    z = np.concatenate([rng.normal(size=(3, 4)), FAR])
    agree(leaves_arguments_alone(student.d_tanh, z), reference.d_tanh(z))


@task("d_relu", points=1, kind="edges")
def test_d_relu_is_the_slope_of_relu_and_zero_at_zero(student, reference, rng):
    # Away from the corner at 0, where a central difference would give one half.
    z = rng.choice([-1.0, 1.0], size=(3, 5)) * rng.uniform(0.1, 3, size=(3, 5))
    agree(student.d_relu(z), central_difference(reference.relu, z), **SLOPE)
    agree(student.d_relu(np.array([[0.0, -0.0], [1e-300, -1e-300]])), np.array([[0, 0], [1, 0.0]]))


@task("d_relu", points=1, kind="shapes")
def test_d_relu_takes_any_shape(student, reference, rng):
    for shape in ODD_SHAPES:
        z = np.asarray(rng.normal(size=shape))
        agree(student.d_relu(z), reference.d_relu(z))


@task("d_relu", points=1, kind="unchanged")
def test_d_relu_leaves_its_input_alone(student, reference, rng):
    z = rng.permuted(np.array([[-2.0, -1.0, 0.0, 1.0, 2.0]] * 3), axis=1)
    agree(leaves_arguments_alone(student.d_relu, z), reference.d_relu(z))


def a_wave_nobody_foresees(z):
    import math

    return 3 * math.sin(float(z)) - 7


def identity(z):
    return z


@task("neuron", points=2)
def test_neuron_works_with_an_activation_nobody_foresees(student, reference, rng):
    x, w, b = rng.normal(size=5), rng.normal(size=5), float(rng.normal())
    f = code(a_wave_nobody_foresees)
    agree(student.neuron(x, w, b, f), reference.neuron(x, w, b, f))


@task("neuron", points=1, kind="shapes")
def test_neuron_takes_any_number_of_inputs(student, reference, rng):
    for d in (1, 2, 7, 500):
        x, w, b = rng.normal(size=d), rng.normal(size=d), float(rng.normal())
        f = code(identity)
        # Summing 500 products in another order moves the last digits.
        agree(student.neuron(x, w, b, f), reference.neuron(x, w, b, f), atol=1e-10)


@task("neuron", points=1, kind="edges")
def test_neuron_without_inputs_that_matter_returns_its_bias(student, rng):
    x, b = rng.normal(size=4), float(rng.normal())
    agree(student.neuron(x, np.zeros(4), b, code(identity)), b)


@task("neuron", points=1, kind="unchanged")
def test_neuron_leaves_its_inputs_alone(student, reference, rng):
    x, w, b = rng.normal(size=5), rng.normal(size=5), float(rng.normal())
    f = code(identity)
    agree(leaves_arguments_alone(student.neuron, x, w, b, f), reference.neuron(x, w, b, f))
