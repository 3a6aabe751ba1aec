# %% [markdown]
# # 4. Tensors, graphs and automatic differentiation
#
# So far you computed with NumPy, and you worked out every derivative yourself. From here on a
# library does the second part for you. TensorFlow adds three ideas to NumPy, and this exercise is
# about just these three:
#
# 1. a **tensor** is an array that TensorFlow knows how to compute with (task 1);
# 2. a **graph** is a computation that was written down once and can then be run again and again,
#    fast and without Python (tasks 2 and 3);
# 3. a **tape** remembers which operations led to a number, and from that it finds the exact
#    derivative of this number: *automatic differentiation* (tasks 4 to 6).
#
# **Eager first.** TensorFlow 2 computes at once, line by line, like NumPy: `tf.constant(2.0) * 3`
# is `6.0`, here and now. There is no `Session` and no `placeholder`; where an old tutorial uses
# them, it speaks of TensorFlow 1.
#
# **Back and forth.** `tf.constant(x)` makes a tensor of a number, a list or a NumPy array;
# `t.numpy()` makes a NumPy array of a tensor. `tf.Variable(x)` is a tensor that can be changed: a
# weight. A list of Python floats becomes `float32`, of Python integers `int32`; a NumPy array keeps
# its dtype. With `tf.constant(x, tf.float64)` you choose yourself.
#
# **Conventions of the course.** Rows are samples: `X (n, d_in)`, `W (d_in, d_out)`, `b (d_out,)`.
# Each task says which dtype it takes and which it returns. A function never changes what it was
# given. Python's own library, NumPy and TensorFlow are all you need; `torch`, `jax`, `autograd` and
# `scipy` may not be used here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 04_tensors`. If you are stuck, `gradeflow hint describe` (or any other task)
# helps you one step further.
#
# **Limits.** When your work is checked, one call of a function may compute for 15 s and the
# whole file for 120 s, with 2048 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np
import tensorflow as tf

# %% [markdown]
# ## Task 1. `describe`
#
# Before you compute with a tensor, know what it is. Three things describe it:
#
# * its **shape**: the length of each axis, a tuple such as `(2, 3)`;
# * its **rank**: how many axes there are, the length of the shape. (In linear algebra "rank" means
#   something else.)
# * its **dtype**: the type of its entries, by name: `"float32"`, `"int32"`, `"bool"`.
#
# | tensor | rank | shape | for example |
# |---|---|---|---|
# | number | 0 | `()` | a loss |
# | vector | 1 | `(3,)` | one sample with 3 features |
# | matrix | 2 | `(5, 3)` | 5 samples |
# | stack of matrices | 3 | `(4, 5, 3)` | 4 batches of 5 samples |
#
# A stack is computed with like one matrix: `(4, 5, 3) @ (3, 2)` multiplies each of the 4 matrices
# and gives `(4, 5, 2)`.
#
# Return `(rank, shape, dtype)` in plain Python: an `int`, a `tuple` of `int`s, and the name of the
# dtype as a `str`. No tensor, no NumPy number, no `TensorShape` and no list.
#
# **Example.** `tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])` is `(2, (2, 3), "float32")`.


# %%
def describe(t):
    """Say what a tensor is.

    t: a tensor, of any shape and dtype
    ->  (rank, shape, dtype)   rank: int   shape: tuple of int   dtype: str, its plain name

    >>> describe(tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    (2, (2, 3), 'float32')
    >>> describe(tf.constant(7))
    (0, (), 'int32')
    """
    raise NotImplementedError("describe")


# %% [markdown]
# ## Task 2. `make_graph`
#
# `@tf.function` above a function turns it into a **graph**. At the first call TensorFlow runs the
# Python body *once*, with *symbolic* tensors: they have a dtype and a shape but no numbers yet. It
# writes down every TensorFlow operation. This is called **tracing**. From then on a call runs what
# was written down; the Python body is not looked at again. Two things follow:
#
# * Inside, there is no `.numpy()` and no NumPy function: a symbolic tensor has no numbers. Use
#   `tf.…` functions, return the tensor, and call `.numpy()` outside.
# * `print`, `count += 1` and other Python happen only while tracing. What is to happen at *every*
#   call must be a TensorFlow operation: `tf.print`, or `variable.assign_add(1)`.
#
# An input of another shape would make TensorFlow trace again. A **signature** prevents it: it says
# beforehand what may come, and `None` stands for "any length":
#
# ```python
# @tf.function(input_signature=[tf.TensorSpec((None, 3), tf.float32)])
# def graph(X):  # X (n, 3), any n
#     ...
# ```
#
# **Write** `make_graph(W, b)`. It returns two things:
#
# * `graph`, a `tf.function` with a signature, for any number of rows: `graph(X)` is one layer of
#   neurons, $\mathrm{relu}(X W + b)$, computed with `tf.nn.relu`. All is `float32`.
# * `calls`, a `tf.Variable` with a whole number: how often `graph` has been called. It begins at 0,
#   and the graph itself adds 1 at every call.
#
# Make the variable outside the graph, before it: a graph that makes a new variable at each call is
# refused.
#
# **Example.** $W = (1, 2)^{\mathsf T}$, $b = -4$. For the rows $(1, 1)$ and $(3, 2)$ the weighted
# sums are $1 + 2 - 4 = -1$ and $3 + 4 - 4 = 3$, so `graph(X)` is `[[0.], [3.]]`. After this one
# call `calls` is 1, and after another one with five rows it is 2, with still one trace.


# %%
def make_graph(W, b):
    """Make the graph of one layer, relu(X W + b), which counts its own calls.

    W: (d_in, d_out) and b: (d_out,), float32 arrays
    ->  (graph, calls)
        graph: a tf.function with an input signature; X (n, d_in) float32, any n -> (n, d_out)
        calls: a tf.Variable, a whole number: how often graph was called

    >>> graph, calls = make_graph(np.float32([[1], [2]]), np.float32([-4]))
    >>> graph(tf.constant([[1.0, 1.0], [3.0, 2.0]])).numpy().tolist()
    [[0.0], [3.0]]
    >>> graph(tf.zeros((5, 2))).shape, int(calls.numpy())
    (TensorShape([5, 1]), 2)
    """
    raise NotImplementedError("make_graph")


# %% [markdown]
# ## Task 3. `count_traces`
#
# Without a signature TensorFlow traces again whenever something comes that it has no graph for:
#
# * an array or tensor of a new **shape** or a new **dtype**; its *values* do not matter;
# * a Python number with a new **value**: `2` and `3` are two graphs, `2` and `2` are one. For
#   numbers that change, pass tensors.
#
# Tracing is slow, so it pays to know how often it happens. **Write** `count_traces(f, inputs)`:
# make *one new* `tf.function` of `f`, without options, call it on each input, in this order, and
# return how often its Python body ran, that is, how often it was traced. Do not work it out by the
# rules above: let TensorFlow trace, and count. That Python runs only while tracing, a trap in
# task 2, is here just what you need.
#
# **Example.** The inputs `np.zeros(3)`, `np.ones(3)`, `np.zeros(5)` make three calls and two
# traces.


# %%
def count_traces(f, inputs):
    """Count how often a tf.function made of f is traced when it is called on each input.

    f: a function of one tensor   inputs: a list of arrays and numbers
    ->  int

    >>> count_traces(tf.square, [np.zeros(3), np.ones(3), np.zeros(5)])
    2
    >>> count_traces(tf.square, [2, 3, 2])
    2
    """
    raise NotImplementedError("count_traces")


# %% [markdown]
# ## Task 4. `grad_at`
#
# How does $y = f(x)$ change when an entry of $x$ grows a little? TensorFlow answers exactly, for
# any $f$ that is made of TensorFlow operations. A **tape** records the operations, and then walks
# back through them by the chain rule:
#
# ```python
# radius = tf.constant(2.0)
# with tf.GradientTape() as recorder:
#     recorder.watch(radius)
#     area = np.pi * radius**2  # computed from the radius, inside the block
# slope = recorder.gradient(area, radius)  # 2 * pi * radius = 12.566
# ```
#
# **Figure (tape.png).** What the tape keeps. Forwards (blue) the values are computed and each
# operation is written down. Backwards (orange) the tape begins with 1 at the result and multiplies
# by one slope for each operation. What arrives at $r$ is the gradient.
#
# With $x$ for the radius and $y$ for the area, four things must be right, or `gradient` returns
# `None`:
#
# * $x$ is **watched**. A `tf.Variable` is watched by itself; for a `tf.constant` write
#   `tape.watch(x)`.
# * $y$ is computed **inside** the `with` block.
# * All the way from $x$ to $y$ there are **TensorFlow operations only**. After `.numpy()` the tape
#   sees nothing any more.
# * $x$ holds **floats**. Whole numbers have no slope: `tf.constant(3)` is `int32`; write
#   `tf.constant(3, tf.float64)` or `tf.constant(3.0)`.
#
# **Write** `grad_at(f, x)`: the gradient of $f$ at $x$, an array with the shape of $x$. $f$ takes a
# tensor and returns a single number (as a tensor). $x$ is a number, a list or a NumPy array, and it
# may hold whole numbers: make it a tensor of floats, `float64` or `float32` as you like.
#
# Please use no difference quotient $\frac{f(x + h) - f(x - h)}{2h}$. It needs two runs of $f$ for
# each entry of $x$, and it is never exact; the tape needs one run, and it is. Some operations also
# bring a gradient of their own (`tf.custom_gradient`): the tape takes it, a difference quotient
# knows nothing of it. The checks use such functions, here and in the next two tasks.
#
# **Examples.** $f(x) = x_1^2 + x_2^2$ has the gradient $2x$: at $(3, -1)$ it is $(6, -2)$.
# $f(x) = x^3$ at $2$: $3 \cdot 2^2 = 12$.


# %%
def grad_at(f, x):
    """The gradient of f at x, by automatic differentiation.

    f: takes a tensor like x, returns a tensor of shape ()
    x: a number, a list or an array, of floats or whole numbers, of any shape
    ->  the gradient: an array of floats (a tensor will do) with the shape of x

    >>> def squares(x):
    ...     return tf.reduce_sum(x**2)
    >>> np.asarray(grad_at(squares, [3.0, -1.0])).tolist()
    [6.0, -2.0]
    >>> float(grad_at(lambda x: x**3, 2))
    12.0
    """
    raise NotImplementedError("grad_at")


# %% [markdown]
# ## Task 5. `derivatives`
#
# A gradient is computed by TensorFlow operations too, so a tape can record *it*, and give the
# derivative of the derivative. But a tape can be used **once**: after `tape.gradient` it is empty.
# There are two ways out:
#
# * **nested** tapes: the outer tape records while the inner one is asked for its gradient;
# * **one** tape with `tf.GradientTape(persistent=True)`, which may be asked several times. Then
#   take the first derivative *inside* the `with` block: otherwise nobody records it.
#
# **Write** `derivatives(f, x)`: the first and the second derivative. Here $f$ works on each entry
# of $x$ for itself, like an activation function: $f(x)$ and both derivatives have the shape of $x$.
# (`tape.gradient` of an array gives the gradient of the *sum* of its entries. Because entry $i$ of
# $f(x)$ depends on $x_i$ alone, this is just $f'(x_i)$ at every place.)
#
# **Example.** $f(x) = x^3$: $f'(x) = 3x^2$ and $f''(x) = 6x$. At $x = (1, -2)$ they are $(3, 12)$
# and $(6, -12)$.


# %%
def derivatives(f, x):
    """The first and the second derivative of f at each entry of x.

    f: works entry by entry: takes a tensor, returns a tensor of the same shape
    x: a number, a list or an array, of floats or whole numbers, of any shape
    ->  (first, second): two arrays of floats (tensors will do), each with the shape of x

    >>> first, second = derivatives(lambda x: x**3, [1.0, -2.0])
    >>> np.asarray(first).tolist(), np.asarray(second).tolist()
    ([3.0, 12.0], [6.0, -12.0])
    """
    raise NotImplementedError("derivatives")


# %% [markdown]
# ## Task 6. `minimize`
#
# The gradient points uphill. Walk against it in small steps, and you go down: this is **gradient
# descent**, which trains every network in this course. Start at `x0` and repeat, exactly `steps`
# times,
#
# $$ x \leftarrow x - \eta\, \nabla f(x), $$
#
# where the learning rate $\eta$ is `lr`. Return the last $x$, and `history`: a list of the values
# $f(x)$ *before* each step, so it has as many entries as there are steps.
#
# Each step needs a **new tape**. And mind what $x$ is: `x = x - ...` makes a plain tensor of a
# `tf.Variable`, which no tape watches by itself. Change the variable in place by
# `x.assign_sub(...)`, or watch $x$ in each step. `x0` is a number, a list or an array, perhaps of
# whole numbers; it must stay as it is.
#
# **Example.** $f(x) = x^2$, `x0 = 1`, `lr = 0.25`: the slope at $1$ is $2$, and
# $1 - 0.25 \cdot 2 = 0.5$; the slope there is $1$, and $0.5 - 0.25 = 0.25$. After two steps $x$ is
# $0.25$ and `history` is `[1.0, 0.25]`.
#
# **Figure (downhill.png).** The start and the two steps of the example. Each step (green) is as
# long as $\eta = 0.25$ times the slope of the tangent (orange) where it begins. The flatter the
# curve, the shorter the step.


# %%
def minimize(f, x0, lr, steps):
    """Walk downhill from x0, by gradient descent with a tape.

    f: takes a tensor like x0, returns a tensor of shape ()
    x0: a number, a list or an array, of floats or whole numbers   lr: a number   steps: an int
    ->  (x, history)   x: an array of floats (a tensor will do) with the shape of x0
        history: a list of numbers, f before each of the steps

    >>> x, history = minimize(lambda x: x**2, 1, 0.25, 2)
    >>> float(x), [float(y) for y in history]
    (0.25, [1.0, 0.25])
    """
    raise NotImplementedError("minimize")
