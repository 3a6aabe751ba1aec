# %% [markdown]
# # 9. Regularization: L1, L2, dropout
#
# A network with many weights can learn its training samples by heart, noise included. The training
# loss goes on falling, but on samples that it has not seen the loss rises again. This is
# **overfitting**. **Regularization** is whatever keeps a network from it. You write the three
# classic means:
#
# **Figure (rise.png).** Training loss (solid) and validation loss (dashed) over 10,000 updates: 80
# weights and 14 noisy samples of a sine. The axis counts updates in powers of ten. Without a
# penalty, $\lambda = 0$, the gap goes on growing; with L2, $\lambda = 0.1$, it stops growing.
#
# * The **L1** penalty adds the sizes of all weights to the loss. It makes many weights exactly 0.
# * The **L2** penalty adds their squares. It makes all weights smaller, and none exactly 0.
# * **Dropout** switches off units at random during training, so that no unit can rely on another.
#
# **Words.** $\lambda$ (`lam`) is the *strength* of a penalty: 0 means none. To *drop* a unit is to
# put 0 in the place of its output. The *rate* of dropout is the share of units that is dropped.
#
# **Conventions of the course.** Rows are samples: `X (n, d)` holds $n$ samples with $d$ units each.
# The parameters of a network are a list with a pair `(W, b)` for each layer, as in exercise 3:
#
#     params = [(W1, b1), (W2, b2), ...]     W: (d_in, d_out)   b: (d_out,)
#
# (Exercises 7 and 8 used dictionaries. A penalty only has to tell weights from biases, and for that
# a pair will do.) The matrices of different layers have different shapes, so they never fit into
# one array: take them one by one, as in `for W, b in params`. Gradients come in the same form, a
# list with a pair `(dW, db)` for each layer, each array of the shape of its parameter. **Biases are
# never penalized**: a bias only shifts a curve, it does not make it steeper. Arrays are NumPy
# arrays of `float64`, and a function never changes what it was given. Python's own library and
# NumPy are all you need; `scipy`, `torch` and `tensorflow` may not be used here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 09_regularization`. If you are stuck, `gradeflow hint l1_penalty` (or any other
# task) helps you one step further.
#
# **Limits.** When your work is checked, one call of a function may compute for 5 s and the
# whole file for 40 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

# %% [markdown]
# ## Task 1. `l1_penalty`
#
# Add up the absolute values of all weights of all layers:
#
# $$ P_1 = \lambda \sum_{\text{layers}} \sum_{i,j} |W_{ij}|. $$
#
# **Example.** Two layers, $W_1 = \begin{pmatrix} 1 & -2 \\ 0 & 3 \end{pmatrix}$ with
# $b_1 = (5, 5)$, and $W_2 = \begin{pmatrix} 0.5 \\ -1.5 \end{pmatrix}$ with $b_2 = (7)$. The
# weights give $1 + 2 + 0 + 3 + 0.5 + 1.5 = 8$. With $\lambda = 0.1$ the penalty is $0.8$. The
# biases do not count.


# %%
def l1_penalty(params, lam):
    """lam * (the sum of |w| over all weights of all layers); biases do not count.

    params: a list of pairs (W, b), W: (d_in, d_out), b: (d_out,)   lam: a number  ->  a number

    >>> params = [
    ...     (np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([5.0, 5.0])),
    ...     (np.array([[0.5], [-1.5]]), np.array([7.0])),
    ... ]
    >>> round(float(l1_penalty(params, 0.1)), 6)
    0.8
    """
    raise NotImplementedError("l1_penalty")


# %% [markdown]
# ## Task 2. `d_l1_penalty`
#
# How does the penalty change with one weight? $|w|$ rises with slope 1 on the right of 0 and falls
# with slope $-1$ on the left:
#
# $$ \frac{\partial P_1}{\partial W_{ij}} = \lambda\, \mathrm{sign}(W_{ij}),
# \qquad \frac{\partial P_1}{\partial b_j} = 0. $$
#
# At $w = 0$ there is a corner, and **this course takes the slope 0**. Note that the slope has the
# same size for a large weight and for a tiny one: L1 pulls small weights all the way to 0.
#
# **Example.** For the layers above and $\lambda = 0.1$:
# $dW_1 = \begin{pmatrix} 0.1 & -0.1 \\ 0 & 0.1 \end{pmatrix}$, $db_1 = (0, 0)$,
# $dW_2 = \begin{pmatrix} 0.1 \\ -0.1 \end{pmatrix}$, $db_2 = (0)$.


# %%
def d_l1_penalty(params, lam):
    """Gradient of l1_penalty: lam * sign(W) for weights (0 at w = 0), zeros for biases.

    params: a list of pairs (W, b)   lam: a number
    ->  a list of pairs (dW, db), each of the shape of its parameter

    >>> params = [(np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([5.0, 5.0]))]
    >>> [(dW, db)] = d_l1_penalty(params, 0.5)
    >>> dW
    array([[ 0.5, -0.5],
           [ 0. ,  0.5]])
    >>> db
    array([0., 0.])
    """
    raise NotImplementedError("d_l1_penalty")


# %% [markdown]
# ## Task 3. `l2_penalty`
#
# Now add up the squares:
#
# $$ P_2 = \lambda \sum_{\text{layers}} \sum_{i,j} W_{ij}^2. $$
#
# **Example.** The same two layers: $1 + 4 + 0 + 9 + 0.25 + 2.25 = 16.5$. With $\lambda = 0.1$ the
# penalty is $1.65$.
#
# Some books write $\frac{\lambda}{2}$ in front of the sum. **This course does not**, and neither
# does Keras.


# %%
def l2_penalty(params, lam):
    """lam * (the sum of w^2 over all weights of all layers); biases do not count.

    params: a list of pairs (W, b), W: (d_in, d_out), b: (d_out,)   lam: a number  ->  a number

    >>> params = [
    ...     (np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([5.0, 5.0])),
    ...     (np.array([[0.5], [-1.5]]), np.array([7.0])),
    ... ]
    >>> round(float(l2_penalty(params, 0.1)), 6)
    1.65
    """
    raise NotImplementedError("l2_penalty")


# %% [markdown]
# ## Task 4. `d_l2_penalty`
#
# The slope of $\lambda w^2$ is $2 \lambda w$:
#
# $$ \frac{\partial P_2}{\partial W_{ij}} = 2 \lambda W_{ij},
# \qquad \frac{\partial P_2}{\partial b_j} = 0. $$
#
# The 2 belongs to the penalty as task 3 defines it. Penalty and gradient must fit together:
# otherwise the descent goes down another hill than the one that you report.
#
# The slope shrinks with the weight: L2 pulls hard on large weights and hardly at all on small ones.
#
# **Example.** For the layers above and $\lambda = 0.1$:
# $dW_1 = \begin{pmatrix} 0.2 & -0.4 \\ 0 & 0.6 \end{pmatrix}$, $db_1 = (0, 0)$,
# $dW_2 = \begin{pmatrix} 0.1 \\ -0.3 \end{pmatrix}$, $db_2 = (0)$.


# %%
def d_l2_penalty(params, lam):
    """Gradient of l2_penalty: 2 * lam * W for weights, zeros for biases.

    params: a list of pairs (W, b)   lam: a number
    ->  a list of pairs (dW, db), each of the shape of its parameter

    >>> params = [(np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([5.0, 5.0]))]
    >>> [(dW, db)] = d_l2_penalty(params, 0.5)
    >>> dW
    array([[ 1., -2.],
           [ 0.,  3.]])
    >>> db
    array([0., 0.])
    """
    raise NotImplementedError("d_l2_penalty")


# %% [markdown]
# ## Task 5. `add_penalty`
#
# In training, the network's own loss $L$ (from the data) and its gradients are already there. Add
# the penalty to *both*:
#
# $$ L_{\text{total}} = L + P, \qquad
# dW_{\text{total}} = dW + \frac{\partial P}{\partial W}, \qquad db_{\text{total}} = db. $$
#
# `kind` is `"l1"` or `"l2"` and says which penalty. Use your functions of tasks 1 to 4.
#
# **Example.** $L = 2$, one layer with $W = (3)$, $b = (1)$, and gradients $dW = (0.5)$,
# $db = (0.25)$. With `"l2"` and $\lambda = 0.1$ the total loss is $2 + 0.1 \cdot 9 = 2.9$, the new
# $dW$ is $0.5 + 2 \cdot 0.1 \cdot 3 = 1.1$, and $db$ stays $0.25$.
#
# The caller may still need the gradients of the data alone. So make new arrays: `dW += ...` would
# change the ones that you were given.


# %%
def add_penalty(loss, grads, params, lam, kind):
    """The loss and the gradients of the data, each with the penalty's share added.

    loss: a number   grads: a list of pairs (dW, db)   params: a list of pairs (W, b)
    lam: a number   kind: "l1" or "l2"
    ->  (loss, grads)   loss: a number   grads: a new list of pairs (dW, db)

    >>> params = [(np.array([[3.0]]), np.array([1.0]))]
    >>> grads = [(np.array([[0.5]]), np.array([0.25]))]
    >>> loss, [(dW, db)] = add_penalty(2.0, grads, params, 0.1, "l2")
    >>> round(float(loss), 6), dW, db
    (2.9, array([[1.1]]), array([0.25]))
    """
    raise NotImplementedError("add_penalty")


# %% [markdown]
# ## Task 6. `proximal_step`
#
# L1 is said to make weights exactly 0. Yet a gradient step on $\lambda |w|$ hardly ever lands
# there: from $w = 0.03$ a step of size $0.05$ ends at $-0.02$, the next one at $0.03$ again. It
# jumps back and forth across 0.
#
# A **proximal** step puts this right. Take the ordinary gradient step for the data's loss alone.
# Then, instead of going down the penalty's slope, move straight to the place $v$ that makes
# $\frac{1}{2}(v - w)^2 + \eta P(v)$ least: near to $w$, but with a small penalty. $\eta$ (`lr`) is
# the learning rate. For our two penalties there is a formula:
#
# $$ \text{L1:}\quad v = \mathrm{sign}(w)\, \max(|w| - \eta\lambda,\ 0), \qquad\qquad
# \text{L2:}\quad v = \frac{w}{1 + 2\eta\lambda}. $$
#
# L1 moves every weight towards 0 by the same distance $\eta\lambda$, and *stops* there: a weight
# that is nearer to 0 than that becomes exactly 0. L2 divides every weight by the same number: it
# becomes smaller, but not 0.
#
# **Example.** $\eta = 0.5$ and $\lambda = 0.5$, so $\eta\lambda = 0.25$. The weights
# $(1,\ -0.1,\ 0.25,\ -2)$ become $(0.75,\ 0,\ 0,\ -1.75)$ by L1. By L2 each is divided by $1.5$:
# $(0.6667,\ -0.0667,\ 0.1667,\ -1.3333)$. The biases keep their values.


# %%
def proximal_step(params, lr, lam, kind):
    """Move all weights towards 0 by one proximal step of the penalty; biases stay.

    "l1": sign(W) * max(|W| - lr * lam, 0)      "l2": W / (1 + 2 * lr * lam)

    params: a list of pairs (W, b)   lr, lam: numbers >= 0   kind: "l1" or "l2"
    ->  a new list of pairs (W, b)

    >>> params = [(np.array([[1.0, 0.1], [0.25, -2.0]]), np.array([5.0, 5.0]))]
    >>> [(W, b)] = proximal_step(params, 0.5, 0.5, "l1")
    >>> W, b
    (array([[ 0.75,  0.  ],
           [ 0.  , -1.75]]), array([5., 5.]))
    """
    raise NotImplementedError("proximal_step")


# %% [markdown]
# ## Task 7. `dropout_forward`
#
# `X (n, d)` holds the outputs of $d$ units for $n$ samples. In **training**, drop some of them.
# Draw a **mask** of the shape of `X`, with 1 where a unit is kept and 0 where it is dropped, and
# with $\text{keep} = 1 - \text{rate}$ return
#
# $$ \text{out} = \frac{X \cdot \text{mask}}{\text{keep}} \qquad \text{(entry by entry)}. $$
#
# * **Each sample has a mask of its own**: draw the rows independently of one another.
# * **Why divide?** With rate $0.25$ only three quarters of the units are left, so the sum that the
#   next layer sees would be a quarter too small. Divided by $0.75$, it is right *on average*. This
#   is called *inverted* dropout.
# * **At test time** (`training` is `False`) nothing happens at all: `out` has the values of `X`,
#   and the mask is all ones. Because of the division in training, nothing is left to be done here.
#
# `mode` says how the mask is drawn:
#
# * `"bernoulli"`: each unit is dropped with the probability `rate`, whatever the others do. So the
#   number of dropped units differs from row to row. Libraries do it this way.
# * `"fixed"`: in each row *exactly* $\text{rate} \cdot d$ units are dropped, and every choice of
#   that many units is equally likely. You may rely on $\text{rate} \cdot d$ being a whole number.
#
# **Figure (masks.png).** Masks for six samples of eight units, with the rate $0.5$: blue is kept, a
# cross is dropped. The number at the end of a row says how many are kept: on the left always $4$,
# on the right $4$ on average over many rows.
#
# All random numbers come from `rng`, a NumPy generator that the caller has made with
# `np.random.default_rng(seed)`. So the same seed gives the same mask. Useful are
# `rng.random(shape)` (uniform in $[0, 1)$) and `rng.permutation(d)` (the numbers $0 \dots d - 1$ in
# random order).
#
# **Example.** $X = (2,\ 4,\ 6,\ 8)$, rate $0.5$, mask $(1,\ 0,\ 0,\ 1)$:
# $\text{out} = (4,\ 0,\ 0,\ 16)$. You may take it that $0 \le \text{rate} < 1$. `X` may have
# any number of rows, even none.


# %%
def dropout_forward(X, rate, rng, training, mode):
    """Inverted dropout: X * mask / (1 - rate) in training, X itself at test time.

    X: (n, d)   rate: the share that is dropped, 0 <= rate < 1   rng: a NumPy generator
    training: True or False   mode: "bernoulli" or "fixed"
    ->  (out, mask)   out: (n, d)   mask: (n, d) of 1 (kept) and 0 (dropped); all 1 at test time

    >>> rng = np.random.default_rng(0)
    >>> out, mask = dropout_forward(np.ones((2, 4)), 0.5, rng, True, "fixed")
    >>> mask.sum(axis=1).astype(int)
    array([2, 2])
    >>> out.sum(axis=1)
    array([4., 4.])
    """
    raise NotImplementedError("dropout_forward")


# %% [markdown]
# ## Task 8. `dropout_backward`
#
# Backpropagation needs the gradient with respect to `X`. With the mask fixed, each output is its
# input times $\frac{\text{mask}}{\text{keep}}$. So each gradient is multiplied by the same number:
#
# $$ dX = \frac{d\text{out} \cdot \text{mask}}{\text{keep}},
# \qquad \text{keep} = 1 - \text{rate}. $$
#
# `dout` is the gradient with respect to `out`, and `mask` is *the same one as in the forward pass*:
# a dropped unit had no part in the output, so its gradient is 0.
#
# **Example.** $d\text{out} = (1,\ -1,\ 3,\ 2)$, mask $(1,\ 0,\ 0,\ 1)$, rate $0.75$: keep is
# $0.25$, and $dX = (4,\ 0,\ 0,\ 8)$.


# %%
def dropout_backward(dout, mask, rate):
    """Gradient with respect to X of inverted dropout in training: dout * mask / (1 - rate).

    dout: (n, d)   mask: (n, d) of 1 and 0, as dropout_forward gave it   rate: 0 <= rate < 1
    ->  (n, d)

    >>> dout = np.array([[1.0, 5.0, 3.0, 2.0]])
    >>> mask = np.array([[1.0, 0.0, 0.0, 1.0]])
    >>> dropout_backward(dout, mask, 0.75)
    array([[4., 0., 0., 8.]])
    """
    raise NotImplementedError("dropout_backward")
