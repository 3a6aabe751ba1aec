"""Checks that every learner gets."""

import numpy as np

from autograder.checks import agree, expect, leaves_arguments_alone, probe, task, warns_nothing

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


def agree_both(got, wanted):
    """Compare two values one by one, so that a factor or a sign is told."""
    if not (isinstance(got, tuple | list) and len(got) == 2):
        agree(got, wanted)
    for each, want in zip(got, wanted, strict=True):
        agree(each, want)


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
    agree_both(student.forward(X, [FIRST, SECOND]), (np.array([[5.0]]), CACHE))


@task("forward", points=3)
def test_forward_keeps_the_cache_of_every_layer(student, reference, rng):
    inputs = rng.normal(size=(4, 3))
    params = random_layers(rng, (3, 5, 4, 2), ("tanh", "relu", "sigmoid"))
    agree_both(student.forward(inputs, params), reference.forward(inputs, params))


@task("forward", points=1)
def test_forward_leaves_its_inputs_alone(student, reference):
    inputs, params = np.array([[1.0, 2.0], [-3.0, 0.5]]), [FIRST, {**SECOND, "f": "sigmoid"}]
    got = leaves_arguments_alone(student.forward, inputs, params)
    agree_both(got, reference.forward(inputs, params))


@task("loss", points=2)
def test_loss_has_the_worked_values_of_mse(student):
    got = student.loss(np.array([[4.0]]), np.array([[5.0]]), "mse")
    agree_both(got, (1.0, np.array([[2.0]])))
    got = student.loss(np.array([[4.0], [1.0]]), np.array([[5.0], [4.0]]), "mse")
    agree_both(got, (5.0, np.array([[1.0], [3.0]])))


@task("loss", points=2)
def test_loss_has_the_worked_values_of_bce(student):
    got = student.loss(np.array([[1.0]]), np.array([[0.8]]), "bce")
    agree_both(got, (-np.log(0.8), np.array([[-1.25]])))


@task("loss", points=2)
def test_loss_has_the_worked_values_of_ce(student):
    got = student.loss(np.array([[1.0, 0.0]]), np.array([[0.0, np.log(3)]]), "ce")
    agree_both(got, (np.log(4), np.array([[-0.75, 0.75]])))


@task("loss", points=3)
def test_loss_and_its_gradient_on_several_samples(student, reference, rng):
    Y, out = np.eye(3)[[0, 2, 1, 2, 0]], rng.uniform(0.1, 0.9, size=(5, 3))
    for kind in ("mse", "bce", "ce"):
        agree_both(student.loss(Y, out, kind), reference.loss(Y, out, kind))


@task("loss", points=1)
def test_loss_clips_probabilities_of_zero_and_one(student, reference):
    Y, out = np.array([[0.0, 1.0, 1.0]]), np.array([[0.0, 0.0, 1.0]])
    value, dout = warns_nothing(student.loss, Y, out, "bce")
    wanted_value, wanted_dout = reference.loss(Y, out, "bce")
    agree(value, wanted_value, rtol=1e-3)
    agree(dout, wanted_dout, rtol=1e-3)


@task("loss", points=1)
def test_loss_stands_logits_far_from_zero(student):
    Y, out = np.eye(3)[[0, 2]], np.array([[1000.0, 500.0, 900.0], [-1000.0, -600.0, -990.0]])
    value, dout = warns_nothing(student.loss, Y, out, "ce")
    expect(np.isfinite(value), "not_finite")
    agree(dout, np.array([[0.0, 0.0, 0.0], [0.0, 0.5, -0.5]]), atol=1e-9)


@task("loss", points=1)
def test_loss_leaves_its_inputs_alone(student):
    # Zeros and ones: whoever clips in place changes them.
    Y, out = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.25]])
    for kind in ("mse", "bce", "ce"):
        leaves_arguments_alone(student.loss, Y, out, kind)


@task("backward", points=4)
def test_backward_has_the_worked_values(student):
    one = {"W": np.array([[1.0], [2.0]]), "b": np.array([0.0]), "f": "relu"}
    cache = [{"X": X, "Z": np.array([[5.0]]), "A": np.array([[5.0]])}]
    wanted = [{"W": np.array([[3.0], [6.0]]), "b": np.array([3.0])}]
    agree_grads(student.backward(cache, [one], np.array([[3.0]])), wanted)
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


@task("backward", points=2)
def test_backward_takes_from_the_cache_what_forward_left_there(student, reference):
    # Other biases than those of the way forward: whoever computes a Z anew gets another one.
    later = [{**FIRST, "b": np.array([-7.0, 9.0])}, {**SECOND, "f": "sigmoid"}]
    cache = [
        {"X": np.array([[1.0, 2.0], [0.5, -1.0]]), "Z": np.array([[2.0, 0.0], [0.0, 1.0]])},
        {"X": np.array([[2.0, 0.0], [0.0, 1.0]]), "Z": np.array([[0.5], [-1.5]])},
    ]
    for entry, f in zip(cache, [lambda Z: Z, lambda Z: 1 / (1 + np.exp(-Z))], strict=True):
        entry["A"] = f(entry["Z"])
    dout = np.array([[2.0], [-3.0]])
    agree_grads(student.backward(cache, later, dout), reference.backward(cache, later, dout))


@task("train_step", points=3)
def test_train_step_makes_the_worked_step(student):
    one = {"W": np.array([[3.0]]), "b": np.array([-1.0]), "f": "linear"}
    new = [{"W": np.array([[2.6]]), "b": np.array([-1.2]), "f": "linear"}]
    got = student.train_step(np.array([[2.0]]), np.array([[4.0]]), [one], "mse", 0.1)
    agree_both(got, (1.0, new))
    first = {"W": np.array([[0.4, -1.0], [-0.7, -1.0]]), "b": np.array([-0.6, 0.5]), "f": "relu"}
    second = {"W": np.array([[2.6], [4.0]]), "b": np.array([-1.2]), "f": "linear"}
    got = student.train_step(X, np.array([[4.0]]), [FIRST, SECOND], "mse", 0.1)
    agree_both(got, (1.0, [first, second]))


@task("train_step", points=2)
def test_train_step_takes_every_kind_of_loss(student, reference):
    inputs, Y = np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 1.0]]), np.array([[0.0], [1.0], [1.0]])
    for kind, f in [("mse", "tanh"), ("bce", "sigmoid")]:
        given = inputs, Y, [FIRST, {**SECOND, "f": f}], kind, 0.5
        agree_both(student.train_step(*given), reference.train_step(*given))
    last = {"W": np.array([[1.0, 0.0, 2.0], [0.5, -1.0, 3.0]]), "b": np.zeros(3), "f": "linear"}
    given = inputs, np.eye(3)[[2, 0, 1]], [FIRST, last], "ce", 0.5
    agree_both(student.train_step(*given), reference.train_step(*given))


@task("train_step", points=1)
def test_train_step_leaves_the_old_layers_alone(student, reference):
    inputs, Y = np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 1.0]]), np.array([[4.0], [1.0], [-2.0]])
    given = inputs, Y, [FIRST, SECOND], "mse", 0.3
    got = leaves_arguments_alone(student.train_step, *given)
    agree_both(got, reference.train_step(*given))


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


def of_a_product(program, x, W):
    x, W = program.Var(x), program.Var(W)
    out = (x @ W).relu()
    out.backward()
    return out.value, x.grad, W.grad


def of_a_square(program, x):
    x = program.Var(x)
    out = x * x + x
    out.backward()
    return out.value, x.grad


def of_crossing_ways(program, x, y):
    x, y = program.Var(x), program.Var(y)
    a = x * y
    b = a + x
    c = b * a + b
    out = a * c + c * c + y
    out.backward()
    return [(each.value, each.grad) for each in (x, y, a, b, c, out)]


def of_many_ways(program):
    """Tell whether the work of backward grows with the number of ways back, 2 for each doubling."""
    import sys

    def calls(doublings):
        made = []
        y = program.Var(1.5)
        for _ in range(doublings):
            y = y + y
        sys.setprofile(lambda *_: made.append(1))
        try:
            y.backward()
        finally:
            sys.setprofile(None)
        return len(made)

    return calls(10) > 12 * calls(5)  # 32 times as many ways, and twice as many Vars


def of_the_corner(program, x):
    x = program.Var(x)
    out = x.relu()
    out.backward()
    return out.value, x.value, x.grad


@task("Var", points=2)
def test_var_adds_and_multiplies(student):
    x, y = np.array([2.0, -1.0]), np.array([5.0, 3.0])
    value, dx, dy = probe(student, of_sum_and_product, shows="of_sum_and_product")(x, y)
    agree(value, np.array([15.0, 0.0]))
    agree(dx, np.array([5.0, 3.0]))
    agree(dy, np.array([3.0, 0.0]))


@task("Var", points=2)
def test_var_makes_a_layer(student):
    x, W = np.array([[1.0, -2.0], [0.0, 1.0]]), np.array([[3.0, 0.0, 1.0], [1.0, 4.0, -1.0]])
    value, dx, dW, db = probe(student, of_a_layer, shows="of_a_layer")(
        x, W, np.array([1.0, 0.0, -1.0])
    )
    agree(value, np.array([[2.0, 0.0, 2.0], [2.0, 4.0, 0.0]]))
    agree(dx, np.array([[4.0, 0.0], [3.0, 5.0]]))
    agree(dW, np.array([[1.0, 0.0, 1.0], [-1.0, 1.0, -2.0]]))
    agree(db, np.array([2.0, 1.0, 1.0]))
    x, W = np.array([[1.0, -2.0]]), np.array([[3.0, 0.0], [1.0, 4.0]])
    value, dx, dW = probe(student, of_a_product, shows="of_a_product")(x, W)
    agree(value, np.array([[1.0, 0.0]]))
    agree(dx, np.array([[3.0, 1.0]]))
    agree(dW, np.array([[1.0, 0.0], [-2.0, 0.0]]))


@task("Var", points=1)
def test_var_takes_the_slope_zero_at_the_corner_of_relu(student):
    x = np.array([[-1.0, 0.0, 2.0]])
    value, kept, grad = probe(student, of_the_corner, shows="of_the_corner")(x)
    agree(value, np.array([[0.0, 0.0, 2.0]]))
    agree(kept, x)
    agree(grad, np.array([[0.0, 0.0, 1.0]]))


@task("Var", points=2)
def test_var_sends_its_gradient_on_when_it_has_every_share(student):
    x, y = np.array([2.0, -1.0]), np.array([3.0, 0.5])
    a = x * y
    b = a + x
    c = b * a + b
    dc = a + 2 * c
    db = dc * (a + 1)
    da = c + dc * b + db
    values, grads = (x, y, a, b, c, a * c + c * c + y), (da * y + db, da * x + 1, da, db, dc)
    wanted = [*zip(values, (*grads, np.ones(2)), strict=True)]
    for got, (value, grad) in zip(
        probe(student, of_crossing_ways, shows="of_crossing_ways")(x, y), wanted, strict=True
    ):
        agree(got[0], value)
        agree(got[1], grad)


@task("Var", points=1)
def test_var_deals_with_each_var_once(student):
    expect(not probe(student, of_many_ways, shows="of_many_ways")(), "every_way_on_its_own")


@task("Var", points=2)
def test_var_adds_up_what_each_use_sends(student):
    value, dx = probe(student, of_a_square, shows="of_a_square")(3.0)
    agree(value, 12.0)
    agree(dx, 7.0)
