"""Checks that every learner gets."""

import numpy as np

from autograder.checks import agree, leaves_arguments_alone, probe, task

# The network of the examples: one sample, a layer of two relu neurons, a linear neuron.
X = np.array([[1.0, 2.0]])
FIRST = {"W": np.array([[1.0, -1.0], [0.5, -1.0]]), "b": np.array([0.0, 0.5]), "f": "relu"}
SECOND = {"W": np.array([[3.0], [4.0]]), "b": np.array([-1.0]), "f": "linear"}
CACHE = [
    {"X": X, "Z": np.array([[2.0, -2.5]]), "A": np.array([[2.0, 0.0]])},
    {"X": np.array([[2.0, 0.0]]), "Z": np.array([[5.0]]), "A": np.array([[5.0]])},
]


def random_layers(rng, sizes, names):
    return [
        {"W": rng.normal(size=(d_in, d_out)), "b": rng.normal(size=d_out), "f": f}
        for d_in, d_out, f in zip(sizes, sizes[1:], names, strict=False)
    ]


def has_layers(grads, count):
    whole = isinstance(grads, list | tuple) and len(grads) == count
    return whole and all(isinstance(each, dict) and {"W", "b"} <= each.keys() for each in grads)


def agree_grads(grads, wanted):
    """Array by array, from the last layer on, as the walk goes: an error shows where it begins."""
    if has_layers(grads, len(wanted)):
        for got, want in zip(reversed(grads), reversed(wanted), strict=True):
            agree(got["W"], want["W"])
            agree(got["b"], want["b"])
    agree(grads, wanted)


@task("forward", points=3)
def test_forward_has_the_worked_values(student):
    out, cache = student.forward(X, [FIRST, SECOND])
    agree(out, np.array([[5.0]]))
    agree(cache, CACHE)


@task("forward", points=3)
def test_forward_keeps_the_cache_of_every_layer(student, reference, rng):
    inputs = rng.normal(size=(4, 3))
    params = random_layers(rng, (3, 5, 2), ("tanh", "sigmoid"))
    out, cache = student.forward(inputs, params)
    wanted_out, wanted_cache = reference.forward(inputs, params)
    agree(out, wanted_out)
    agree(cache, wanted_cache)


@task("loss", points=2)
def test_loss_has_the_worked_values_of_mse(student):
    Y, out = np.array([[4.0], [1.0]]), np.array([[5.0], [4.0]])
    value, dout = student.loss(Y, out, "mse")
    agree(value, 5.0)
    agree(dout, np.array([[1.0], [3.0]]))


@task("loss", points=2)
def test_loss_has_the_worked_values_of_bce(student):
    value, dout = student.loss(np.array([[1.0]]), np.array([[0.8]]), "bce")
    agree(value, -np.log(0.8))
    agree(dout, np.array([[-1.25]]))


@task("loss", points=2)
def test_loss_has_the_worked_values_of_ce(student):
    out = np.array([[0.0, np.log(3)]])
    value, dout = student.loss(np.array([[1.0, 0.0]]), out, "ce")
    agree(value, np.log(4))
    agree(dout, np.array([[-0.75, 0.75]]))


@task("loss", points=3)
def test_loss_and_its_gradient_on_several_samples(student, reference, rng):
    Y, out = np.eye(3)[[0, 2, 1, 2, 0]], rng.uniform(0.1, 0.9, size=(5, 3))
    for kind in ("mse", "bce", "ce"):
        value, dout = student.loss(Y, out, kind)
        wanted_value, wanted_dout = reference.loss(Y, out, kind)
        agree(value, wanted_value)
        agree(dout, wanted_dout)


@task("backward", points=4)
def test_backward_has_the_worked_values(student):
    grads = student.backward(CACHE, [FIRST, SECOND], np.array([[2.0]]))
    wanted = [
        {"W": np.array([[6.0, 0.0], [12.0, 0.0]]), "b": np.array([6.0, 0.0])},
        {"W": np.array([[4.0], [0.0]]), "b": np.array([2.0])},
    ]
    agree_grads(grads, wanted)


@task("backward", points=4)
def test_backward_through_one_sigmoid_layer(student, reference, rng):
    params = random_layers(rng, (3, 5), ("sigmoid",))
    _, cache = reference.forward(rng.normal(size=(4, 3)), params)
    dout = rng.normal(size=(4, 5))
    agree_grads(student.backward(cache, params, dout), reference.backward(cache, params, dout))


@task("backward", points=4)
def test_backward_through_three_layers_leaves_the_cache_alone(student, reference, rng):
    params = random_layers(rng, (3, 5, 4, 2), ("relu", "tanh", "sigmoid"))
    _, cache = reference.forward(rng.normal(size=(6, 3)), params)
    dout = rng.normal(size=(6, 2))
    grads = leaves_arguments_alone(student.backward, cache, params, dout)
    agree_grads(grads, reference.backward(cache, params, dout))


@task("train_step", points=5)
def test_train_step_makes_the_worked_step(student):
    value, new = student.train_step(X, np.array([[4.0]]), [FIRST, SECOND], "mse", 0.1)
    agree(value, 1.0)
    first = {"W": np.array([[0.4, -1.0], [-0.7, -1.0]]), "b": np.array([-0.6, 0.5]), "f": "relu"}
    second = {"W": np.array([[2.6], [4.0]]), "b": np.array([-1.2]), "f": "linear"}
    agree(new, [first, second])


def of_sum_and_product(program, x, y):
    x, y = program.Var(x), program.Var(y)
    out = x * y + y
    out.backward()
    return out.value, x.grad, y.grad


def of_a_layer(program, x, W, b):
    x, W, b = program.Var(x), program.Var(W), program.Var(b)
    out = (x @ W + b).relu()
    out.backward()
    return out.value, x.grad, W.grad, b.grad


def of_a_square(program, x):
    x = program.Var(x)
    out = x * x + x
    out.backward()
    return out.value, x.grad


@task("Var", points=2)
def test_var_adds_and_multiplies(student):
    x, y = np.array([2.0, -1.0]), np.array([5.0, 3.0])
    value, dx, dy = probe(student, of_sum_and_product)(x, y)
    agree(value, np.array([15.0, 0.0]))
    agree(dx, np.array([5.0, 3.0]))
    agree(dy, np.array([3.0, 0.0]))


@task("Var", points=3)
def test_var_makes_a_layer(student):
    x, W = np.array([[1.0, -2.0], [0.0, 1.0]]), np.array([[3.0, 0.0, 1.0], [1.0, 4.0, -1.0]])
    value, dx, dW, db = probe(student, of_a_layer)(x, W, np.array([1.0, 0.0, -1.0]))
    agree(value, np.array([[2.0, 0.0, 2.0], [2.0, 4.0, 0.0]]))
    agree(dx, np.array([[4.0, 0.0], [3.0, 5.0]]))
    agree(dW, np.array([[1.0, 0.0, 1.0], [-1.0, 1.0, -2.0]]))
    agree(db, np.array([2.0, 1.0, 1.0]))


@task("Var", points=3)
def test_var_adds_up_what_each_use_sends(student):
    value, dx = probe(student, of_a_square)(3.0)
    agree(value, 12.0)
    agree(dx, 7.0)
