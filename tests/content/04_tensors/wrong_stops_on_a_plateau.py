# loses: minimize
"""Wrong: stops where the values do not fall any more."""

import tensorflow as tf


def describe(t):
    return (len(t.shape), tuple(t.shape), t.dtype.name)


def make_graph(W, b):
    calls = tf.Variable(0)

    @tf.function(input_signature=[tf.TensorSpec((None, len(W)), tf.float32)])
    def graph(X):
        calls.assign_add(1)
        return tf.nn.relu(X @ W + b)

    return (graph, calls)


def count_traces(f, inputs):
    traces = []

    @tf.function
    def graph(x):
        traces.append(x)
        return f(x)

    for x in inputs:
        graph(x)
    return len(traces)


def grad_at(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x).numpy()


def derivatives(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        first = inner.gradient(y, x)
    return (first.numpy(), outer.gradient(first, x).numpy())


def minimize(f, x0, lr, steps):
    x = tf.Variable(x0, dtype=tf.float64)
    history = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            y = f(x)
        if history and float(y) >= history[-1]:
            break
        x.assign_sub(lr * tape.gradient(y, x))
        history.append(float(y))
    return (x.numpy(), history)
