"""Checks that learners never get: fresh random inputs."""

import numpy as np

from autograder.checks import (
    CallFailed,
    agree,
    code,
    expect,
    leaves_arguments_alone,
    probe,
    tape_use,
    task,
    tf_tensor,
)

DTYPES = ("float32", "float64", "int32", "int64", "uint8", "bool")

# ---- describe ----


def of_description(program, t):
    """Describe a tensor, and say of what types the answer is."""

    def kind(value):
        return type(value).__name__

    told = program.describe(t)
    if not isinstance(told, tuple | list) or len(told) != 3:
        return told, f"{kind(told)}"
    shape = told[1]
    inside = ", ".join(sorted({kind(each) for each in shape})) if type(shape) is tuple else ""
    of = f" of {inside}" if inside else ""
    return told, f"{kind(told[0])}, {kind(shape)}{of}, {kind(told[2])}"


def agree_description(student, tensor, wanted):
    told, kinds = probe(student, of_description, shows="of_description")(tensor)
    plain = "int, tuple of int, str" if wanted[1] else "int, tuple, str"
    if kinds == plain:
        agree(told, wanted)
    right = isinstance(told, tuple | list) and len(told) == 3
    expect(right, "no_triple", got=kinds)
    expect(kinds == plain, "not_plain", got=kinds, wanted=plain)


@task("describe", points=4, kind="shapes")
def test_describe_takes_any_shape_and_dtype(student, rng):
    for rank, dtype in enumerate(rng.permutation(DTYPES).tolist()):
        shape = tuple(rng.integers(1, 5, size=rank).tolist())
        tensor = tf_tensor(np.ones(shape, dtype))
        agree_description(student, tensor, (rank, shape, dtype))
    none = tf_tensor(np.zeros((0, 4), np.float32))
    agree_description(student, none, (2, (0, 4), "float32"))


# ---- make_graph ----


def of_two_graphs(program, W, b, V, c, X, Y):
    import numpy as np
    import tensorflow as tf

    told = []
    (one, ones), (other, others) = program.make_graph(W, b), program.make_graph(V, c)
    for graph, batch in ((one, X), (other, Y), (one, X)):
        told.append(np.asarray(graph(tf.constant(batch))))
        told.append([int(np.ravel(np.asarray(calls))[0]) for calls in (ones, others)])
    return told


def layer(X, W, b):
    return np.maximum(X.astype(float) @ W + b, 0)


def floats(rng, *shapes):
    return [rng.normal(size=shape).astype(np.float32) for shape in shapes]


@task("make_graph", points=3, kind="shapes")
def test_make_graph_takes_layers_of_any_size(student, rng):
    for d_in, d_out in ((1, 1), (4, 2), (3, 7)):
        W, b, X = floats(rng, (d_in, d_out), (d_out,), (6, d_in))
        told = probe(student, of_two_graphs, shows="of_two_graphs")(W, b, W, b, X, X[:1])
        agree(told[0], layer(X, W, b), rtol=1e-5, atol=1e-5, dtype="float")
        agree(told[2], layer(X[:1], W, b), rtol=1e-5, atol=1e-5, dtype="float")


@task("make_graph", points=3, kind="edges")
def test_make_graph_makes_a_new_graph_and_a_new_counter_each_time(student, rng):
    W, b, V, c, X, Y = floats(rng, (3, 5), (5,), (2, 4), (4,), (6, 3), (6, 2))
    told = probe(student, of_two_graphs, shows="of_two_graphs")(W, b, V, c, X, Y)
    outputs = [layer(X, W, b), layer(Y, V, c), layer(X, W, b)]
    agree(told[::2], outputs, rtol=1e-5, atol=1e-5, dtype="float")
    agree(told[1::2], [[1, 0], [1, 1], [2, 1]])


# ---- count_traces ----


def squared(x):
    return x * x


def agree_traces(student, inputs, wanted):
    found = student.count_traces(code(squared), inputs)
    counts_calls = wanted < len(inputs) and isinstance(found, int) and found == len(inputs)
    if counts_calls:  # or values: whoever counts calls counts three of the same, too
        again = student.count_traces(code(squared), [np.zeros(3), np.zeros(3), np.zeros(3)])
        named = "A4.7" if again == 3 else None
        expect(False, "counted_calls", misconception=named, calls=len(inputs))
    agree(found, wanted)


@task("count_traces", points=3)
def test_count_traces_counts_on_random_inputs(student, rng):
    kinds = [(shape, dtype) for shape in ((3,), (3, 1), (2, 5)) for dtype in ("f4", "f8")]
    drawn = [kinds[i] for i in rng.integers(0, len(kinds), size=9)]
    inputs = [rng.normal(size=shape).astype(dtype) for shape, dtype in drawn]
    agree_traces(student, inputs, len(set(drawn)))


@task("count_traces", points=3, kind="edges")
def test_count_traces_begins_anew_each_time(student, rng):
    numbers = rng.integers(2, 6, size=7).tolist()
    for _ in range(2):
        agree_traces(student, numbers, len(set(numbers)))


# ---- grad_at, derivatives, minimize ----


def cause(use):
    """Name what keeps a gradient from coming, from what the tapes did; None where it is unknown."""
    if use.asked and not use.went_back:
        if use.integer:
            return "A4.6"
        return "A4.1" if use.recorded and not use.watched else "A4.2"
    return "A4.8" if use.calls > 1 and not use.asked and not use.backs else None


def answer(student, name, f, x, *rest, each=False, call=None):
    """Call a learner's function on f and x. Where no gradient comes, say why."""
    use = tape_use(student, name, x, *rest, each=each)
    function = getattr(student, name)
    try:
        value = (call or type(function).__call__)(function, code(f), x, *rest)
    except CallFailed as failed:
        failed.misconception = cause(use)
        raise
    expect(value is not None or not use.went_back, "not_returned", name=name)
    expect(value is not None, "no_gradient", misconception=cause(use))
    return value


def near(got, wanted):
    """Agree to six digits; a learner may also compute in float32, which has hardly more."""
    single = getattr(got, "dtype", None) == np.float32
    rtol, atol = (2e-5, 1e-5) if single else (1e-6, 1e-9)
    agree(got, np.asarray(wanted, float), rtol=rtol, atol=atol, dtype="float")


def expect_automatic(student, name, x, *rest, each=False):
    use = tape_use(student, name, x, *rest, each=each)
    by_differences = cause(use) == "A4.8"
    expect(not by_differences, "by_differences", misconception="A4.8", calls=use.calls)


def chained(x):
    import tensorflow as tf

    return tf.reduce_mean(tf.exp(-0.5 * x**2) * tf.tanh(x))


def slope_of_chained(x):
    hill, s = np.exp(-0.5 * x**2), np.tanh(x)
    return hill * (1 - s**2 - x * s) / x.size


def norm(x):
    import tensorflow as tf

    return tf.sqrt(tf.reduce_sum(x * x) + 1)


def looped(x):
    import tensorflow as tf

    y = x
    for _ in range(5):
        y = tf.where(y > 0, 0.5 * y * y, -y)
    return tf.reduce_sum(y)


def slope_of_looped(x):
    y, slope = x, np.ones_like(x)
    for _ in range(5):
        slope = slope * np.where(y > 0, y, -1)
        y = np.where(y > 0, 0.5 * y * y, -y)
    return slope


def floored(x):
    import tensorflow as tf

    @tf.custom_gradient
    def straight_through(z):
        return tf.floor(z), lambda upstream: upstream

    return tf.reduce_sum(straight_through(x) * x)


def between(rng, *shape):
    """Numbers whose distance from every whole number and half is at least 0.1."""
    return rng.integers(-4, 4, size=shape) + rng.uniform(0.1, 0.4, size=shape)


@task("grad_at", points=2, kind="shapes")
def test_grad_at_takes_vectors_matrices_and_stacks(student, rng):
    for shape in ((), (1,), (5,), (3, 5), (2, 3, 4)):
        x = np.asarray(rng.normal(size=shape))
        near(answer(student, "grad_at", chained, x), slope_of_chained(x))
        near(answer(student, "grad_at", norm, x), x / np.sqrt(np.sum(x * x) + 1))


@task("grad_at", points=3)
def test_grad_at_goes_back_through_loops_and_branches(student, rng):
    x = between(rng, 3, 5)
    near(answer(student, "grad_at", looped, x), slope_of_looped(x))


@task("grad_at", points=2)
def test_grad_at_takes_the_gradient_that_a_function_brings(student, rng):
    x = between(rng, 5)
    expect_automatic(student, "grad_at", x)
    near(answer(student, "grad_at", floored, x), np.floor(x) + x)


def bell(x):
    import tensorflow as tf

    return tf.exp(-0.5 * x * x)


def logistic(x):
    import tensorflow as tf

    return 1 / (1 + tf.exp(-x))


@task("derivatives", points=4, kind="shapes")
def test_derivatives_takes_curves_and_any_shape(student, rng):
    for shape in ((), (4,), (3, 5), (2, 3, 2)):
        x = np.asarray(rng.normal(size=shape))
        use = tape_use(student, "derivatives", x, each=True)
        first, second = answer(student, "derivatives", bell, x, each=True)
        missing = second is None
        expect(first is not None, "no_gradient", misconception=cause(use))
        expect(not (missing and use.nested), "no_second", misconception="A4.1")
        expect(not missing, "no_second", misconception="A4.2")
        expect(cause(use) != "A4.8", "by_differences", misconception="A4.8", calls=use.calls)
        near(first, -x * np.exp(-0.5 * x * x))
        near(second, (x * x - 1) * np.exp(-0.5 * x * x))
        a = 1 / (1 + np.exp(-x))
        first, second = answer(student, "derivatives", logistic, x, each=True)
        near(first, a * (1 - a))
        near(second, a * (1 - a) * (1 - 2 * a))


def valley(x):
    import tensorflow as tf

    return tf.reduce_sum((x - 1) ** 2 + 0.25 * x**4)


def agree_walk(pair, x, lr, steps, slope, height):
    got, values = pair
    history = []
    for _ in range(steps):
        history.append(height(x))
        x = x - lr * slope(x)
    near(got, x)
    single = getattr(got, "dtype", None) == np.float32
    near(np.asarray(values, np.float32 if single else float), history)


def of_valley(x):
    return np.sum((x - 1) ** 2 + 0.25 * x**4)


def slope_of_valley(x):
    return 2 * (x - 1) + x**3


@task("minimize", points=3, kind="shapes")
def test_minimize_walks_on_any_shape(student, rng):
    for shape, steps in (((), 3), ((4,), 1), ((3, 5), 4), ((2, 3, 2), 0)):
        x, lr = np.asarray(rng.uniform(-1.5, 1.5, size=shape)), 0.03 + rng.random() / 20
        walk = answer(student, "minimize", valley, x, lr, steps)
        agree_walk(walk, x, lr, steps, slope_of_valley, of_valley)


@task("minimize", points=2, kind="unchanged")
def test_minimize_leaves_its_start_alone(student, rng):
    x = rng.uniform(-1.5, 1.5, size=(3, 2))
    walk = answer(student, "minimize", valley, x, 0.05, 3, call=leaves_arguments_alone)
    agree_walk(walk, x, 0.05, 3, slope_of_valley, of_valley)


@task("minimize", points=2)
def test_minimize_follows_the_gradient_that_a_function_brings(student, rng):
    x = between(rng, 5)
    expect_automatic(student, "minimize", x, 0.1, 2)
    walk = answer(student, "minimize", floored, x, 0.25, 1)
    agree_walk(walk, x, 0.25, 1, lambda x: np.floor(x) + x, lambda x: np.sum(np.floor(x) * x))
