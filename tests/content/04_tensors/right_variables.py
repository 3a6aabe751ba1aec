"""Right, with variables everywhere, which a tape watches by itself; float32 throughout."""

import tensorflow as tf


def describe(t):
    shape = tuple(t.shape.as_list())
    return t.shape.rank, shape, t.dtype.name


def make_graph(W, b):
    weights = tf.Variable(W, dtype=tf.float32)
    bias = tf.Variable(b, dtype=tf.float32)
    calls = tf.Variable(0, dtype=tf.int64, trainable=False)

    @tf.function(input_signature=[tf.TensorSpec(shape=[None, W.shape[0]], dtype=tf.float32)])
    def graph(X):
        calls.assign(calls + 1)
        return tf.nn.relu(tf.matmul(X, weights) + bias)

    return graph, calls


def count_traces(f, inputs):
    count = 0

    @tf.function
    def graph(x):
        nonlocal count
        count += 1
        return f(x)

    for x in inputs:
        graph(x)
    return count


def grad_at(f, x):
    x = tf.Variable(x, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x)


def derivatives(f, x):
    x = tf.Variable(x, dtype=tf.float32)
    with tf.GradientTape() as t2:
        with tf.GradientTape() as t1:
            y = f(x)
        dy = t1.gradient(y, x)
    return dy, t2.gradient(dy, x)


def minimize(f, x0, lr, steps):
    x = tf.Variable(x0, dtype=tf.float32)
    history = []
    for i in range(steps):
        with tf.GradientTape() as tape:
            loss = f(x)
        g = tape.gradient(loss, x)
        x.assign(x - lr * g)
        history.append(loss.numpy())
    return x, history
