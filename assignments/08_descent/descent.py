# %% [markdown]
# # 8. Gradient descent
#
# A loss says how wrong a model is, and its gradient says in which direction of the parameters the
# loss *grows* fastest. So a model learns by taking many small steps the other way:
#
# $$ \theta \leftarrow \theta - \eta\, g, \qquad g = \nabla_\theta L. $$
#
# $\theta$ stands for any parameter, $g$ is its gradient, and $\eta$ (`lr`) is the *learning rate*,
# the size of the step. One such step is one **update**, also called one **iteration**.
#
# **Figure (rates.png).** Twelve updates from the same start (black), on the contour lines of a loss
# whose lowest place is the cross. With a learning rate that is too small most of the way is still
# to go. A good one arrives. With one that is too large each step jumps across the valley and lands
# farther from its floor.
#
# **How many samples for one step?** The loss is a mean over samples, so its gradient can be taken
# over all of them, or over a few. With $n = 10$ samples:
#
# | mode | samples in one update | updates in one epoch |
# |---|---|---|
# | batch gradient descent | all 10 | 1 |
# | mini-batch, size 4 | 4, 4, 2 | 3 |
# | stochastic (SGD) | 1 | 10 |
#
# An **epoch** is one pass over the data: *every sample is used exactly once*. So an epoch is not an
# iteration. With batches of size $b$ one epoch takes $\lceil n / b \rceil$ iterations:
# $n / b$, rounded *up*, because the samples left over make a short last batch of their own.
#
# All three are the same algorithm with another batch size. Large batches give steady steps that
# cost much; small batches give unsteady steps that cost little, and many of them in one epoch.
# (Many libraries say "SGD" for mini-batches too. Here SGD means one sample at a time.)
#
# **Conventions of the course.** Rows are samples: `X (n, d)`, `y (n,)`, always with $n \ge 1$.
# Losses are *means* over the samples. The parameters stand in *one* dictionary, for instance
# `{"w": ..., "b": ...}`, and a gradient has the *same name* as its parameter. (In exercise 7 there
# was a dictionary for each layer; a step treats all parameters alike and needs only their names.)
# Chance comes only from the generator `rng` that a function is given, so that every run can be
# repeated. A function never changes the arrays and dictionaries that it was given. Python's own
# library and NumPy are all you need; `scipy`, `torch` and `tensorflow` may not be used here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 08_descent`. If you are stuck, `gradeflow hint batches` (or any other task)
# helps you one step further.
#
# **Limits.** When your work is checked, one call of a function may compute for 2 s and the
# whole file for 20 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

# %% [markdown]
# ## Task 1. `count_updates`
#
# First count. How many updates does a training make that runs for `epochs` epochs over $n$ samples
# in batches of `size`?
#
# $$ \mathrm{updates} = \mathrm{epochs} \cdot \left\lceil \frac{n}{\mathrm{size}} \right\rceil. $$
#
# **Example.** $n = 10$ and `size = 4`: batches of 4, 4 and 2, so 3 updates in one epoch, and 15 in
# 5 epochs. With `size = 1` it is 10 updates in one epoch, with `size = 10` a single one. With
# `size = 16`, more than there are samples, it is a single one too.


# %%
def count_updates(n, size, epochs):
    """The updates that a training makes: epochs times n / size, rounded up.

    n: samples   size: samples in a batch   epochs: passes over all samples  ->  a number

    >>> int(count_updates(10, 4, 5))
    15
    """
    raise NotImplementedError("count_updates")


# %% [markdown]
# ## Task 2. `batches`
#
# Now deal the samples out for *one* epoch. The function does not touch the data: it returns
# **row numbers**, from $0$ to $n - 1$, in a random order, cut into pieces of `size`. The caller
# then takes `X[rows]` and `y[rows]` with the *same* `rows`, so that every sample keeps its own
# target.
#
# Three things make it right:
#
# 1. every row number occurs exactly once, as when a pack of cards is dealt out;
# 2. every batch has `size` rows, only the last one may be shorter, and it is *not* thrown away;
# 3. the order is drawn anew with `rng` at every call, and *every* order of all the rows is equally
#    likely. To shuffle inside each piece, or to begin at a random place, is not enough.
#
# `rng` is a generator, as `np.random.default_rng(0)` makes it. `rng.permutation(n)` gives the
# numbers $0, \dots, n - 1$ shuffled. Any other fair way to shuffle them with `rng` is as good. A
# check tries it out: in 4000 epochs of four rows each of their 24 orders must come about as often.
#
# **Example.** For $n = 10$ and `size = 4` the shuffled numbers may be 4, 6, 2, 7, 3, 5, 9, 0, 8, 1.
# Then the batches are (4, 6, 2, 7), (3, 5, 9, 0) and (8, 1).


# %%
def batches(n, size, rng):
    """The row numbers of one epoch, shuffled and cut into batches.

    n: samples   size: rows in a batch   rng: np.random.Generator
    ->  a list of arrays of integers, each (size,), the last one shorter if need be

    >>> epoch = batches(10, 4, np.random.default_rng(0))
    >>> [len(rows) for rows in epoch]
    [4, 4, 2]
    >>> sorted(np.concatenate(epoch).tolist())
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    raise NotImplementedError("batches")


# %% [markdown]
# ## Task 3. `mse_grads`
#
# Descent needs something to descend on. Take the simplest model, one neuron without an activation
# function, with the mean squared error over the rows of `X`:
#
# $$ p_i = w \cdot x_i + b, \qquad L = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)^2. $$
#
# Its gradients are
#
# $$ \frac{\partial L}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} (p_i - y_i)\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (p_i - y_i). $$
#
# Return the loss and a dictionary with the gradients, named as their parameters: `"w"` and `"b"`.
#
# **Why the mean?** Here $n$ is the number of rows that the function is *given*: all samples, or
# one batch. Write every row twice, and a sum doubles while a mean stays. With a sum, a larger batch
# would mean a larger step, and the learning rate would have to be found anew for every batch size.
#
# **Example.** Two samples: $x_1 = (1, 2)$ with $y_1 = 1$, and $x_2 = (3, 0)$ with $y_2 = 2$;
# $w = (1, -1)$, $b = 0$. Then $p = (-1, 3)$ and $p - y = (-2, 1)$, so $L = \frac{4 + 1}{2} = 2.5$.
# The gradient of $w$ is $\frac{2}{2} \left( -2 \cdot (1, 2) + 1 \cdot (3, 0) \right) = (1, -4)$,
# and that of $b$ is $\frac{2}{2} (-2 + 1) = -1$.


# %%
def mse_grads(X, y, params):
    """Mean squared error of the linear neuron p = X w + b, and its gradients.

    X: (n, d)   y: (n,)   params: {"w": (d,), "b": a number}
    ->  (loss, grads)   loss: a number   grads: {"w": (d,), "b": a number}

    >>> X, y = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1.0, 2.0])
    >>> loss, grads = mse_grads(X, y, {"w": np.array([1.0, -1.0]), "b": 0.0})
    >>> float(loss), grads["w"], float(grads["b"])
    (2.5, array([ 1., -4.]), -1.0)
    """
    raise NotImplementedError("mse_grads")


# %% [markdown]
# ## Task 4. `sgd_step`
#
# One update of all parameters. For every name in `params`,
#
# $$ \theta_{\text{new}} = \theta - \eta\, g_\theta. $$
#
# The minus sign is all of it: the gradient points uphill, and you go *downhill*.
#
# Return a *new* dictionary with the same names. The one that you were given, and the arrays in it,
# must not change. A network has more parameters than a neuron, so the names may be any, such as
# `"W1"` or `"b2"`; the two dictionaries may list them in another order; and a parameter may have
# any shape.
#
# **Example.** With $w = (1, -1)$ and $b = 0$, the gradients $(1, -4)$ and $-1$, and $\eta = 0.1$:
# $w$ becomes $(1 - 0.1,\ -1 + 0.4) = (0.9, -0.6)$ and $b$ becomes $0 + 0.1 = 0.1$. The loss of
# task 3 falls from $2.5$ to $1.04$.


# %%
def sgd_step(params, grads, lr):
    """One step against the gradient: each parameter minus lr times its gradient.

    params: {name: (...)}   grads: {the same names: (...)}   lr: a number > 0
    ->  a new dictionary {the same names: (...)}

    >>> new = sgd_step({"b": 2.0, "W": np.ones((1, 2))}, {"W": np.ones((1, 2)), "b": -4.0}, 0.5)
    >>> new["W"], float(new["b"])
    (array([[0.5, 0.5]]), 4.0)
    """
    raise NotImplementedError("sgd_step")


# %% [markdown]
# ## Task 5. `train`
#
# Put it together: one loop for all three modes. `mode` chooses the batch size:
#
# | `mode` | rows in a batch |
# |---|---|
# | `"batch"` | all of them |
# | `"mini-batch"` | `size` |
# | `"sgd"` | 1 |
#
# (`size` counts for `"mini-batch"` only.) Any other mode is a `ValueError`.
#
# `f` is a function that the caller chooses: `f(Xs, ys, params)` returns `(loss, grads)` for the
# rows it is given, just like your `mse_grads`; pass the three in this order, without names, for
# another `f` may call them otherwise. To be checked, everybody's training must make the same moves.
# Follow this recipe:
#
# 1. For every epoch deal the rows out anew, as in task 2.
# 2. For every batch of this epoch call `f` exactly once, on the rows of this batch alone: `Xs` of
#    shape `(m, d)` and `ys` of shape `(m,)`, even where $m = 1$, and with the *present* parameters.
#    Append the loss to the list `history`, and take one step with the gradients.
# 3. After `epochs` epochs return `(params, history)`: the parameters as they are now, and the list
#    with one loss for each *update*.
#
# So `len(history)` is what `count_updates` says.
#
# **Example.** The two samples of task 3, mode `"batch"`, `lr = 0.1`, two epochs. The first update
# is the one of task 4. At $w = (0.9, -0.6)$, $b = 0.1$ the errors are $(-1.2, 0.8)$ and the loss is
# $1.04$; the gradients $(1.2, -2.4)$ and $-0.4$ lead to $w = (0.78, -0.36)$ and $b = 0.14$. So
# `history` is `[2.5, 1.04]`.


# %%
def train(X, y, params, mode, f, lr, epochs, size, rng):
    """Gradient descent for some epochs, in the steps that the task lists.

    X: (n, d)   y: (n,)   params: {name: (...)}   mode: "batch", "mini-batch" or "sgd"
    f: a function (Xs, ys, params) -> (loss, grads)   lr: a number > 0   epochs: a number >= 0
    size: rows in a mini-batch   rng: np.random.Generator
    ->  (params, history)   history: a list, the loss of each update

    Raises ValueError for any other mode.

    >>> X, y = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1.0, 2.0])
    >>> start = {"w": np.array([1.0, -1.0]), "b": 0.0}
    >>> rng = np.random.default_rng(0)
    >>> params, history = train(X, y, start, "batch", mse_grads, 0.1, 2, 1, rng)
    >>> params["w"].round(6), [round(float(loss), 6) for loss in history]
    (array([ 0.78, -0.36]), [2.5, 1.04])
    """
    raise NotImplementedError("train")
