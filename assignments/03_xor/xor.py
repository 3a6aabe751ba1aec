# %% [markdown]
# # 3. XOR with several neurons
#
# XOR, "one of the two but not both", was the gate that no single neuron could be: one neuron is one
# line, and no line has $(0,1)$ and $(1,0)$ on one side, $(0,0)$ and $(1,1)$ on the other. Two
# neurons side by side and a third behind them can do it:
#
# $$ x_1 \ \mathrm{XOR}\ x_2 =
# (x_1 \ \mathrm{OR}\ x_2)\ \mathrm{AND}\ (x_1 \ \mathrm{NAND}\ x_2). $$
#
# The two in the middle are called **hidden** units, because neither the inputs nor the answer show
# them. Each draws its own line, and together they give every point a new address $(h_1, h_2)$. On
# this new map one line is enough for the third neuron. That is the whole secret of a hidden layer:
# **it redraws the map until the problem is easy.** "Deep" only means that several such layers
# are stacked.
#
# In this exercise you build the hidden units by hand, then the whole XOR network, then the forward
# pass of a network with any number of layers. At the end you show why all of it would be useless
# without activation functions.
#
# **Conventions of the course.** Rows are samples: `X (n, d)` holds $n \ge 1$ points. A layer of
# neurons has one *column* of weights for each neuron, and one bias for each neuron:
#
# $$ Z = X W + b, \qquad X: (n, d_\mathrm{in}), \quad W: (d_\mathrm{in}, d_\mathrm{out}),
# \quad b: (d_\mathrm{out},), \quad Z: (n, d_\mathrm{out}). $$
#
# $Z_{ij}$ is the weighted sum of neuron $j$ for sample $i$. NumPy adds `b` to every row by itself.
# A function never changes the arrays that it was given. Use NumPy and what comes with Python
# itself; SciPy, PyTorch and TensorFlow are not allowed here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 03_xor`. If you are stuck, `gradeflow hint hidden` (or any other task) helps you
# one step further.
#
# **Limits.** When your work is checked, one call of a function may compute for 2 s and the
# whole file for 20 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

# %% [markdown]
# **Given: the step.** You know it from exercise 2. It takes an array of any shape, and at exactly
# $z = 0$ its answer is 1.


# %%
def step(z):
    """1 where z >= 0, else 0.

    z: (...)  ->  (...)
    """
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


# %% [markdown]
# ## Task 1. `hidden`
#
# Choose the weights and biases of two hidden units yourself, and return what the two answer for
# every row of `X`: in column 0 the unit that is **OR**, in column 1 the unit that is **NAND**.
#
# $$ H = \mathrm{step}(X W + b), \qquad W: (2, 2), \quad b: (2,), \quad H: (n, 2). $$
#
# **Example.** At the four corners of the square, your layer must give this table. The last column
# is what the third neuron will make of it in task 2.
#
# | $x_1$ | $x_2$ | $h_1$ = OR | $h_2$ = NAND | $h_1$ AND $h_2$ |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 1 | 0 |
# | 0 | 1 | 1 | 1 | 1 |
# | 1 | 0 | 1 | 1 | 1 |
# | 1 | 1 | 1 | 0 | 0 |
#
# Look at the two columns $h_1$ and $h_2$ as a new map: four corners have become three points,
# because $(0,1)$ and $(1,0)$ now share the address $(1,1)$. They are the two that must answer 1,
# and a line can cut one corner off a square.
#
# **Figure (maps.png).** Left: the inputs, with the lines of the two hidden units; in the band
# between them both answer 1. Right: the hidden map. The filled points are to become 1, and the
# output neuron needs only one line for that.
#
# Each unit is a line, as in the last exercise, and again **keep a distance**: the table must stay
# right when every input is off by up to $0.1$. Unit $j$ has its weights in column $j$ of $W$: if
# you write `W = np.array([[1, 2], [3, 4]])`, the first unit has the weights $(1, 3)$.


# %%
def hidden(X):
    """step(X W + b) with W and b of your own: the units OR (column 0) and NAND (column 1).

    X: (n, 2)  ->  (n, 2) of the numbers 0 and 1

    >>> hidden(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])).astype(int)
    array([[0, 1],
           [1, 1],
           [1, 1],
           [1, 0]])
    """
    raise NotImplementedError("hidden")


# %% [markdown]
# ## Task 2. `xor_net`
#
# Now the whole network: a hidden layer with the step, and behind it one output neuron, a `gate` as
# in the last exercise, whose inputs are the hidden units. Here the weights are not your own; the
# caller hands them over:
#
# $$ H = \mathrm{step}(X W + b), \qquad y = \mathrm{step}(H w + c). $$
#
# `params` is a list of two pairs, `[(W, b), (w, c)]`: one pair for each layer, in their order. (In
# exercise 5 it will be a dictionary for each layer; every exercise says which form it uses.) With
# $h$ hidden units, $W$ is $(d, h)$ and $b$ is $(h,)$; the output neuron has the weights $w$ of
# shape $(h,)$ and the single number $c$ as its bias. In Python, `(W, b), (w, c) = params` takes the
# four out of the list.
#
# **Example.** Take for $W$, $b$ the hidden units OR and NAND, and for the output neuron AND with
# $w = (1, 1)$, $c = -1.5$. For $(0, 1)$: $H = (1, 1)$, the sum is $1 + 1 - 1.5 = 0.5$, so $y = 1$.
# For $(1, 1)$: $H = (1, 0)$, the sum is $1 + 0 - 1.5 = -0.5$, so $y = 0$. At the four corners
# together: $(0, 1, 1, 0)$. This is XOR.
#
# **The number 2 can deceive.** With two inputs and two hidden units $W$ is a square, and a $W$
# that is used transposed goes unnoticed as long as you only look at shapes. So try your function
# with another number of units as well. These three are OR, AND and NOR, and the network is XOR
# again:
#
# $$ W = \begin{pmatrix} 1 & 1 & -1 \\ 1 & 1 & -1 \end{pmatrix}, \quad b = (-0.5,\ -1.5,\ 0.5),
# \quad w = (1, -2, -1), \quad c = -0.5. $$
#
# Your function must work for any number of rows, inputs and hidden units.


# %%
def xor_net(X, params):
    """step(H w + c) with the hidden layer H = step(X W + b): two layers of step neurons.

    X: (n, d)   params: [(W, b), (w, c)]   W: (d, h)   b: (h,)   w: (h,)   c: a number
    ->  (n,) of the numbers 0 and 1

    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> or_nand = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])
    >>> xor_net(X, [or_nand, (np.array([1.0, 1.0]), -1.5)]).astype(int)
    array([0, 1, 1, 0])
    """
    raise NotImplementedError("xor_net")


# %% [markdown]
# ## Task 3. `mlp_forward`
#
# Stack as many layers as you like, each with an activation function of its own, and you have a
# *multi-layer perceptron* (MLP). Going through it from the input to the output is the **forward
# pass**. With $A_0 = X$, layer $l$ computes
#
# $$ Z_l = A_{l-1} W_l + b_l, \qquad A_l = f_l(Z_l), \qquad l = 1, \dots, L. $$
#
# `params` is a list of $L$ pairs `(W, b)`, and `activations` a list of $L$ functions, first layer
# first. Every $W_l$ is $(d_{l-1}, d_l)$ and every $b_l$ is $(d_l,)$, the last layer included. An
# activation function takes each number of an array separately, like `step`, or like `sigmoid` and
# `relu` of the first exercise.
#
# Return two things: `out`, which is $A_L$ with the shape $(n, d_L)$, and `cache`, a list with the
# pair `(Z, A)` of each layer. Learning will need these intermediate values in a later exercise; for
# now they let you look at the hidden map.
#
# **Example.** XOR again, but without a step: $f_1 = \mathrm{relu}$, which is $\max(0, z)$ for each
# number, and $f_2(z) = z$, with
#
# $$ W_1 = \begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}, \quad b_1 = (0, -1), \qquad
# W_2 = \begin{pmatrix} 1 \\ -2 \end{pmatrix}, \quad b_2 = (0). $$
#
# | $x_1$ | $x_2$ | $Z_1$ | $A_1$ | $Z_2 = A_2$ |
# |---|---|---|---|---|
# | 0 | 0 | $(0, -1)$ | $(0, 0)$ | 0 |
# | 0 | 1 | $(1, 0)$ | $(1, 0)$ | 1 |
# | 1 | 0 | $(1, 0)$ | $(1, 0)$ | 1 |
# | 1 | 1 | $(2, 1)$ | $(2, 1)$ | 0 |
#
# So `out` is the last column with the shape $(4, 1)$, and `cache` is `[(Z1, A1), (Z2, A2)]`.


# %%
def mlp_forward(X, params, activations):
    """Go through all layers: Z = A W + b, then A = f(Z), beginning with A = X.

    X: (n, d_0)   params: a list of L pairs (W, b)   W: (d_in, d_out)   b: (d_out,)
    activations: a list of L functions, one for each layer
    ->  (out, cache)   out: (n, d_L)   cache: a list of L pairs (Z, A), both (n, d_out)

    >>> X = np.array([[0.0, 1.0], [1.0, 1.0]])
    >>> first = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    >>> second = np.array([[1.0], [-2.0]]), np.array([0.0])
    >>> relu_then_same = [lambda z: np.maximum(0.0, z), lambda z: z]
    >>> out, cache = mlp_forward(X, [first, second], relu_then_same)
    >>> out
    array([[1.],
           [0.]])
    >>> len(cache), cache[0][0].shape, cache[1][1].shape
    (2, (2, 2), (2, 1))
    """
    raise NotImplementedError("mlp_forward")


# %% [markdown]
# ## Task 4. `collapse_linear`
#
# What would happen without activation functions? Put the first layer into the second:
#
# $$ (X W_1 + b_1)\, W_2 + b_2 = X\, (W_1 W_2) + (b_1 W_2 + b_2). $$
#
# The right side is *one* layer, with the weights $W_1 W_2$ and the bias $b_1 W_2 + b_2$. Two linear
# layers are one linear layer, however many units stand between them, and then three are one as
# well: put two together, then the result and the third. For a chain of linear layers, return the
# one layer `(W, b)` that does the same. `params` is a list as in task 3, with at least one pair.
#
# **Example.** Take the weights of task 3 and leave out relu:
# $W_1 W_2 = \begin{pmatrix} -1 \\ -1 \end{pmatrix}$ and
# $b_1 W_2 + b_2 = 0 \cdot 1 + (-1) \cdot (-2) + 0 = 2$. The network that was XOR is now
# $2 - x_1 - x_2$: a plane, as one neuron can make it, and never XOR. **It is the bend between the
# layers that makes depth worth something.**


# %%
def collapse_linear(params):
    """Return the one linear layer that does the same as a chain of linear layers.

    params: a list of pairs (W, b)   W: (d_in, d_out)   b: (d_out,)
    ->  (W, b)   W: (d_in of the first, d_out of the last)   b: (d_out of the last,)

    >>> first = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    >>> second = np.array([[1.0], [-2.0]]), np.array([0.0])
    >>> W, b = collapse_linear([first, second])
    >>> W.tolist(), b.tolist()
    ([[-1.0], [-1.0]], [2.0])
    """
    raise NotImplementedError("collapse_linear")
