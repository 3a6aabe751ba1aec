"""Wrong variants of 04_tensors: what a learner with each misunderstanding writes."""

import numpy as np
import tensorflow as tf

from autograder.diagnosis import misconception

# A4.1 Nobody watches x.


@misconception("A4.1")
def grad_at(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x)


@misconception("A4.1")
def grad_at(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x).numpy()


@misconception("A4.1")
def derivatives(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        first = inner.gradient(y, x)
    return first, outer.gradient(first, x)


@misconception("A4.1")
def derivatives(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        y = f(x)
        first = tape.gradient(y, x)
    return first, tape.gradient(first, x)


@misconception("A4.1")
def minimize(f, x0, lr, steps):
    x, history = tf.Variable(x0, dtype=tf.float64), []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            y = f(x)
        x = x - lr * tape.gradient(y, x)
        history.append(float(y))
    return x.numpy(), history


@misconception("A4.1")
def minimize(f, x0, lr, steps):
    x, history = tf.constant(x0, tf.float64), []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            y = f(x)
        history.append(y.numpy())
        x -= lr * tape.gradient(y, x)
    return x.numpy(), history


# A4.2 The tape does not see the computation.


@misconception("A4.2")
def grad_at(f, x):
    x = tf.constant(x, tf.float64)
    y = f(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
    return tape.gradient(y, x)


@misconception("A4.2")
def grad_at(f, x):
    x = tf.Variable(x, dtype=tf.float64)
    with tf.GradientTape() as tape:
        y = f(x.numpy())
    return tape.gradient(y, x).numpy()


@misconception("A4.2")
def grad_at(f, x):
    x = tf.Variable(x, dtype=tf.float64)
    with tf.GradientTape() as tape:
        y = f(x).numpy()
    return tape.gradient(y, x)


@misconception("A4.2")
def derivatives(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(x)
    first = tape.gradient(y, x)
    return first, tape.gradient(first, x)


@misconception("A4.2")
def minimize(f, x0, lr, steps):
    x, history = tf.Variable(x0, dtype=tf.float64), []
    for _ in range(steps):
        y = f(x)
        with tf.GradientTape() as tape:
            loss = tf.convert_to_tensor(y.numpy())
        x.assign_sub(lr * tape.gradient(loss, x))
        history.append(float(loss))
    return x.numpy(), history


# A4.3 One tape is asked twice.


@misconception("A4.3")
def derivatives(f, x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    first = tape.gradient(y, x)
    return first, tape.gradient(first, x)


@misconception("A4.3")
def derivatives(f, x):
    x = tf.Variable(x, dtype=tf.float64)
    with tf.GradientTape() as tape:
        y = f(x)
        first = tape.gradient(y, x)
    second = tape.gradient(first, x)
    return first.numpy(), second.numpy()


@misconception("A4.3")
def minimize(f, x0, lr, steps):
    x, history = tf.Variable(x0, dtype=tf.float64), []
    with tf.GradientTape() as tape:
        y = f(x)
    for _ in range(steps):
        x.assign_sub(lr * tape.gradient(y, x))
        history.append(float(f(x)))
    return x.numpy(), history


# A4.4 Numbers are wanted of symbolic tensors.


@misconception("A4.4")
def make_graph(W, b):
    calls = tf.Variable(0)

    @tf.function(input_signature=[tf.TensorSpec((None, len(W)), tf.float32)])
    def graph(X):
        calls.assign_add(1)
        return tf.nn.relu(X @ W + b).numpy()

    return graph, calls


@misconception("A4.4")
def make_graph(W, b):
    calls = tf.Variable(0)

    @tf.function(input_signature=[tf.TensorSpec((None, len(W)), tf.float32)])
    def graph(X):
        calls.assign_add(1)
        return np.maximum(X @ W + b, 0)

    return graph, calls


@misconception("A4.4")
def minimize(f, x0, lr, steps):
    x = tf.Variable(x0, dtype=tf.float64)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(lr * tape.gradient(y, x))
        return y.numpy()

    history = [step() for _ in range(steps)]
    return x.numpy(), history


# A4.5 TensorFlow 1.


@misconception("A4.5")
def describe(t):
    with tf.Session() as session:
        value = session.run(t)
    return value.ndim, value.shape, value.dtype.name


@misconception("A4.5")
def make_graph(W, b):
    calls = tf.Variable(0)
    X = tf.placeholder(tf.float32, (None, len(W)))
    return tf.nn.relu(X @ W + b), calls


@misconception("A4.5")
def grad_at(f, x):
    x = tf.constant(x, tf.float64)
    return tf.gradients(f(x), x)[0]


@misconception("A4.5")
def derivatives(f, x):
    x = tf.constant(x, tf.float64)
    first = tf.gradients(f(x), x)[0]
    with tf.compat.v1.Session() as session:
        return session.run([first, tf.gradients(first, x)[0]])


@misconception("A4.5")
def minimize(f, x0, lr, steps):
    x, history = tf.Variable(x0, dtype=tf.float64), []
    train = tf.train.GradientDescentOptimizer(lr).minimize(f(x))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(steps):
            history.append(session.run(f(x)))
            session.run(train)
        return session.run(x), history


# A4.6 Whole numbers are left whole numbers.


@misconception("A4.6")
def grad_at(f, x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x)


@misconception("A4.6")
def grad_at(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x).numpy()


@misconception("A4.6")
def derivatives(f, x):
    x = tf.constant(x)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        first = inner.gradient(y, x)
    return first, outer.gradient(first, x)


@misconception("A4.6")
def minimize(f, x0, lr, steps):
    x, history = tf.Variable(x0), []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(lr * tape.gradient(y, x))
        history.append(float(y))
    return x.numpy(), history


# A4.7 Python in a graph is expected to run at every call.


@misconception("A4.7")
def make_graph(W, b):
    calls = tf.Variable(0)
    count = 0

    @tf.function(input_signature=[tf.TensorSpec((None, len(W)), tf.float32)])
    def graph(X):
        nonlocal count
        count += 1
        calls.assign(count)
        return tf.nn.relu(X @ W + b)

    return graph, calls


@misconception("A4.7")
def make_graph(W, b):
    calls = [0]

    @tf.function(input_signature=[tf.TensorSpec((None, len(W)), tf.float32)])
    def graph(X):
        calls[0] += 1
        print("called", calls[0])
        return tf.nn.relu(X @ W + b)

    return graph, calls


@misconception("A4.7")
def count_traces(f, inputs):
    traces = 0
    graph = tf.function(f)
    for x in inputs:
        graph(x)
        traces += 1
    return traces


@misconception("A4.7")
def count_traces(f, inputs):
    traces = []

    def noted(x):
        traces.append(x)
        return f(x)

    for x in inputs:
        noted(x)
    return len(traces)


# A4.8 Finite differences.


@misconception("A4.8")
def grad_at(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        grad[i] = (f(tf.constant(x + step)) - f(tf.constant(x - step))) / (2 * h)
    return grad


@misconception("A4.8")
def derivatives(f, x, h=1e-4):
    x = tf.constant(x, tf.float64)
    first = (f(x + h) - f(x - h)) / (2 * h)
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    return first.numpy(), second.numpy()


@misconception("A4.8")
def minimize(f, x0, lr, steps, h=1e-6):
    x, history = np.array(x0, dtype=float), []
    for _ in range(steps):
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            step = np.zeros_like(x)
            step[i] = h
            grad[i] = (f(tf.constant(x + step)) - f(tf.constant(x))) / h
        history.append(float(f(tf.constant(x))))
        x = x - lr * grad
    return x, history
