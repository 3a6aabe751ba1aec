"""Right, with persistent tapes, tensors that are watched anew, and TensorFlow's own trace count."""

import numpy as np
import tensorflow as tf


def describe(t):
    array = t.numpy()
    return array.ndim, array.shape, str(array.dtype)


def make_graph(W, b):
    calls = tf.Variable(0.0)

    def body(X):
        calls.assign_add(1.0)
        return tf.maximum(tf.linalg.matmul(X, W) + b, 0.0)

    d_in, _ = W.shape
    spec = tf.TensorSpec([None, d_in])
    return tf.function(body, input_signature=(spec,)), calls


def count_traces(f, inputs):
    graph = tf.function(f)
    for x in inputs:
        graph(x)
    return graph.experimental_get_tracing_count()


def grad_at(f, x):
    x = tf.convert_to_tensor(np.asarray(x, dtype=np.float64))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x])
        y = f(x)
    (gradient,) = tape.gradient(y, [x])
    del tape
    return gradient.numpy()


def derivatives(f, x):
    x = tf.cast(x, tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(x)
        first = tape.gradient(y, x)
    second = tape.gradient(first, x)
    return [first.numpy(), second.numpy()]


def minimize(f, x0, lr, steps):
    x = tf.cast(x0, tf.float64)
    history = []
    while len(history) < steps:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        x = x - lr * tape.gradient(y, x)
        history.append(y)
    return x, history
