"""Checks that every learner gets."""

import numpy as np

from autograder.checks import CallFailed, agree, code, expect, probe, tape_use, task, tf_tensor

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


@task("describe", points=3)
def test_describe_has_the_worked_values(student):
    matrix = tf_tensor(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], np.float32))
    agree_description(student, matrix, (2, (2, 3), "float32"))
    agree_description(student, tf_tensor(np.array(7, np.int32)), (0, (), "int32"))


@task("describe", points=3)
def test_describe_tells_vectors_matrices_and_stacks_apart(student):
    for shape in ((3,), (1,), (5, 3), (5, 1), (4, 5, 3)):
        tensor = tf_tensor(np.zeros(shape))
        agree_description(student, tensor, (len(shape), shape, "float64"))


# ---- make_graph ----


def of_a_graph(program, W, b, batches):
    import numpy as np
    import tensorflow as tf

    graph, calls = program.make_graph(W, b)
    outputs, counts = [], []
    for X in batches:
        outputs.append(np.asarray(graph(tf.constant(X))))
        counts.append(int(np.ravel(np.asarray(calls))[0]))
    count = getattr(graph, "experimental_get_tracing_count", None)
    # What get_concrete_function returns was traced once, and has a signature.
    traces = count() if count else int(hasattr(graph, "structured_input_signature"))
    return outputs, counts, traces


def batches_of(rng, *shapes):
    return [rng.normal(size=shape).astype(np.float32) for shape in shapes]


def agree_outputs(outputs, W, b, batches):
    wanted = [np.maximum(X.astype(float) @ W + b, 0) for X in batches]
    agree(outputs, wanted, rtol=1e-5, atol=1e-5, dtype="float")


@task("make_graph", points=3)
def test_make_graph_computes_the_layer(student, rng):
    W, b = np.array([[1.0], [2.0]], np.float32), np.array([-4.0], np.float32)
    X = np.array([[1.0, 1.0], [3.0, 2.0]], np.float32)
    outputs, _, _ = probe(student, of_a_graph, shows="of_a_graph")(W, b, [X])
    agree(outputs, [np.array([[0.0], [3.0]])], rtol=1e-5, dtype="float")
    W, b, X = batches_of(rng, (3, 5), (5,), (4, 3))
    outputs, _, _ = probe(student, of_a_graph, shows="of_a_graph")(W, b, [X])
    agree_outputs(outputs, W, b, [X])


@task("make_graph", points=3)
def test_make_graph_is_traced_once_for_any_number_of_rows(student, rng):
    W, b, *batches = batches_of(rng, (3, 5), (5,), (2, 3), (4, 3), (4, 3), (1, 3))
    outputs, _, traces = probe(student, of_a_graph, shows="of_a_graph")(W, b, batches)
    agree_outputs(outputs, W, b, batches)
    expect(traces > 0, "no_graph")
    expect(traces == 1, "traced_often", traces=traces, calls=len(batches))


@task("make_graph", points=3)
def test_make_graph_counts_every_call(student, rng):
    W, b, *batches = batches_of(rng, (3, 5), (5,), (4, 3), (4, 3), (4, 3))
    _, counts, traces = probe(student, of_a_graph, shows="of_a_graph")(W, b, batches)
    while_tracing = traces < len(batches) and counts == [traces] * len(batches)
    expect(not while_tracing, "counted_traces", misconception="A4.7", count=counts[-1], calls=3)
    agree(counts, [1, 2, 3])


# ---- count_traces ----


def doubled(x):
    return x + x


def agree_traces(student, f, inputs, wanted):
    found = student.count_traces(code(f), inputs)
    counts_calls = wanted < len(inputs) and isinstance(found, int) and found == len(inputs)
    if counts_calls:  # or values: whoever counts calls counts three of the same, too
        again = student.count_traces(code(f), [np.zeros(3), np.zeros(3), np.zeros(3)])
        named = "A4.7" if again == 3 else None
        expect(False, "counted_calls", misconception=named, calls=len(inputs))
    agree(found, wanted)


@task("count_traces", points=3)
def test_count_traces_has_the_worked_values(student):
    agree_traces(student, doubled, [np.zeros(3), np.ones(3), np.zeros(5)], 2)
    agree_traces(student, doubled, [2, 3, 2], 2)


@task("count_traces", points=3)
def test_count_traces_tells_shapes_and_dtypes_apart(student):
    inputs = [np.zeros((2, 3)), np.zeros((2, 3), np.float32), np.ones((3, 2)), np.ones((2, 3))]
    agree_traces(student, doubled, inputs, 3)
    agree_traces(student, doubled, [np.array(1.0), np.array(2.0), np.array(3.0)], 1)
    agree_traces(student, doubled, [], 0)
    # Many shapes: each has a graph of its own, and none stands for all.
    agree_traces(student, doubled, [np.zeros(n) for n in (1, 2, 3, 4, 5)], 5)


# ---- grad_at, derivatives, minimize ----


def cause(use):
    """Name what keeps a gradient from coming, from what the tapes did; None where it is unknown."""
    if use.asked and not use.went_back:
        if use.integer:
            return "A4.6"
        return "A4.1" if use.recorded and not use.watched else "A4.2"
    return "A4.8" if use.calls > 1 and not use.asked and not use.backs else None


def answer(student, name, f, x, *rest, each=False):
    """Call a learner's function on f and x. Where no gradient comes, say why."""
    use = tape_use(student, name, x, *rest, each=each)
    try:
        value = getattr(student, name)(code(f), x, *rest)
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


def squares(x):
    import tensorflow as tf

    return tf.reduce_sum(x**2)


def cube(x):
    return x**3


def waves(x):
    import tensorflow as tf

    return tf.reduce_sum(x * tf.sin(x))


def rounded(x):
    import tensorflow as tf

    @tf.custom_gradient
    def straight_through(z):
        return tf.round(z), lambda upstream: upstream

    return tf.reduce_sum(straight_through(x) * x)


@task("grad_at", points=3)
def test_grad_at_has_the_worked_values(student):
    near(answer(student, "grad_at", squares, [3.0, -1.0]), [6.0, -2.0])
    near(answer(student, "grad_at", cube, 2.0), 12.0)


@task("grad_at", points=3)
def test_grad_at_takes_a_matrix(student, rng):
    x = rng.normal(size=(3, 5))
    near(answer(student, "grad_at", waves, x), np.sin(x) + x * np.cos(x))


@task("grad_at", points=2)
def test_grad_at_takes_whole_numbers(student):
    near(answer(student, "grad_at", squares, [3, -1]), [6.0, -2.0])
    near(answer(student, "grad_at", cube, 2), 12.0)
    near(answer(student, "grad_at", squares, np.array([[1, 2], [3, 4]])), [[2, 4], [6, 8]])


@task("grad_at", points=3)
def test_grad_at_differentiates_automatically(student):
    x = np.array([1.3, -0.7, 2.2])
    expect_automatic(student, "grad_at", x)
    near(answer(student, "grad_at", rounded, x), np.round(x) + x)


def second_of(student, f, x):
    """Call derivatives, and say why where the second one is missing."""
    use = tape_use(student, "derivatives", x, each=True)
    first, second = answer(student, "derivatives", f, x, each=True)
    expect(first is not None, "no_gradient", misconception=cause(use))
    missing = second is None
    expect(not (missing and use.nested), "no_second", misconception="A4.1")
    expect(not missing, "no_second", misconception="A4.2")
    return first, second


@task("derivatives", points=3)
def test_derivatives_has_the_worked_values(student):
    first, second = second_of(student, cube, [1.0, -2.0])
    near(first, [3.0, 12.0])
    near(second, [6.0, -12.0])


def kinked(x):
    import tensorflow as tf

    @tf.custom_gradient
    def line(z):
        @tf.custom_gradient
        def slope(u):
            return tf.ones_like(u) * 3, lambda upstream: 5 * upstream

        return tf.round(z), lambda upstream: upstream * slope(z)

    return line(x)


@task("derivatives", points=3)
def test_derivatives_differentiates_automatically_and_takes_whole_numbers(student):
    first, second = second_of(student, cube, np.array([[1, 2, 3]]))
    near(first, [[3.0, 12.0, 27.0]])
    near(second, [[6.0, 12.0, 18.0]])
    x = np.array([1.25, -1.75, 0.25])
    expect_automatic(student, "derivatives", x, each=True)
    # Its slope is 3 and the slope of this is 5, by what it brings along; differences find 0.
    first, second = second_of(student, kinked, x)
    near(first, [3.0, 3.0, 3.0])
    near(second, [5.0, 5.0, 5.0])


def agree_walk(pair, x, history):
    got, values = pair
    near(got, x)
    single = getattr(got, "dtype", None) == np.float32
    near(np.asarray(values, np.float32 if single else float), history)


@task("minimize", points=3)
def test_minimize_makes_the_worked_steps(student):
    agree_walk(answer(student, "minimize", squares, 1.0, 0.25, 2), 0.25, [1.0, 0.25])
    walk = answer(student, "minimize", squares, [2.0, -4.0], 0.25, 3)
    agree_walk(walk, [0.25, -0.5], [20.0, 5.0, 1.25])


def flat(x):
    import tensorflow as tf

    return tf.reduce_sum(tf.nn.relu(x))


@task("minimize", points=2)
def test_minimize_takes_whole_numbers(student):
    agree_walk(answer(student, "minimize", squares, 1, 0.25, 2), 0.25, [1.0, 0.25])
    walk = answer(student, "minimize", squares, np.array([[2, -4]]), 0.25, 1)
    agree_walk(walk, [[1.0, -2.0]], [20.0])
    # Where it is flat nothing moves any more, and the steps go on all the same.
    walk = answer(student, "minimize", flat, [1, -1], 0.5, 5)
    agree_walk(walk, [0.0, -1.0], [1.0, 0.5, 0.0, 0.0, 0.0])


@task("minimize", points=3)
def test_minimize_differentiates_automatically(student):
    expect_automatic(student, "minimize", np.array([0.5, -0.5]), 0.125, 2)
    walk = answer(student, "minimize", rounded, [1.5, 3.25], 0.25, 1)
    agree_walk(walk, [0.625, 1.6875], [12.75])
