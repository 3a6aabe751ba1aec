# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# # 4. 张量、计算图与自动微分
#
# 到现在为止，你都用 NumPy 计算，每个导数也是自己推出来的。从这个练习开始，求导的事交给程序库。
# TensorFlow 在 NumPy 之上增加了三个概念，这个练习就讲这三个：
#
# 1. **张量**（tensor）是 TensorFlow 会拿来计算的数组（任务 1）；
# 2. **计算图**（graph）是写下来一次、以后可以反复运行的计算，运行得快，而且不再经过 Python
#    （任务 2 和 3）；
# 3. **磁带**（tape）记住一个数是由哪些运算得来的，并由此求出它的精确导数，这就是*自动微分*
#    （任务 4 到 6）。
#
# **首先是即时执行。** TensorFlow 2 和 NumPy 一样，逐行立刻计算：`tf.constant(2.0) * 3` 马上就是
# `6.0`。没有 `Session`，也没有 `placeholder`；旧教程里用到它们的地方，讲的是 TensorFlow 1。
#
# **互相转换。** `tf.constant(x)` 把数、列表或 NumPy 数组变成张量；`t.numpy()` 把张量变成 NumPy
# 数组。`tf.Variable(x)` 是可以修改的张量，也就是权重。Python 浮点数的列表变成 `float32`，Python
# 整数的列表变成 `int32`；NumPy 数组保持自己的 dtype。写 `tf.constant(x, tf.float64)`
# 就由你自己来选。
#
# **本课约定。** 每一行是一个样本：`X (n, d_in)`，`W (d_in, d_out)`，`b (d_out,)`。
# 每个任务都会说明接收什么 dtype、返回什么 dtype。函数绝不修改传入的东西。
# 只需要 Python 标准库、NumPy 和 TensorFlow；这里不能使用 `torch`、`jax`、`autograd` 和 `scipy`。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 04_tensors`。卡住的时候，`gradeflow hint describe`（或者别的任务名）
# 会给你下一步的提示。

# %%
import numpy as np
import tensorflow as tf

# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 1. `describe`
#
# 拿张量计算之前，先弄清它是什么。三样东西说明一个张量：
#
# * **形状**（shape）：每个轴的长度，是一个元组，例如 `(2, 3)`；
# * **阶**（rank）：轴的个数，也就是形状的长度。（线性代数里的“秩”是另一回事。）
# * **dtype**：元素的类型，用名字表示：`"float32"`、`"int32"`、`"bool"`。
#
# | 张量 | 阶 | 形状 | 例如 |
# |---|---|---|---|
# | 数 | 0 | `()` | 一个损失 |
# | 向量 | 1 | `(3,)` | 一个样本，3 个特征 |
# | 矩阵 | 2 | `(5, 3)` | 5 个样本 |
# | 一叠矩阵 | 3 | `(4, 5, 3)` | 4 批，每批 5 个样本 |
#
# 一叠矩阵可以像一个矩阵那样计算：`(4, 5, 3) @ (3, 2)` 把 4 个矩阵分别相乘，得到 `(4, 5, 2)`。
#
# 用普通的 Python 值返回 `(rank, shape, dtype)`：一个 `int`，一个由 `int` 组成的 `tuple`，以及 dtype
# 的名字（`str`）。不要用张量、NumPy 数、`TensorShape` 或列表。
#
# **例子。** `tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])` 得到 `(2, (2, 3), "float32")`。


# %% task="describe"
def describe(t):
    """Say what a tensor is.

    t: a tensor, of any shape and dtype
    ->  (rank, shape, dtype)   rank: int   shape: tuple of int   dtype: str, its plain name

    >>> describe(tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    (2, (2, 3), 'float32')
    >>> describe(tf.constant(7))
    (0, (), 'int32')
    """
    ### BEGIN SOLUTION
    return len(t.shape), tuple(t.shape), t.dtype.name
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 2. `make_graph`
#
# 在函数上面写 `@tf.function`，它就变成**计算图**。第一次调用时，TensorFlow 用*符号*张量把 Python
# 函数体运行*一次*：符号张量有 dtype 和形状，但还没有数值。TensorFlow 记下其中每一个 TensorFlow
# 运算，这叫做**构图**（tracing）。以后每次调用，运行的是记下来的东西，不再看 Python 函数体。
# 由此得出两点：
#
# * 里面不能用 `.numpy()`，也不能用 NumPy 函数：符号张量没有数值。请用 `tf.…` 函数，返回张量，
#   在外面再调用 `.numpy()`。
# * `print`、`count += 1` 之类的 Python 语句只在构图时执行。要想*每次*调用都发生，就得用
#   TensorFlow 运算：`tf.print`，或者 `variable.assign_add(1)`。
#
# 换一个形状的输入，TensorFlow 就会重新构图。**签名**可以避免这件事：它事先说明会来什么样的输入，
# `None` 表示“长度任意”：
#
# ```python
# @tf.function(input_signature=[tf.TensorSpec((None, 3), tf.float32)])
# def graph(X):  # X (n, 3)，n 任意
#     ...
# ```
#
# **请写** `make_graph(W, b)`。它返回两样东西：
#
# * `graph`：带签名的 `tf.function`，行数任意。`graph(X)` 是一层神经元
#   $\mathrm{relu}(X W + b)$，用 `tf.nn.relu` 计算，全部是 `float32`。
# * `calls`：一个 `tf.Variable`，里面是整数，即 `graph` 被调用了多少次。它从 0 开始，
#   由计算图自己在每次调用时加 1。
#
# 变量要在计算图的外面、之前建立：每次调用都新建变量的计算图会被拒绝。
#
# **例子。** $W = (1, 2)^{\mathsf T}$，$b = -4$。对 $(1, 1)$ 和 $(3, 2)$ 两行，加权和是
# $1 + 2 - 4 = -1$ 和 $3 + 4 - 4 = 3$，所以 `graph(X)` 是 `[[0.], [3.]]`。调用这一次之后 `calls`
# 是 1；再用五行的输入调用一次，它是 2，而构图仍然只有一次。


# %% task="make_graph"
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
    ### BEGIN SOLUTION
    calls = tf.Variable(0)

    @tf.function(input_signature=[tf.TensorSpec((None, len(W)), tf.float32)])
    def graph(X):
        calls.assign_add(1)
        return tf.nn.relu(X @ W + b)

    return graph, calls
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 3. `count_traces`
#
# 没有签名时，只要来的东西还没有对应的图，TensorFlow 就重新构图：
#
# * 数组或张量的**形状**是新的，或者 **dtype** 是新的；它的*数值*不要紧；
# * Python 数的**值**是新的：`2` 和 `3` 是两个图，`2` 和 `2` 是一个图。会变的数，请用张量来传。
#
# 构图很慢，所以值得知道它发生了几次。**请写** `count_traces(f, inputs)`：用 `f` 建立*一个新的*
# `tf.function`，按顺序对每个输入调用它，返回它的 Python 函数体运行了几次，也就是构图了几次。
# 不要按上面的规则去推算：让 TensorFlow 去构图，你来数。Python 只在构图时运行，这在任务 2
# 里是个陷阱，在这里却正好用得上。
#
# **例子。** 输入 `np.zeros(3)`、`np.ones(3)`、`np.zeros(5)`：调用三次，构图两次。


# %% task="count_traces"
def count_traces(f, inputs):
    """Count how often a tf.function made of f is traced when it is called on each input.

    f: a function of one tensor   inputs: a list of arrays and numbers
    ->  int

    >>> count_traces(tf.square, [np.zeros(3), np.ones(3), np.zeros(5)])
    2
    >>> count_traces(tf.square, [2, 3, 2])
    2
    """
    ### BEGIN SOLUTION
    traces = []

    @tf.function
    def graph(x):
        traces.append(x)
        return f(x)

    for x in inputs:
        graph(x)
    return len(traces)
    ### END SOLUTION


# %% [markdown] lang="en"
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
# ![Three boxes in a row: r, then u = r squared, then y = pi u. Above them stand the values 2, 4 and
# 12.566, and arrows lead to the right. From right to left, arrows lead back with the slopes pi and
# 4, and below the boxes stand the products 1, 3.142 and 12.566.](tape.png)
#
# **Figure.** What the tape keeps. Forwards (blue) the values are computed and each
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

# %% [markdown] lang="zh"
# ## 任务 4. `grad_at`
#
# $x$ 的某个元素增大一点点，$y = f(x)$ 会怎样变？只要 $f$ 由 TensorFlow 运算组成，TensorFlow
# 就能给出精确的答案。**磁带**先把运算录下来，再按链式法则倒着走一遍：
#
# ```python
# radius = tf.constant(2.0)
# with tf.GradientTape() as recorder:
#     recorder.watch(radius)
#     area = np.pi * radius**2  # 在这个块里，由半径算出
# slope = recorder.gradient(area, radius)  # 2 * pi * radius = 12.566
# ```
#
# ![一行三个方框：r，u = r 的平方，y = pi u。方框上面是数值 2、4 和 12.566，箭头向右。从右往左看，
# 往回的箭头带着斜率 pi 和 4，方框下面是乘积 1、3.142 和 12.566。](tape.png)
#
# **图。** 磁带记下的东西。往前走（蓝色）时算出数值，并记下每个运算。往回走（橙色）时，
# 磁带从结果处的 1 开始，每经过一个运算就乘以一个斜率。到达 $r$ 的那个数就是梯度。
#
# 用 $x$ 表示半径，$y$ 表示面积，有四点必须做对，否则 `gradient` 返回 `None`：
#
# * $x$ 要被**监视**。`tf.Variable` 会自动被监视，`tf.constant` 不会，要写 `tape.watch(x)`。
# * $y$ 要在 `with` 块**里面**计算。
# * 从 $x$ 到 $y$ 的每一步都**只能是 TensorFlow 运算**。一旦用了 `.numpy()`，磁带就什么也看不到了。
# * $x$ 里是**浮点数**。整数没有斜率：`tf.constant(3)` 是 `int32`，请写
#   `tf.constant(3, tf.float64)` 或 `tf.constant(3.0)`。
#
# **请写** `grad_at(f, x)`：$f$ 在 $x$ 处的梯度，是与 $x$ 形状相同的数组。$f$ 接收一个张量，
# 返回一个数（也是张量）。$x$ 是数、列表或 NumPy 数组，里面可能是整数：请把它变成浮点数的张量，
# `float64` 或 `float32` 都可以。
#
# 请不要用差商 $\frac{f(x + h) - f(x - h)}{2h}$。它对 $x$ 的每个元素都要把 $f$ 算两遍，
# 而且永远不精确；磁带只要算一遍，而且精确。有些运算还自带梯度（`tf.custom_gradient`）：
# 磁带会用它，差商却一无所知。检查里就有这样的函数。
#
# **例子。** $f(x) = x_1^2 + x_2^2$ 的梯度是 $2x$：在 $(3, -1)$ 处是 $(6, -2)$。$f(x) = x^3$ 在 $2$
# 处：$3 \cdot 2^2 = 12$。


# %% figure="tape"
def draw_tape(fig):
    fig.set_size_inches(7, 1.9)
    ax = fig.subplots()
    forth = {"arrowstyle": "->", "color": "C0", "lw": 2}
    back = {"arrowstyle": "->", "color": "C1", "lw": 2}
    nodes = [
        ("$r$", "$2$", r"$\pi \cdot 4 = 12.566$"),
        ("$u = r^2$", "$4$", r"$1 \cdot \pi = 3.142$"),
    ]
    nodes += [(r"$y = \pi u$", "$12.566$", "$1$")]
    for x, (name, value, grad) in enumerate(nodes):
        box = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": "0.3"}
        ax.text(x, 0, name, ha="center", va="center", fontsize=15, bbox=box)
        ax.text(x, 0.6, value, ha="center", color="C0", fontsize=14)
        ax.text(x, -0.85, grad, ha="center", color="C1", fontsize=14)
    for x, slope in enumerate([r"$2r = 4$", r"$\pi$"]):
        ax.annotate("", (x + 0.78, 0.14), (x + 0.2, 0.14), arrowprops=forth)
        ax.annotate("", (x + 0.2, -0.14), (x + 0.78, -0.14), arrowprops=back)
        ax.text(x + 0.5, -0.52, slope, ha="center", color="C1", fontsize=13)
    ax.set(xlim=(-0.4, 2.3), ylim=(-0.95, 0.85))
    ax.axis("off")


# %% task="grad_at"
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
    ### BEGIN SOLUTION
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x).numpy()
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 5. `derivatives`
#
# 梯度也是用 TensorFlow 运算算出来的，所以磁带也可以把*它*录下来，再求导数的导数。
# 可是一盘磁带只能用**一次**：调用过 `tape.gradient`，它就空了。有两个办法：
#
# * **嵌套**两盘磁带：向内层要梯度的时候，外层正在录；
# * 只用**一盘** `tf.GradientTape(persistent=True)`，它可以问好几次。这时一阶导数要在 `with`
#   块*里面*求，否则没有谁在录它。
#
# **请写** `derivatives(f, x)`：一阶导数和二阶导数。这里的 $f$ 像激活函数那样，对 $x$
# 的每个元素分别计算：$f(x)$ 和两个导数的形状都与 $x$ 相同。（对数组用 `tape.gradient`，
# 得到的是各元素*之和*的梯度。因为 $f(x)$ 的第 $i$ 个元素只取决于 $x_i$，
# 所以这正好是每个位置上的 $f'(x_i)$。）
#
# **例子。** $f(x) = x^3$：$f'(x) = 3x^2$，$f''(x) = 6x$。在 $x = (1, -2)$ 处是 $(3, 12)$ 和
# $(6, -12)$。


# %% task="derivatives"
def derivatives(f, x):
    """The first and the second derivative of f at each entry of x.

    f: works entry by entry: takes a tensor, returns a tensor of the same shape
    x: a number, a list or an array, of floats or whole numbers, of any shape
    ->  (first, second): two arrays of floats (tensors will do), each with the shape of x

    >>> first, second = derivatives(lambda x: x**3, [1.0, -2.0])
    >>> np.asarray(first).tolist(), np.asarray(second).tolist()
    ([3.0, 12.0], [6.0, -12.0])
    """
    ### BEGIN SOLUTION
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        first = inner.gradient(y, x)
    return first.numpy(), outer.gradient(first, x).numpy()
    ### END SOLUTION


# %% [markdown] lang="en"
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
# ![The parabola x squared with the points at x = 1, 0.5 and 0.25 on it, and a short tangent at
# each. The tangents become flatter, and the steps between the points shorter, on the way
# down.](downhill.png)
#
# **Figure.** The start and the two steps of the example. Each step (green) is as
# long as $\eta = 0.25$ times the slope of the tangent (orange) where it begins. The flatter the
# curve, the shorter the step.

# %% [markdown] lang="zh"
# ## 任务 6. `minimize`
#
# 梯度指向上坡。逆着它一小步一小步地走，就会下山：这就是**梯度下降**，
# 本课的每个网络都靠它训练。从 `x0` 出发，恰好重复 `steps` 次
#
# $$ x \leftarrow x - \eta\, \nabla f(x), $$
#
# 其中学习率 $\eta$ 就是 `lr`。返回最后的 $x$，以及 `history`：一个列表，装着每一步*之前*的函数值
# $f(x)$，所以走几步就有几项。
#
# 每一步都要用**新的磁带**。还要留意 $x$ 是什么：`x = x - ...` 会把 `tf.Variable` 变成普通张量，
# 磁带不会自动监视它。请用 `x.assign_sub(...)` 原地修改变量，或者每一步都 watch $x$。`x0`
# 是数、列表或数组，可能是整数；它要保持原样。
#
# **例子。** $f(x) = x^2$，`x0 = 1`，`lr = 0.25`：在 $1$ 处斜率是 $2$，$1 - 0.25 \cdot 2 = 0.5$；
# 在那里斜率是 $1$，$0.5 - 0.25 = 0.25$。走两步之后 $x$ 是 $0.25$，`history` 是 `[1.0, 0.25]`。
#
# ![抛物线 x 的平方，上面有 x = 1、0.5 和 0.25 三个点，每个点处画着一小段切线。越往下，切线越平，
# 两点之间的步子也越短。](downhill.png)
#
# **图。** 例子的起点和两步。每一步（绿色）的长度，等于出发处切线（橙色）的斜率乘以 $\eta = 0.25$。
# 曲线越平，步子越短。


# %% figure="downhill"
def draw_downhill(fig):
    fig.set_size_inches(6.4, 3.4)
    ax = fig.subplots()
    x = np.linspace(-0.5, 1.3, 200)
    ax.plot(x, x**2, "C0")
    ax.text(1.12, 1.45, "$f(x) = x^2$", color="C0", fontsize=13, ha="right")
    step = {"arrowstyle": "->", "color": "C2", "lw": 2, "shrinkA": 0, "shrinkB": 1}
    for at, to, name in [(1.0, 0.5, "x_0"), (0.5, 0.25, "x_1"), (0.25, None, "x_2")]:
        near = np.array([at - 0.2, at + 0.2])
        ax.plot(near, at**2 + 2 * at * (near - at), "C1")
        ax.plot([at, at], [-0.2, at**2], ":", color="0.6", lw=1.2)
        ax.plot([at], [at**2], "o", color="0.2", ms=7, zorder=3)
        ax.text(at - 0.02, at**2 + 0.1, f"${name}$", fontsize=13, ha="right")
        if to is not None:
            ax.annotate("", (to, -0.2), (at, -0.2), arrowprops=step)
    ax.set(xlabel="$x$", ylabel="$f(x)$", ylim=(-0.3, 1.7), yticks=[0, 1])
    ax.set_xticks([0, 0.25, 0.5, 1], ["0", "0.25", "0.5", "1"])


# %% task="minimize"
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
    ### BEGIN SOLUTION
    x = tf.Variable(x0, dtype=tf.float64)
    history = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(lr * tape.gradient(y, x))
        history.append(float(y))
    return x.numpy(), history
    ### END SOLUTION
