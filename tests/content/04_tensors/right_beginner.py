"""Right, the way a beginner writes it: prints left in, a look at the value, long-winded."""

import numpy as np
import tensorflow as tf


def describe(t):
    print(t)
    rank = 0
    shape = ()
    for size in t.shape:
        rank = rank + 1
        shape = shape + (size,)
    dtype = str(t.dtype).replace("<dtype: '", "").replace("'>", "")
    return rank, shape, dtype


def make_graph(W, b):
    calls = tf.Variable(0)
    n_inputs = W.shape[0]

    @tf.function(input_signature=[tf.TensorSpec((None, n_inputs), tf.float32)])
    def graph(X):
        print("tracing the graph")
        calls.assign_add(1)
        z = tf.matmul(X, W) + b
        a = tf.nn.relu(z)
        return a

    return graph, calls


counter = 0


def count_traces(f, inputs):
    global counter
    counter = 0

    @tf.function
    def g(x):
        global counter
        counter += 1
        return f(x)

    for x in inputs:
        result = g(x)
        print(result)
    return counter


def grad_at(f, x):
    x = np.array(x) * 1.0
    x = tf.Variable(x)
    print("f(x) =", f(x).numpy())
    with tf.GradientTape() as tape:
        y = f(x)
    gradient = tape.gradient(y, x)
    print("gradient", gradient, "at", f(x))
    return gradient.numpy()


def derivatives(f, x):
    x = np.array(x) * 1.0
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    first = tape.gradient(y, x)
    with tf.GradientTape() as tape2:
        tape2.watch(x)
        with tf.GradientTape() as tape1:
            tape1.watch(x)
            y = f(x)
        again = tape1.gradient(y, x)
    second = tape2.gradient(again, x)
    return first.numpy(), second.numpy()


def minimize(f, x0, lr, steps):
    x = np.array(x0) * 1.0
    history = []
    for step in range(steps):
        value = f(tf.constant(x))
        history.append(value.numpy())
        x = x - lr * grad_at(f, x)
    return x, history
