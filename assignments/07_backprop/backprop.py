# %% [markdown]
# # 7. Backpropagation
#
# A network has many weights, and one number says how wrong it is: the loss. To learn, every weight
# asks the same question: "if I grow a little, how much does the loss grow?" The answers are the
# **gradient**. You could find each answer by moving one weight and running the network again, but
# a network with a million weights would have to run a million times. **Backpropagation** finds
# *all* the answers in one walk backwards through the network, at about the price of two runs
# forwards.
#
# It is nothing but the chain rule, applied from the loss to the input. In mathematics it is called
# *reverse-mode automatic differentiation* of a single number, the loss. You write it twice: first
# by hand for a network of layers (tasks 1 to 4), then once and for all, as a tiny version of what
# TensorFlow and PyTorch do (task 5).
#
# **A network is a list of layers.** Each layer is a dictionary, as in exercise 5, with one entry
# more: besides the weights `"W"` and the bias `"b"` it holds the name `"f"` of its activation, one
# of `"sigmoid"`, `"tanh"`, `"relu"`, `"linear"`:
#
# ```python
# params = [
#     {"W": ..., "b": ..., "f": "relu"},    # W (2, 3), b (3,): 2 inputs, 3 neurons
#     {"W": ..., "b": ..., "f": "linear"},  # W (3, 1), b (1,): 3 inputs, 1 neuron
# ]
# ```
#
# **Conventions of the course.** Rows are samples: `X (n, d_in)`, `W (d_in, d_out)`, `b (d_out,)`,
# all `float64`. A loss is a mean over the $n$ samples. Logarithms are natural. A gradient is named
# after its parameter and has the *same shape*: the gradient of `W` stands under `"W"`, that of the
# array `out` is called `dout`. A function never changes what it was given. Python's own library and
# NumPy are all you need; `scipy`, `torch` and `tensorflow` may not be used here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 07_backprop`. If you are stuck, `gradeflow hint forward` (or any other task)
# helps you one step further.
#
# **Limits.** When your work is checked, one call of a function may compute for 2 s and the
# whole file for 30 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

# %% [markdown]
# **Given: the activations and their slopes.** You wrote them in exercise 1. Note that `slope` takes
# $z$, what goes *into* the activation, and not $a$, what comes out.


# %%
def activate(z, f):
    """f(z), where f is "sigmoid", "tanh", "relu" or "linear".  z: (...)  ->  (...)"""
    if f == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    if f == "tanh":
        return np.tanh(z)
    if f == "relu":
        return np.maximum(z, 0.0)
    return z


def slope(z, f):
    """f'(z), the slope at z (not at a); that of relu at 0 is 0.  z: (...)  ->  (...)"""
    if f == "sigmoid":
        a = activate(z, "sigmoid")
        return a * (1 - a)
    if f == "tanh":
        return 1 - np.tanh(z) ** 2
    if f == "relu":
        return np.where(z > 0, 1.0, 0.0)
    return np.ones_like(z)


# %% [markdown]
# ## Task 1. `forward`
#
# Run the network. The first layer gets `X`, every other layer gets what the layer before it made:
#
# $$ Z = X W + b, \qquad A = f(Z). $$
#
# The way back will need these arrays again, so keep them. The **cache** is a list with one
# dictionary for each layer: `"X"` is the layer's *own* input, `"Z"` its weighted sums, `"A"` its
# activations. The output `out` of the network is the `A` of the last layer.
#
# **Example.** One sample $X = (1, 2)$ and two layers:
#
# $$ W_1 = \begin{pmatrix} 1 & -1 \\ 0.5 & -1 \end{pmatrix},\ b_1 = (0,\ 0.5),\ \text{relu};
# \qquad W_2 = \begin{pmatrix} 3 \\ 4 \end{pmatrix},\ b_2 = (-1),\ \text{linear}. $$
#
# Layer 1: $Z = (1 + 1 + 0,\ -1 - 2 + 0.5) = (2,\ -2.5)$ and $A = (2, 0)$. Layer 2: its `"X"` is
# $(2, 0)$, and $Z = 3 \cdot 2 + 4 \cdot 0 - 1 = 5$, so `out` is $5$. The next tasks use this
# network again.


# %%
def forward(X, params):
    """Run the network, and keep of each layer what the way back needs.

    X: (n, d)   params: a list of layers {"W": (d_in, d_out), "b": (d_out,), "f": a name}
    ->  (out, cache)   out: (n, d_out of the last layer)
        cache: a list, for each layer {"X": (n, d_in), "Z": (n, d_out), "A": (n, d_out)}

    >>> first = {"W": np.array([[1.0, -1.0], [0.5, -1.0]]), "b": np.array([0.0, 0.5]), "f": "relu"}
    >>> second = {"W": np.array([[3.0], [4.0]]), "b": np.array([-1.0]), "f": "linear"}
    >>> out, cache = forward(np.array([[1.0, 2.0]]), [first, second])
    >>> out, cache[0]["Z"], cache[1]["X"]
    (array([[5.]]), array([[ 2. , -2.5]]), array([[2., 0.]]))
    """
    raise NotImplementedError("forward")


# %% [markdown]
# ## Task 2. `loss`
#
# The way back begins at the loss. Return two things: the loss, a number, and `dout`, its gradient
# with respect to `out`. The two must belong together: `dout` is the derivative of *the loss that
# you return*. There are three kinds; the targets `Y` have the shape of `out`. With $n$ samples
# (rows), and sums over all entries:
#
# * `"mse"`, for numbers: $L = \frac{1}{n} \sum (\mathrm{out} - Y)^2$, and
#   $\mathrm{dout} = \frac{2}{n} (\mathrm{out} - Y)$.
# * `"bce"`, where `out` holds probabilities, the outputs of a sigmoid layer. First clip them to
#   $p$ between $10^{-12}$ and $1 - 10^{-12}$ (in the gradient too); then
#   $L = -\frac{1}{n} \sum \left( Y \ln p + (1 - Y) \ln (1 - p) \right)$, and
#   $\mathrm{dout} = \frac{1}{n} \cdot \frac{p - Y}{p\,(1 - p)}$.
# * `"ce"`, where `out` holds *logits*, the outputs of a linear layer; the softmax is part of this
#   loss. With $P = \mathrm{softmax}(\mathrm{out})$, row by row:
#   $L = -\frac{1}{n} \sum Y \ln P$, where each row of $Y$ is one-hot, and
#   $\mathrm{dout} = \frac{1}{n} (P - Y)$. The slope of the softmax is already in it.
#
# The mean is over *samples*: divide by $n$, the number of rows, not by the number of entries.
#
# For `"ce"`, subtract from each row its greatest entry before you take $e^{\dots}$: the softmax
# stays the same, and logits such as $1000$ or $-1000$ do no harm. (Within one row they differ by
# $720$ at most here, so that $P$ does not become $0$ and you may take $\ln P$. Exercise 6 showed
# what helps where they differ by more.)
#
# None of the losses may warn, be it of probabilities of $0$ and $1$ or of large logits.
#
# **Examples.** Each has one sample.
#
# * `"mse"`: out $= 5$, $Y = 4$ give $L = 1$, dout $= 2$.
# * `"bce"`: out $= 0.8$, $Y = 1$ give $L = -\ln 0.8 \approx 0.2231$ and
#   dout $= \frac{-0.2}{0.16} = -1.25$.
# * `"ce"`: out $= (0, \ln 3)$ means $P = (0.25, 0.75)$; with $Y = (1, 0)$,
#   $L = -\ln 0.25 \approx 1.3863$ and dout $= (-0.75,\ 0.75)$.


# %%
def loss(Y, out, kind):
    """The loss, a mean over the samples, and its gradient with respect to out.

    Y: (n, k)   out: (n, k)   kind: "mse", "bce" (out: probabilities) or "ce" (out: logits)
    ->  (value, dout)   value: a number   dout: (n, k)

    >>> value, dout = loss(np.array([[4.0]]), np.array([[5.0]]), "mse")
    >>> float(value), dout
    (1.0, array([[2.]]))
    >>> value, dout = loss(np.array([[1.0, 0.0]]), np.array([[0.0, np.log(3)]]), "ce")
    >>> round(float(value), 4), dout
    (1.3863, array([[-0.75,  0.75]]))
    """
    raise NotImplementedError("loss")


# %% [markdown]
# ## Task 3. `backward`
#
# Now walk back, from the last layer to the first. At each layer you know `dout`, the gradient with
# respect to the layer's activations $A$, and take four small steps:
#
# 1. Through the activation: $\delta = \mathrm{dout} \odot f'(Z)$, multiplied entry by entry.
#    $\delta$ ("delta") is the gradient with respect to $Z$. The slope belongs to *this* layer's
#    activation, at the $Z$ in the cache.
# 2. The gradient of the weights: $X^{\mathsf T} \delta$, with this layer's own `"X"`. Its shape is
#    that of $W$.
# 3. The gradient of the bias: the *sum of the rows* of $\delta$. All samples share one $b$, so it
#    collects what each of them says. Its shape is that of $b$.
# 4. On to the layer before: its `dout` is $\delta\, W^{\mathsf T}$, with the same $W$ that the way
#    forward used.
#
# The $\frac{1}{n}$ of the mean is in `dout` already. Do not divide again.
#
# Everything that you need is in the cache: do not run the network again and compute no $Z$ anew.
# And leave the cache as it is; somebody may want to walk back twice.
#
# **Example.** Take the network of task 1 with dout $= 2$. Layer 2 is linear, so $\delta = 2$. With
# its $X = (2, 0)$: $W$ gets $(4, 0)^{\mathsf T}$, $b$ gets $2$, and
# $\delta\, W_2^{\mathsf T} = (6, 8)$ goes on. Layer 1: relu has the slopes $(1, 0)$ at
# $Z = (2, -2.5)$, so $\delta = (6, 0)$; with $X = (1, 2)$,
#
# $$ W: \begin{pmatrix} 6 & 0 \\ 12 & 0 \end{pmatrix}, \qquad b: (6,\ 0). $$
#
# **Figure (walk.png).** The example. Forwards (blue) the values run to the loss, and the cache
# keeps those of the layers. Backwards (orange) $Z_2$, $A_1$ and $Z_1$ get their gradients, each
# from its right neighbour. On the way the gradients of the weights and biases branch off; relu lets
# the $6$ pass and stops the $8$.
#
# **How to test it yourself.** Take one entry of one `W`, move it by $h = 10^{-5}$ up and down, and
# compute the loss both times: $\frac{L_+ - L_-}{2h}$ must be almost your gradient's entry.


# %%
def backward(cache, params, dout):
    """The gradient of the loss with respect to every W and b, from the cache of forward.

    cache: a list, for each layer {"X", "Z", "A"}   params: the layers   dout: shaped like out
    ->  grads: a list, for each layer {"W": (d_in, d_out), "b": (d_out,)}, first layer first

    >>> cache = [{"X": np.array([[1.0, 2.0]]), "Z": np.array([[5.0]]), "A": np.array([[5.0]])}]
    >>> params = [{"W": np.array([[1.0], [2.0]]), "b": np.array([0.0]), "f": "relu"}]
    >>> grads = backward(cache, params, np.array([[3.0]]))
    >>> grads[0]["W"].tolist(), grads[0]["b"].tolist()
    ([[3.0], [6.0]], [3.0])
    """
    raise NotImplementedError("backward")


# %% [markdown]
# ## Task 4. `train_step`
#
# Put the pieces together: one step of **gradient descent** (the next exercise is all about it).
# Run forward, compute the loss of this kind, walk back, and move every parameter a little against
# its gradient $g$:
#
# $$ W \leftarrow W - \eta\, g_W, \qquad b \leftarrow b - \eta\, g_b. $$
#
# Return the loss *before* the step, and a *new* list of new layers; the old ones stay as they are.
# First *all* gradients, then the update: if you change $W_2$ before $\delta$ has passed through it,
# the wrong $\delta$ reaches layer 1.
#
# **Example.** The network of task 1, $Y = 4$, `"mse"`, $\eta = 0.1$: the loss is $1$, and the new
# layer 2 has $W = (3 - 0.4,\ 4 - 0)^{\mathsf T} = (2.6,\ 4)^{\mathsf T}$ and $b = -1 - 0.2 = -1.2$.


# %%
def train_step(X, Y, params, kind, lr):
    """One step of gradient descent on all samples: the loss before it, and the new layers.

    X: (n, d)   Y: (n, k)   params: the layers   kind: as in loss   lr: a number > 0
    ->  (value, new)   value: a number   new: a list of layers {"W", "b", "f"}

    >>> layer = {"W": np.array([[3.0]]), "b": np.array([-1.0]), "f": "linear"}
    >>> value, new = train_step(np.array([[2.0]]), np.array([[4.0]]), [layer], "mse", 0.1)
    >>> float(value), new[0]["W"], new[0]["b"], layer["W"]
    (1.0, array([[2.6]]), array([-1.2]), array([[3.]]))
    """
    raise NotImplementedError("train_step")


# %% [markdown]
# ## Task 5. `Var`
#
# A layer is built of a few operations: a matrix product, a sum, a curve. If *each operation* knows
# how to send a gradient back, then a program can walk back through any formula, and nobody has to
# write a `backward` by hand again. That is what TensorFlow's `GradientTape` and PyTorch do.
#
# A `Var` holds a `value`, an array, and a `grad` of the same shape. Every operation makes a new
# `Var` that remembers its **parents**: pairs of a `Var` that went in, and a *rule*, a function that
# turns the gradient $g$ of the result into this parent's share of it:
#
# | result | share of the first | share of the second |
# |---|---|---|
# | `x + y` | $g$ | $g$ |
# | `x * y` (entry by entry) | $g \odot y$ | $g \odot x$ |
# | `x @ y` (two matrices) | $g\, y^{\mathsf T}$ | $x^{\mathsf T} g$ |
# | `x.relu()` | $g$ where $x > 0$, else 0 | |
#
# Both sides are always a `Var`. Python calls `x.__add__(y)` for `x + y`, `__mul__` for `*` and
# `__matmul__` for `@`. In `__add__` the rule is `lambda g: g`, "a function of g that returns g".
#
# `out.backward()` fills in the `grad` of every `Var` that `out` was made from: the gradient of the
# *sum of all entries* of `out`, so the grad of `out` itself is all ones. (For a single number, a
# loss, that is the number 1.) Two things matter:
#
# * **Add up.** A `Var` that is used several times gets a share from each use. Its `grad` is their
#   sum, so add each share to what is there.
# * **Order.** A `Var` may send its gradient back only when it has all its shares: after every `Var`
#   that was made from it. Then each needs to be dealt with only *once*. Visit the parents of a
#   `Var` first, then put the `Var` itself into a list, and no `Var` twice: backwards, this list is
#   the right order.
#
# In `x + b` with shapes $(n, k)$ and $(k)$, NumPy repeats `b` in each row: it is used $n$ times, so
# its shares are summed over the rows, just as in task 3. The given function `sum_to` does this for
# any shapes; send each share through it before you add it up.
#
# **Example.** $x = 3$ and $y = x \cdot x + x$. $y = 12$; the product sends $1 \cdot 3$ to each of
# its two sides, the sum sends $1$ to $x$ itself, together $3 + 3 + 1 = 7$. And indeed
# $y' = 2x + 1 = 7$. TensorFlow says the same:
#
# ```python
# x = tf.Variable(3.0)
# with tf.GradientTape() as tape:
#     y = x * x + x
# tape.gradient(y, x)  # 7.0
# ```
#
# **Figure (shares.png).** The three ways back from $y$ to $x$, each with its share. The product may
# send its two only when its own gradient has arrived.
#
# Call `backward` once for each formula that you build. To learn, you would build a new one for each
# step, as `GradientTape` does.


# %%
def sum_to(share, shape):
    """Sum an array over the axes along which NumPy repeated an array of that shape."""
    share = share.sum(axis=tuple(range(share.ndim - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            share = share.sum(axis=axis, keepdims=True)
    return share


# %%
class Var:
    """An array that remembers what it was made from, so that gradients find their way back.

    value: (...)   grad: the same shape, 0 until backward()   parents: pairs (Var, rule)

    >>> x = Var(3.0)
    >>> y = x * x + x
    >>> y.backward()
    >>> float(y.value), float(x.grad)
    (12.0, 7.0)
    >>> x, W = Var(np.array([[1.0, -2.0]])), Var(np.array([[3.0, 0.0], [1.0, 4.0]]))
    >>> (x @ W).relu().backward()
    >>> W.grad
    array([[ 1.,  0.],
           [-2.,  0.]])
    """

    def __init__(self, value, parents=()):
        self.value = np.asarray(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.parents = parents

    def __add__(self, other):
        raise NotImplementedError("Var")

    def __mul__(self, other):
        raise NotImplementedError("Var")

    def __matmul__(self, other):
        raise NotImplementedError("Var")

    def relu(self):
        raise NotImplementedError("Var")

    def backward(self):
        raise NotImplementedError("Var")
