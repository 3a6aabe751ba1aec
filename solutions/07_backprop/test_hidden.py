"""Checks that learners never see."""

import numpy as np
import pytest

from autograder.checks import agree, expect, leaves_arguments_alone, probe, task, warns_nothing

# A central difference with h = 1e-5 is good to about 1e-9 here; a wrong gradient is far off.
SLOPE = {"rtol": 1e-6, "atol": 1e-7}
KINDS = ("mse", "bce", "ce")
ARCHITECTURES = {
    "sigmoid-bce": ((3, 2), ("sigmoid",), "bce"),
    "relu-linear-mse": ((3, 5, 2), ("relu", "linear"), "mse"),
    "tanh-sigmoid-bce": ((4, 3, 2), ("tanh", "sigmoid"), "bce"),
    "relu-sigmoid-tanh-linear-ce": ((3, 5, 4, 2, 3), ("relu", "sigmoid", "tanh", "linear"), "ce"),
}


def random_layers(rng, sizes, names):
    return [
        {"W": rng.normal(size=(d_in, d_out)), "b": rng.normal(size=d_out), "f": f}
        for d_in, d_out, f in zip(sizes, sizes[1:], names, strict=False)
    ]


def random_targets(rng, n, k, kind):
    if kind == "ce":
        return np.eye(k)[rng.integers(k, size=n)]
    return rng.normal(size=(n, k)) if kind == "mse" else rng.integers(2, size=(n, k)) * 1.0


def random_outputs(rng, n, k, kind):
    return rng.uniform(0.1, 0.9, size=(n, k)) if kind == "bce" else rng.normal(size=(n, k))


def problem(reference, rng, sizes, names, kind, n=6):
    """Draw a network and samples, none of whose relu units stands at its corner."""
    while True:
        params = random_layers(rng, sizes, names)
        X, Y = rng.normal(size=(n, sizes[0])), random_targets(rng, n, sizes[-1], kind)
        out, cache = reference.forward(X, params)
        corners = [entry["Z"] for entry, f in zip(cache, names, strict=True) if f == "relu"]
        if all(np.min(np.abs(Z)) > 1e-3 for Z in corners):
            return X, Y, params, out, cache


def loss_of(X, Y, params, kind):
    """The loss, by the formulas of the course and nobody's program."""
    curves = {
        "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)),
        "tanh": np.tanh,
        "relu": lambda Z: Z * (Z > 0),
        "linear": lambda Z: Z,
    }
    for layer in params:
        X = curves[layer["f"]](X @ layer["W"] + layer["b"])
    return value_of(Y, X, kind)


def value_of(Y, out, kind):
    if kind == "mse":
        each = (out - Y) ** 2
    elif kind == "bce":
        each = -np.where(Y == 1, np.log(out), np.log(1 - out))
    else:
        each = -Y * np.log(np.exp(out) / np.exp(out).sum(axis=1, keepdims=True))
    return each.sum() / len(Y)


def differences(function, array, h=1e-5):
    """Estimate the gradient of function() with respect to an array, moving each entry in turn."""
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + h
        above = function()
        array[place] = kept - h
        slopes[place] = (above - function()) / (2 * h)
        array[place] = kept
    return slopes


def has_layers(grads, count):
    whole = isinstance(grads, list | tuple) and len(grads) == count
    return whole and all(isinstance(each, dict) and {"W", "b"} <= each.keys() for each in grads)


def agree_grads(grads, wanted, **tolerance):
    """Array by array, from the last layer on, as the walk goes: an error shows where it begins."""
    if has_layers(grads, len(wanted)):
        for got, want in zip(reversed(grads), reversed(wanted), strict=True):
            agree(got["W"], want["W"], **tolerance)
            agree(got["b"], want["b"], **tolerance)
    agree(grads, wanted, **tolerance)


@task("forward", points=4)
def test_forward_applies_the_activation_of_each_layer(student, reference, rng):
    X = rng.normal(size=(7, 3))
    params = random_layers(rng, (3, 5, 4, 2, 6), ("relu", "sigmoid", "linear", "tanh"))
    out, cache = student.forward(X, params)
    wanted_out, wanted_cache = reference.forward(X, params)
    agree(out, wanted_out)
    agree(cache, wanted_cache)


@task("forward", points=3, kind="shapes")
def test_forward_takes_any_number_of_samples_units_and_layers(student, reference, rng):
    for n, *sizes in [(1, 4, 3), (5, 1, 1), (1, 2, 1, 3), (3, 5, 3, 5, 3, 5)]:
        X, params = rng.normal(size=(n, sizes[0])), random_layers(rng, sizes, ["tanh"] * len(sizes))
        out, cache = student.forward(X, params)
        wanted_out, wanted_cache = reference.forward(X, params)
        agree(out, wanted_out)
        agree(cache, wanted_cache)


@task("forward", points=2, kind="unchanged")
def test_forward_leaves_its_inputs_alone(student, reference, rng):
    X, params = rng.normal(size=(3, 5)), random_layers(rng, (5, 3, 2), ("relu", "relu"))
    out, _ = leaves_arguments_alone(student.forward, X, params)
    agree(out, reference.forward(X, params)[0])


@pytest.mark.parametrize("kind", KINDS)
@task("loss", points=2, kind="rules")
def test_loss_and_its_gradient_belong_together(student, reference, rng, kind):
    Y, out = random_targets(rng, 5, 3, kind), random_outputs(rng, 5, 3, kind)
    value, dout = student.loss(Y, out, kind)
    agree(value, value_of(Y, out, kind))
    for other in KINDS:
        taken = other != kind and np.shape(dout) == out.shape
        same = taken and np.allclose(dout, reference.loss(Y, out, other)[1])
        expect(not same, "other_loss", misconception="A7.7", kind=kind, other=other)
    agree(dout, differences(lambda: value_of(Y, out, kind), out), **SLOPE)


@task("loss", points=3, kind="rules")
def test_loss_of_a_batch_that_comes_twice_is_the_same(student, reference, rng):
    for kind in KINDS:
        Y, out = random_targets(rng, 3, 5, kind), random_outputs(rng, 3, 5, kind)
        wanted, half = reference.loss(Y, out, kind)
        value, dout = student.loss(np.concatenate([Y, Y]), np.concatenate([out, out]), kind)
        agree(value, wanted)
        agree(dout, np.concatenate([half, half]) / 2)


@task("loss", points=2, kind="extremes")
def test_loss_clips_probabilities_of_zero_and_one(student, reference):
    out = np.array([[0.0, 1.0], [1.0, 0.0], [1e-13, 0.25]])
    # Clipping 1 - p in the place of p moves the fifth digit: 1 - (1 - 1e-12) is not 1e-12.
    for Y in (np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 0.0]] * 3)):
        value, dout = warns_nothing(student.loss, Y, out, "bce")
        wanted_value, wanted_dout = reference.loss(Y, out, "bce")
        agree(value, wanted_value, rtol=1e-3)
        agree(dout, wanted_dout, rtol=1e-3)


@task("loss", points=2, kind="extremes")
def test_loss_stands_logits_far_from_zero(student, rng):
    # Within a row they differ by 720 at most: the logarithm of a softmax is finite there.
    out = np.array([[1000.0, 400.0, 0.0], [-1000.0, -900.0, -930.0], [0.0, 0.0, 720.0]])
    out[0, 2] = rng.uniform(500, 900)
    Y = np.eye(3)[[0, 1, 2]]
    value, dout = warns_nothing(student.loss, Y, out, "ce")
    agree(value, 0.0, atol=1e-9)
    agree(dout, np.zeros((3, 3)), atol=1e-9)
    # Where the wrong class is certain, clipping the probability is as good as not: no value asked.
    wrong = np.eye(3)[[1, 2, 0]]
    value, dout = warns_nothing(student.loss, wrong, out, "ce")
    expect(np.isfinite(value), "not_finite")
    agree(dout, (Y - wrong) / 3, atol=1e-9)


@task("loss", points=1, kind="unchanged")
def test_loss_leaves_its_inputs_alone(student, rng):
    for kind in KINDS:
        Y, out = random_targets(rng, 3, 5, kind), random_outputs(rng, 3, 5, kind)
        out[0] = 0.0, 1.0, *out[0, 2:]  # whoever clips in place changes them
        leaves_arguments_alone(student.loss, Y, out, kind)


@pytest.mark.parametrize("name", ARCHITECTURES)
@task("backward", points=4, kind="rules")
def test_backward_is_the_slope_of_the_loss(student, reference, rng, name):
    sizes, names, kind = ARCHITECTURES[name]
    X, Y, params, out, cache = problem(reference, rng, sizes, names, kind)
    grads = student.backward(cache, params, reference.loss(Y, out, kind)[1])

    def told():
        return loss_of(X, Y, params, kind)

    wanted = [{key: differences(told, layer[key]) for key in ("W", "b")} for layer in params]
    agree_grads(grads, wanted, **SLOPE)


@task("backward", points=3)
def test_backward_takes_from_the_cache_what_forward_left_there(student, reference, rng):
    params = random_layers(rng, (3, 5, 4, 2), ("tanh", "relu", "sigmoid"))
    _, cache = reference.forward(rng.normal(size=(6, 3)), params)
    # No bias takes part in the way back. Whoever computes a Z anew gets another one.
    later = [{**layer, "b": rng.normal(size=layer["b"].shape)} for layer in params]
    dout = rng.normal(size=(6, 2))
    agree_grads(student.backward(cache, later, dout), reference.backward(cache, later, dout))


@task("backward", points=2, kind="unchanged")
def test_backward_leaves_the_cache_alone(student, reference, rng):
    params = random_layers(rng, (3, 5, 4, 2), ("sigmoid", "relu", "tanh"))
    _, cache = reference.forward(rng.normal(size=(6, 3)), params)
    dout = rng.normal(size=(6, 2))
    changed = getattr(student.backward.outcome(cache, params, dout), "changed", {})
    expect(0 not in changed, "cache_changed", misconception="A7.8")
    grads = leaves_arguments_alone(student.backward, cache, params, dout)
    agree_grads(grads, reference.backward(cache, params, dout))


@task("backward", points=1, kind="edges")
def test_backward_takes_the_slope_zero_at_the_corner_of_relu(student, rng):
    Z = np.array([[0.0, 1.0, -1.0], [0.0, -0.5, 0.5]])
    X, dout = rng.normal(size=(2, 4)), rng.normal(size=(2, 3))
    params = [{"W": rng.normal(size=(4, 3)), "b": np.zeros(3), "f": "relu"}]
    grads = student.backward([{"X": X, "Z": Z, "A": Z * (Z > 0)}], params, dout)
    delta = dout * (Z > 0)
    agree_grads(grads, [{"W": X.T @ delta, "b": delta[0] + delta[1]}])


@task("backward", points=2, kind="shapes")
def test_backward_takes_any_number_of_samples_units_and_layers(student, reference, rng):
    for n, *sizes in [(3, 5, 3, 5, 3, 5), (4, 4, 4, 4), (5, 2, 1), (1, 4, 3)]:
        names = ["sigmoid"] * len(sizes)
        params = random_layers(rng, sizes, names)
        _, cache = reference.forward(rng.normal(size=(n, sizes[0])), params)
        dout = rng.normal(size=(n, sizes[-1]))
        agree_grads(student.backward(cache, params, dout), reference.backward(cache, params, dout))


@pytest.mark.parametrize("kind", KINDS)
@task("train_step", points=2)
def test_train_step_moves_every_layer_against_its_gradient(student, reference, rng, kind):
    last = "sigmoid" if kind == "bce" else "linear"
    params = random_layers(rng, (3, 5, 4, 2), ("tanh", "relu", last))
    X, Y = rng.normal(size=(6, 3)), random_targets(rng, 6, 2, kind)
    value, new = student.train_step(X, Y, params, kind, 0.5)
    wanted_value, wanted_new = reference.train_step(X, Y, params, kind, 0.5)
    agree(value, wanted_value)
    agree(new, wanted_new)


@task("train_step", points=2, kind="unchanged")
def test_train_step_leaves_the_old_layers_alone(student, reference, rng):
    params = random_layers(rng, (3, 5, 2), ("tanh", "sigmoid"))
    X, Y = rng.normal(size=(6, 3)), random_targets(rng, 6, 2, "bce")
    _, new = leaves_arguments_alone(student.train_step, X, Y, params, "bce", 0.25)
    agree(new, reference.train_step(X, Y, params, "bce", 0.25)[1])


def of_a_network(program, X, W1, b1, W2, b2, minus_Y):
    inputs = [program.Var(each) for each in (X, W1, b1, W2, b2)]
    X, W1, b1, W2, b2 = inputs
    error = (X @ W1 + b1).relu() @ W2 + b2 + program.Var(minus_Y)
    (error * error).backward()
    return [each.grad for each in inputs[1:]]


def of_repeated_arrays(program, x, y):
    found = []
    for both in (lambda x, y: x + y, lambda x, y: y * x):
        one, other = program.Var(x), program.Var(y)
        out = both(one, other)
        out.backward()
        found.append((out.value, one.grad, other.grad))
    return found


def of_crossing_ways(program, x, y):
    x, y = program.Var(x), program.Var(y)
    a = x * y
    b = a + x
    c = b * a + b
    out = a * c + c * c + y
    out.backward()
    return [(each.value, each.grad) for each in (x, y, a, b, c, out)]


def of_doubling(program, x, times):
    start = x = program.Var(x)
    for _ in range(times):
        x = x + x
    x.backward()
    return x.value, x.grad, start.value, start.grad


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


@task("Var", points=5)
def test_var_finds_the_gradients_of_a_network(student, reference, rng):
    params = random_layers(rng, (3, 5, 2), ("relu", "linear"))
    X, Y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    out, cache = reference.forward(X, params)
    wanted = reference.backward(cache, params, 2 * (out - Y))
    (first, second) = params
    weights = first["W"], first["b"], second["W"], second["b"]
    grads = probe(student, of_a_network)(X, *weights, -Y)
    for got, want in zip(grads, [each[key] for each in wanted for key in ("W", "b")], strict=True):
        agree(got, want)


@task("Var", points=3)
def test_var_sums_over_what_numpy_repeats(student, rng):
    y = rng.normal(size=(3, 5))
    for shape, axes in {(5,): (0,), (1, 5): (0,), (3, 1): (1,), (): (0, 1), (3, 5): ()}.items():
        x = np.asarray(rng.normal(size=shape))
        plus, times = probe(student, of_repeated_arrays)(x, y)
        wanted = x + y, y.size / x.size * np.ones(shape), np.ones((3, 5))
        for got, want in zip(plus, wanted, strict=True):
            agree(got, want)
        wanted = x * y, y.sum(axis=axes).reshape(shape), x * np.ones((3, 5))
        for got, want in zip(times, wanted, strict=True):
            agree(got, want)


@task("Var", points=3, kind="rules")
def test_var_sends_its_gradient_on_when_it_has_every_share(student, rng):
    x, y = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    a = x * y
    b = a + x
    c = b * a + b
    dc = a + 2 * c
    db = dc * (a + 1)
    da = c + dc * b + db
    values, grads = (x, y, a, b, c, a * c + c * c + y), (da * y + db, da * x + 1, da, db, dc)
    wanted = [*zip(values, (*grads, np.ones((3, 5))), strict=True)]
    for got, (value, grad) in zip(probe(student, of_crossing_ways)(x, y), wanted, strict=True):
        agree(got[0], value)
        agree(got[1], grad)


@task("Var", points=3, kind="edges")
def test_var_deals_with_each_var_once(student):
    expect(not probe(student, of_many_ways)(), "every_way_on_its_own")
    x = np.array([1.0, -3.0])
    value, grad, start, slope = probe(student, of_doubling)(x, 40)
    agree(value, 2.0**40 * x)
    agree(grad, np.ones(2))
    agree(start, x)
    agree(slope, np.full(2, 2.0**40))


@task("Var", points=2, kind="edges")
def test_var_takes_the_slope_zero_at_the_corner_of_relu(student):
    x = np.array([[-1.0, 0.0, 2.0]])
    value, kept, grad = probe(student, of_the_corner)(x)
    agree(value, np.array([[0.0, 0.0, 2.0]]))
    agree(kept, x)
    agree(grad, np.array([[0.0, 0.0, 1.0]]))
