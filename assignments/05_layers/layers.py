# %% [markdown]
# # 5. Layers, logits, softmax
#
# A layer is a row of neurons that all look at the same inputs. A network is a stack of layers: each
# one feeds on what the layer before it made. In this exercise you run whole layers at once, stack
# them, and turn what comes out of the last one into **probabilities**.
#
# The last layer makes one number for each class, a *score*: the greater it is, the more the network
# favours that class. Scores can be anything, such as $5$ and $-1$. Probabilities cannot: they lie
# between 0 and 1, and together they make 1. The bridge from one to the other is the **softmax**.
#
# **Words.** "Logit" is used for two things, and you will meet both:
#
# * *the logits* of a network are the scores of its last layer, before any softmax or sigmoid;
# * *the logit of a probability* $p$ is the number $z$ with $\sigma(z) = p$, where
#   $\sigma(z) = \frac{1}{1 + e^{-z}}$ is the sigmoid of exercise 1.
#
# The two belong together: with a single output unit, the score is the logit of the probability.
#
# **Conventions of the course.** Rows are samples: `X (n, d_in)`, `W (d_in, d_out)`, `b (d_out,)`,
# all `float64`. Scores are `Z (n, k)`: one row for each sample, one column for each class.
# Logarithms are natural. A probability that is *given* is clipped at `EPS = 1e-12` before its
# logarithm is taken (task 6); scores are never clipped. A function never changes the arrays or
# lists that it was given. Use NumPy and what comes with Python itself; SciPy, PyTorch and
# TensorFlow are not allowed here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 05_layers`. If you are stuck, `gradeflow hint layer` (or any other task) helps
# you one step further. You may use functions of earlier tasks in later ones.
#
# **Limits.** When your work is checked, one call of a function may compute for 2 s and the
# whole file for 20 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

EPS = 1e-12

# %% [markdown]
# **Given: two activations.** `relu` you know from exercise 1. `linear` does nothing: it is the
# "activation" of a layer that hands out its weighted sums as they are.


# %%
def relu(z):
    """max(0, z), entry by entry.  z: (...)  ->  (...)"""
    return np.maximum(z, 0.0)


def linear(z):
    """z itself.  z: (...)  ->  (...)"""
    return z


# %% [markdown]
# ## Task 1. `layer`
#
# Column $j$ of $W$ holds the weights of neuron $j$, and $b_j$ is its bias. One matrix product does
# the work of all neurons for all samples:
#
# $$ Z = X W + b, \qquad \mathrm{layer}(X, W, b, f) = f(Z). $$
#
# Watch the shapes: $X$ is `(n, d_in)`, $W$ is `(d_in, d_out)`, so $XW$ is `(n, d_out)`. The inner
# sizes meet and go. $b$ is `(d_out,)`, and NumPy adds it to every row.
#
# **Example.** One sample with 2 inputs, a layer with 3 neurons:
#
# $$ X = \begin{pmatrix} 1 & 2 \end{pmatrix},\quad
# W = \begin{pmatrix} 1 & 0 & -1 \\ 2 & 1 & 1 \end{pmatrix},\quad b = (0,\ -3,\ 1). $$
#
# $XW = (1 + 4,\ 0 + 2,\ -1 + 2) = (5, 2, 1)$, so $Z = (5, -1, 2)$; with `relu` the layer gives
# $(5, 0, 2)$.
#
# `X` may have any number of rows, even none. Hand $f$ the array $Z$, not one number at a time: some
# functions, like the softmax of task 3, must see a whole row.


# %%
def layer(X, W, b, f):
    """f(X W + b): all neurons of a layer, for all samples at once.

    X: (n, d_in)   W: (d_in, d_out)   b: (d_out,)   f: a function of arrays  ->  (n, d_out)

    >>> W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 1.0]])
    >>> layer(np.array([[1.0, 2.0]]), W, np.array([0.0, -3.0, 1.0]), relu)
    array([[5., 0., 2.]])
    """
    raise NotImplementedError("layer")


# %% [markdown]
# ## Task 2. `forward`
#
# Stack layers. `params` is a list with one dictionary `{"W": ..., "b": ...}` for each layer. (In
# exercise 3 a layer was a pair `(W, b)`; a dictionary says by name what is what.) The first layer
# gets `X`; every other layer gets what the layer before it made. All layers use `relu`, **except
# the last**: it returns its weighted sums as they are. They are the scores of the classes, the
# logits.
#
# Why no `relu` at the end? It would turn every negative score into 0, and scores of $-1$ and $-9$
# could not be told apart. And why no softmax here? It comes later, once, behind the whole network;
# training works best with the scores themselves.
#
# **Example.** The layer of task 1 made $(5, 0, 2)$. Behind it stands a last layer with 2 neurons:
#
# $$ W_2 = \begin{pmatrix} 1 & 0 \\ 7 & 7 \\ 0 & -1 \end{pmatrix},\quad b_2 = (0,\ 1). $$
#
# $(5 + 0 + 0,\ 0 + 0 - 2) = (5, -2)$, plus $b_2$: the logits are $(5, -1)$. The network favours the
# first class.
#
# The list holds at least one layer. If it holds one, that one is the last.


# %%
def forward(X, params):
    """The logits of a network: relu behind every layer but the last, which has no activation.

    X: (n, d)   params: a list of layers {"W": (d_in, d_out), "b": (d_out,)}
    ->  (n, d_out of the last layer)

    >>> W1, b1 = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 1.0]]), np.array([0.0, -3.0, 1.0])
    >>> W2, b2 = np.array([[1.0, 0.0], [7.0, 7.0], [0.0, -1.0]]), np.array([0.0, 1.0])
    >>> forward(np.array([[1.0, 2.0]]), [{"W": W1, "b": b1}, {"W": W2, "b": b2}])
    array([[ 5., -1.]])
    """
    raise NotImplementedError("forward")


# %% [markdown]
# ## Task 3. `softmax`
#
# From the scores $z_1, \dots, z_k$ of one sample to $k$ probabilities: $e^{z}$ makes every score
# positive, and dividing by the sum makes them add up to 1.
#
# $$ s_i = \frac{e^{z_i}}{e^{z_1} + \dots + e^{z_k}}. $$
#
# **Example.** $z = (2, 1, 0)$: $e^2 \approx 7.389$, $e^1 \approx 2.718$, $e^0 = 1$, their sum is
# about $11.107$, so $s \approx (0.665,\ 0.245,\ 0.090)$. The greatest score has the greatest
# probability, but the others keep a share: a *soft* maximum. How soft, a *temperature* $T$ decides
# in $\mathrm{softmax}(z / T)$: hot ($T > 1$) brings the shares together, cold ($T < 1$) drives them
# apart.
#
# **Figure (temperature.png).** $\mathrm{softmax}(z / T)$ of the scores of the example, at three
# temperatures. The order never changes, and the three bars always add up to 1, but for rounding.
#
# **One sum for each row.** In a table `Z (n, k)` each row is a sample, and *each row* must add up
# to 1. The sums run along the axis `axis`, the last one unless the caller says otherwise.
# `np.sum(E, axis=axis)` loses that axis: `(n, k)` becomes `(n,)`. If you divide `(n, k)` by that,
# NumPy stops with an error, or, if $n = k$, it divides *in the wrong direction without a warning*.
# With `keepdims=True` the sum stays `(n, 1)`, a column, and each row is divided by its own sum.
#
# **Mind large scores.** $e^{1000}$ is more than a `float64` can hold. But only differences count:
#
# $$ \frac{e^{z_i - c}}{\sum_j e^{z_j - c}} = \frac{e^{-c}\, e^{z_i}}{e^{-c} \sum_j e^{z_j}} = s_i
# \quad \text{for any } c. $$
#
# Take the greatest score *of the same row* as $c$: then every exponent is 0 or below, and one is 0,
# so the sum is at least 1. Your function must do without a warning for scores of $\pm 1000$.
#
# `Z` may be a single row `(k,)`, a table, or a stack of tables. The result has the same shape.


# %%
def softmax(Z, axis=-1):
    """e^z / (sum of e^z), along one axis: each row (of a table, by default) adds up to 1.

    Z: (...), for instance (n, k) or (k,)   axis: the axis of the sums  ->  (...), as Z

    >>> softmax(np.array([[0.0, np.log(3)], [1000.0, 1000.0]]))
    array([[0.25, 0.75],
           [0.5 , 0.5 ]])
    >>> softmax(np.array([[5.0, 0.0, 1.0], [5.0, 0.0, 1.0]]), axis=0)
    array([[0.5, 0.5, 0.5],
           [0.5, 0.5, 0.5]])
    """
    raise NotImplementedError("softmax")


# %% [markdown]
# ## Task 4. `log_softmax`
#
# Losses need the *logarithm* of these probabilities. Why not simply `np.log(softmax(Z))`? For
# $z = (0, -1000)$ the second probability is so small that a `float64` holds it as 0, and
# $\ln 0 = -\infty$, although the right answer, $-1000$, is an ordinary number. So simplify first,
# on paper, and compute then:
#
# $$ \ln s_i = \ln \frac{e^{z_i}}{\sum_j e^{z_j}} = z_i - \ln \sum_j e^{z_j}. $$
#
# The sum can still overflow, and the remedy is the same: subtract the row's maximum from the
# scores first. That changes nothing in the result.
#
# **Example.** $z = (2, 1, 0)$: the sum is about $11.107$ and $\ln 11.107 \approx 2.408$, so the
# result is about $(-0.408,\ -1.408,\ -2.408)$. It is never above 0.


# %%
def log_softmax(Z, axis=-1):
    """ln softmax(Z) = z - ln(sum of e^z), safe where the softmax itself is too small to hold.

    Z: (...), for instance (n, k) or (k,)   axis: the axis of the sums  ->  (...), as Z

    >>> log_softmax(np.array([[0.0, -1000.0], [2.0, 2.0]]))
    array([[ 0.00000000e+00, -1.00000000e+03],
           [-6.93147181e-01, -6.93147181e-01]])
    """
    raise NotImplementedError("log_softmax")


# %% [markdown]
# ## Task 5. `softmax_jacobian`
#
# How do the probabilities move when a score moves? A sigmoid has one input and one output, so it
# has one slope. A softmax has $k$ scores and $k$ probabilities, and *every* score moves *every*
# probability, because the shares must still add up to 1. All these slopes stand in a table, the
# **Jacobian matrix**: row $i$, column $j$ says how $s_i$ moves with $z_j$.
#
# $$ J_{ij} = \frac{\partial s_i}{\partial z_j} =
# \begin{cases} s_i (1 - s_i) & i = j \\ -s_i s_j & i \ne j, \end{cases}
# \qquad J = \mathrm{diag}(s) - s\, s^{\mathsf T}. $$
#
# $\mathrm{diag}(s)$ has $s$ on its diagonal and 0 elsewhere; $s\, s^{\mathsf T}$ is the table of
# all products $s_i s_j$. On the diagonal stands the $s(1 - s)$ that you know from the sigmoid, but
# that is not all: what one class wins, the others lose.
#
# **Example.** $z = (0, \ln 3)$: $s = (0.25, 0.75)$, on the diagonal
# $0.25 \cdot 0.75 = 0.1875$ twice, off it $-0.25 \cdot 0.75 = -0.1875$ twice. Each row and each
# column adds up to 0.
#
# The scores are those of one sample, `z (k,)`.


# %%
def softmax_jacobian(z):
    """diag(s) - s s^T with s = softmax(z): row i, column j is the slope of s_i in z_j.

    z: (k,), the scores of one sample  ->  (k, k)

    >>> softmax_jacobian(np.array([0.0, np.log(3)]))
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])
    """
    raise NotImplementedError("softmax_jacobian")


# %% [markdown]
# ## Task 6. `logit`
#
# Now the other meaning of the word. Something with probability $p$ has the **odds**
# $\frac{p}{1 - p}$: with $p = 0.8$ they are $0.8 : 0.2$, four to one. The logit is their natural
# logarithm:
#
# $$ \mathrm{logit}(p) = \ln \frac{p}{1 - p}. $$
#
# It is the *inverse* of the sigmoid: $\sigma(\mathrm{logit}(p)) = p$.
#
# **Example.** $\mathrm{logit}(0.5) = \ln 1 = 0$, $\mathrm{logit}(0.8) = \ln 4 \approx 1.386$, and
# $\mathrm{logit}(0.2) = \ln \frac{1}{4} \approx -1.386$: even odds are 0, and the curve is
# symmetric about them.
#
# **Certainty has no finite logit.** At $p = 0$ and $p = 1$ it would be $-\infty$ and $\infty$. So
# first clip $p$ to between `EPS` and `1 - EPS`. Then the two ends give about $\mp 27.63$, without a
# warning. Any shape in, the same shape out.


# %%
def logit(p):
    """ln(p / (1 - p)), the inverse of the sigmoid; p is first clipped to [EPS, 1 - EPS].

    p: (...), probabilities  ->  (...)

    >>> logit(np.array([0.2, 0.5, 0.8]))
    array([-1.38629436,  0.        ,  1.38629436])
    """
    raise NotImplementedError("logit")


# %% [markdown]
# ## Task 7. `probabilities`
#
# A network's logits `Z (n, k)` become probabilities, in one of two ways:
#
# * **Several output units** ($k \ge 2$): one for each class, and the classes share the probability.
#   Softmax, row by row.
# * **One output unit** ($k = 1$): a yes or no. The single number is the probability of "yes".
#   *Sigmoid.* Softmax would be of no use here: the share of the only one is always
#   $\frac{e^z}{e^z} = 1$, whatever the network says.
#
# The sigmoid is a softmax in disguise, namely of the scores $0$ (for "no") and $z$ (for "yes"):
#
# $$ \frac{e^{z}}{e^{0} + e^{z}} = \frac{1}{e^{-z} + 1} = \sigma(z). $$
#
# So you can build a safe sigmoid from your safe softmax, or write one as in exercise 1.
#
# **Example.** $Z$ with the rows $(0)$ and $(\ln 4)$ gives the rows $(0.5)$ and $(0.8)$: so the
# network's logit is indeed the logit of the probability. The row $(0, \ln 3)$ gives
# $(0.25, 0.75)$.


# %%
def probabilities(Z):
    """Probabilities from logits: sigmoid for one output unit, softmax by rows for several.

    Z: (n, k)  ->  (n, k)

    >>> probabilities(np.array([[0.0], [np.log(4)]]))
    array([[0.5],
           [0.8]])
    >>> probabilities(np.array([[0.0, np.log(3)]]))
    array([[0.25, 0.75]])
    """
    raise NotImplementedError("probabilities")


# %% [markdown]
# ## Task 8. `param_count`
#
# How many numbers does a network learn? Describe it by the sizes of its layers of units, inputs
# first: `[2, 3, 2]` has 2 inputs, 3 hidden units and 2 outputs. The inputs are data. They are often
# called the "input layer", but that layer computes nothing and has *neither weights nor biases*. So
# 3 layers of units mean 2 weight matrices: one between each layer and the next. From a layer of
# $d_{\mathrm{in}}$ units to one of $d_{\mathrm{out}}$ there are
#
# $$ d_{\mathrm{in}} \cdot d_{\mathrm{out}} \text{ weights and } d_{\mathrm{out}} \text{ biases.} $$
#
# **Example.** `[2, 3, 2]`, the network of task 2: $2 \cdot 3 + 3 = 9$ and $3 \cdot 2 + 2 = 8$,
# together 17. The network for handwritten digits at the end of this course, `[784, 128, 64, 10]`,
# has $100480 + 8256 + 650 = 109386$. With inputs alone, `[5]`, there is nothing to learn: 0.
#
# **Figure (sizes.png).** The network `[2, 3, 2]`. Each stroke is a weight, each coloured circle has
# a bias; the grey circles are the inputs, and have none. Count: $6 + 3$ and $6 + 2$.


# %%
def param_count(sizes):
    """How many weights and biases a network with these layers of units has.

    sizes: a list, the number of inputs first, then of the units of each layer  ->  an integer

    >>> param_count([2, 3, 2])
    17
    """
    raise NotImplementedError("param_count")
