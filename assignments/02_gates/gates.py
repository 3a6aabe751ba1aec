# %% [markdown]
# # 2. Boolean gates with one neuron
#
# A computer is built from gates such as AND and OR. Each takes inputs that are 0 or 1 and answers
# 0 or 1. Can a neuron be such a gate? Often, yes: it needs weights, a bias, and the oldest of all
# activation functions, the **step**:
#
# $$ \mathrm{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0, \end{cases}
# \qquad y = \mathrm{step}(w \cdot x + b). $$
#
# Think of the inputs as a point $(x_1, x_2)$ in the plane. Where $w_1 x_1 + w_2 x_2 + b = 0$ there
# is a straight line. On one side of it, and on the line itself, the neuron says 1; on the other
# side it says 0. **One neuron is one line.** In this exercise you choose lines by hand, let a
# neuron find its line from samples, and find out for which gates no line exists.
#
# **Figure (line.png).** The line of $w = (1, 1)$, $b = -1.5$. On its shaded side $z$ is positive
# and the neuron says 1: the filled point. The weights $w$ are an arrow (drawn shorter here) at
# right angles to the line, and it points to that side; another bias moves the line along the
# arrow, forwards or back.
#
# **Bias and threshold.** Some books write "1 if $w \cdot x \ge \theta$" with a *threshold*
# $\theta$. It is the same neuron with $b = -\theta$: the bias is the threshold *with its sign
# turned round*.
#
# **Conventions of the course.** Rows are samples: `X (n, d)` holds $n$ points with $d$ inputs
# each, and the answers stand in an array `(n,)`. A gate's outputs are the *numbers* 0 and 1, not
# $-1$ and $1$, and not `False` and `True`. At exactly $z = 0$ the answer is 1. A function never
# changes the arrays that it was given. Use NumPy and what comes with Python itself; SciPy, PyTorch
# and TensorFlow are not allowed here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 02_gates`. If you are stuck, `gradeflow hint gate` (or any other task) helps you
# one step further.
#
# **Limits.** When your work is checked, one call of a function may compute for 4 s and the
# whole file for 60 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

# %% [markdown]
# ## Task 1. `gate`
#
# Give the neuron's answer for every row of `X` at once:
#
# $$ z_i = w_1 X_{i1} + \dots + w_d X_{id} + b, \qquad y_i = \mathrm{step}(z_i). $$
#
# **Example.** With $w = (1, 1)$ and $b = -1.5$:
#
# | $x_1$ | $x_2$ | $z$ | $y$ |
# |---|---|---|---|
# | 0 | 0 | $-1.5$ | 0 |
# | 0 | 1 | $-0.5$ | 0 |
# | 1 | 0 | $-0.5$ | 0 |
# | 1 | 1 | $0.5$ | 1 |
#
# This is AND. But a neuron knows nothing of AND: it computes. It has an answer for $(0.9, 0.7)$
# too ($z = 0.1$, so 1), and for any other weights. A table of four answers, or an `if` that looks
# for 0 and 1, would not be a neuron.
#
# `X` may have any number of rows, even none, and any number of columns.


# %%
def gate(X, w, b):
    """step(X w + b) for each row of X: 1 where the sum is >= 0, else 0.

    X: (n, d)   w: (d,)   b: a number  ->  (n,) of the numbers 0 and 1

    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> gate(X, np.array([1.0, 1.0]), -1.5).astype(int)
    array([0, 0, 0, 1])
    """
    raise NotImplementedError("gate")


# %% [markdown]
# ## Task 2. `weights_for`
#
# Now choose the lines yourself. For each name return a weight array and a bias with which `gate`
# is that gate:
#
# | $x_1$ | $x_2$ | AND | OR | NAND | NOR |
# |---|---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 1 | 1 |
# | 0 | 1 | 0 | 1 | 1 | 0 |
# | 1 | 0 | 0 | 1 | 1 | 0 |
# | 1 | 1 | 1 | 1 | 0 | 0 |
#
# NOT has a *single* input: $0 \to 1$ and $1 \to 0$. Its weight array has the shape `(1,)`.
#
# **Keep a distance.** Real signals are a little off. Choose each line so that the answer stays
# right when every input is wrong by up to $0.1$: $(0.9, 1.1)$ is still "1 and 1".
#
# **Example.** For AND, $w = (1, 1)$ and $b = -1.5$ do: the worst sums are
# $0.9 + 0.9 - 1.5 = 0.3 \ge 0$ and $0.1 + 1.1 - 1.5 = -0.3 < 0$.
#
# There are many right answers; any of them will do. For a name that is not one of the five, say so
# with a `ValueError`. "XOR" is such a name: you will see why in task 4.


# %%
def weights_for(name):
    """Weights and bias of one neuron that is the gate of that name.

    name: "AND", "OR", "NAND", "NOR" (two inputs) or "NOT" (one input)
    ->  (w, b)   w: (2,), for "NOT" (1,)   b: a number

    Raises ValueError for any other name.

    >>> w, b = weights_for("NOT")
    >>> gate(np.array([[0.0], [1.0]]), w, b).astype(int)
    array([1, 0])
    """
    raise NotImplementedError("weights_for")


# %% [markdown]
# ## Task 3. `train_perceptron`
#
# Instead of choosing the line, let the neuron learn it from samples: points `X (n, d)` and their
# right answers, the *targets* `t (n,)`, each 0 or 1. This is the **perceptron** rule of 1958. When
# an answer is wrong, move the line towards the target:
#
# $$ w \leftarrow w + \eta\,(t - y)\,x, \qquad b \leftarrow b + \eta\,(t - y). $$
#
# $\eta$ (`lr`) is the *learning rate*, the size of the move. If the neuron said 0 and should have
# said 1, then $t - y = 1$ and $z$ grows for this point. If it said 1 and should have said 0, then
# $t - y = -1$ and $z$ shrinks. If it was right, $t - y = 0$ and nothing moves.
#
# To be checked, everybody's program must take the same steps. Follow this recipe exactly:
#
# 1. Start with $w = (0, \dots, 0)$ and $b = 0$, and an empty list `history`.
# 2. An **epoch** is one pass over the samples, in their order. For each sample compute
#    $y = \mathrm{step}(w \cdot x + b)$ with the *present* $w$ and $b$. If $y \ne t$, count an error
#    and update $w$ and $b$ at once, before the next sample.
# 3. At the end of each epoch append its number of errors to `history`.
# 4. Stop after the first epoch without errors, or else after `epochs` epochs: return
#    `(w, b, history)` as they are then.
#
# The limit in step 4 matters. If no line separates the points, there is always another error, and
# without a limit the loop would never end.
#
# **Example.** AND, `lr = 1`. At first everything is 0. Point $(0, 0)$: $z = 0$, so $y = 1$, but
# $t = 0$: an error, and $b$ becomes $-1$. Points $(0, 1)$ and $(1, 0)$: $z = -1$, $y = 0$, right.
# Point $(1, 1)$: $z = -1$, $y = 0$, but $t = 1$: the second error, now $w = (1, 1)$, $b = 0$. So
# the first epoch counts 2 errors. It goes on with 3, 3, 2, 1 and 0 errors, and ends with
# $w = (2, 1)$, $b = -3$ and `history = [2, 3, 3, 2, 1, 0]`.


# %%
def train_perceptron(X, t, lr, epochs):
    """Learn w and b from samples by the perceptron rule, in the steps that the task lists.

    X: (n, d)   t: (n,) of 0 and 1   lr: a number > 0   epochs: the most epochs to run
    ->  (w, b, history)   w: (d,)   b: a number   history: a list, the errors in each epoch

    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> w, b, history = train_perceptron(X, np.array([0.0, 0.0, 0.0, 1.0]), 1.0, 20)
    >>> w, float(b), history
    (array([2., 1.]), -3.0, [2, 3, 3, 2, 1, 0])
    """
    raise NotImplementedError("train_perceptron")


# %% [markdown]
# ## Task 4. `is_separable`
#
# A function of two inputs is fixed by its four answers, for $(0,0)$, $(0,1)$, $(1,0)$ and
# $(1,1)$, in this order. AND is $(0, 0, 0, 1)$. There are $2^4 = 16$ such functions. A function is
# **linearly separable** if one straight line has all the points with answer 1 on one side and all
# those with answer 0 on the other; in other words, if one neuron can be that function.
#
# **Example.** XOR, "one of the two but not both", is $(0, 1, 1, 0)$. Draw the unit square and mark
# its corners: the 1s stand on one diagonal, the 0s on the other. A line that keeps both 1s on one
# side has at least one of the 0s there, too. So no neuron is XOR, however long it trains. This
# small fact slowed down research on neural networks for years; the next exercise shows the way out.
#
# **Figure (corners.png).** Filled corners are the answer 1, empty ones the answer 0. For AND there
# is a line. For XOR join the 1s (solid) and join the 0s (dashed): the strokes cross. A line with
# both 1s on one side has the whole solid stroke there, the crossing too, and with it a part of the
# dashed stroke and one of its ends.
#
# XOR is not alone: exactly 14 of the 16 are separable. Which one is the other exception? Answer
# `True` or `False` for any four targets. You may reason about the square, search for weights, or
# train a perceptron: any way that is always right is welcome, as long as it needs nothing but NumPy
# and Python.


# %%
def is_separable(t):
    """Whether one neuron can be the function with these answers at 00, 01, 10, 11.

    t: (4,) of 0 and 1  ->  True or False

    >>> is_separable(np.array([0.0, 0.0, 0.0, 1.0]))
    True
    """
    raise NotImplementedError("is_separable")
