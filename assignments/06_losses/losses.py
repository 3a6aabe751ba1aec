# %% [markdown]
# # 6. Losses
#
# A network makes predictions. To get better, it must know how wrong they are, in *one number*: the
# **loss**. Learning means changing the weights so that this number falls, and for that one also
# asks: "if this prediction rises a little, how much does the loss rise?" That is the **gradient**
# of the loss, and the whole of training starts from it. So here every loss comes with its gradient.
#
# There are two families. When the answer is a *number* (a price, a temperature), a loss measures a
# distance: `l1`, `l2`, `mse`, `rmse`. When the answer is a *class* (cat or dog), the network gives
# probabilities, and the loss is how surprised it is by the truth, $-\ln$ of the probability that
# it gave to it: `bce`, `ce_sparse`, `ce_onehot`, `ce_from_logits`.
#
# **Figure (families.png).** The loss of a single number. Left: `l1` grows evenly with the error,
# the squares of `l2` (solid) and `mse` (dashed) grow faster and faster, and are flat at 0. Right:
# the surprise at the truth. Whoever gave it $p = 0.8$ pays $0.22$, whoever gave it $0.1$ pays about
# ten times as much, and towards $p = 0$ there is no end.
#
# **Words.** $y$ is the *target*, the true answer. $p$ is the *prediction*. The *error* is
# $e = p - y$, in this order. The L1 and L2 *losses* are about errors; L1 and L2 *regularization*
# are about weights, and come later in the course.
#
# **Conventions of the course.** The target is always the first argument, the prediction the
# second. Rows are samples: `(n,)` holds one number for each of $n$ samples, `(n, k)` holds $k$
# numbers for each. The loss of a sample is the *sum* over its $k$ numbers; the loss of a batch is
# the *mean* over its $n$ samples. In short: add everything up and **divide by $n$**, the number of
# rows, and by nothing else. Then a batch that holds every sample twice has the same loss. (So
# `np.mean` is right for `(n,)`, but divides by $n k$ for `(n, k)`.)
#
# A gradient has the shape of the *prediction*: one slope for each of its entries. `log` is the
# natural logarithm. Arrays are `float64` (labels are integers), there is at least one sample, and a
# function never changes the arrays that it was given. Use NumPy and what comes with Python itself;
# SciPy, scikit-learn, PyTorch and TensorFlow are not allowed here.
#
# **A trap, and a tool.** Targets of shape `(n,)` and predictions of shape `(n, 1)` look alike, but
# NumPy subtracts them as a row from a column and makes a *table* `(n, n)` of them: each prediction
# minus each target. The loss is then a number without any meaning, and nothing warns you. So
# wherever two arrays must have the same shape, your function must refuse others with a
# `ValueError`. The function `same_shape` below does that; it is finished, you only have to call it.
# `EPS` will be needed from task 9 on.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 06_losses`. If you are stuck, `gradeflow hint l1` (or any other task) helps you
# one step further. You may use functions of earlier tasks in later ones.
#
# **Limits.** When your work is checked, one call of a function may compute for 2 s and the
# whole file for 20 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

EPS = 1e-12


def same_shape(y, p):
    """Raise a ValueError unless both arrays have the same shape."""
    if np.shape(y) != np.shape(p):
        raise ValueError(f"the shapes {np.shape(y)} and {np.shape(p)} differ")


# %% [markdown]
# ## Tasks 1 and 2. `l1` and `d_l1`
#
# The plainest loss: how far off are the predictions, whichever way?
#
# $$ \mathrm{l1}(y, p) = \frac{1}{n} \sum_{i,j} |p_{ij} - y_{ij}|,
# \qquad \frac{\partial\,\mathrm{l1}}{\partial p_{ij}}
# = \frac{1}{n}\,\mathrm{sign}(p_{ij} - y_{ij}). $$
#
# The sign is $1$ for a positive error, $-1$ for a negative one. At an error of exactly 0 the curve
# has a corner; there this course takes 0.
#
# **Example.** Targets $y = (1, 2, 3, 4)$, predictions $p = (1.5,\ 2,\ 2,\ 7)$. The errors are
# $(0.5,\ 0,\ -1,\ 3)$, so the loss is $\frac{0.5 + 0 + 1 + 3}{4} = 1.125$ and the gradient is
# $(0.25,\ 0,\ -0.25,\ 0.25)$.
#
# With two numbers for each sample: the errors
# $\begin{pmatrix} 0 & 1 \\ 0 & 0 \\ -2 & 0 \end{pmatrix}$ of three samples have the loss
# $\frac{1 + 2}{3} = 1$. Divide by 3, not by 6.


# %%
def l1(y, p):
    """Sum of |p - y|, divided by the number of samples.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(l1(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0])))
    1.125
    """
    raise NotImplementedError("l1")


# %%
def d_l1(y, p):
    """Gradient of l1 by p: sign(p - y) / n, and 0 where the error is 0.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_l1(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0]))
    array([ 0.25,  0.  , -0.25,  0.25])
    """
    raise NotImplementedError("d_l1")


# %% [markdown]
# ## Tasks 3 and 4. `l2` and `d_l2`
#
# Square the errors instead, and take half:
#
# $$ \mathrm{l2}(y, p) = \frac{1}{n} \sum_{i,j} \tfrac12\,(p_{ij} - y_{ij})^2,
# \qquad \frac{\partial\,\mathrm{l2}}{\partial p_{ij}} = \frac{1}{n}\,(p_{ij} - y_{ij}). $$
#
# Books write the L2 loss with and without the $\tfrac12$. **This course writes it with**: the
# slope of $\tfrac12 e^2$ is simply $e$. (The next pair, `mse`, is the one without.)
#
# **Example.** The same $y$ and $p$, with errors $(0.5,\ 0,\ -1,\ 3)$: the loss is
# $\frac{0.25 + 0 + 1 + 9}{2 \cdot 4} = 1.28125$, and the gradient is
# $(0.125,\ 0,\ -0.25,\ 0.75)$.
#
# Look at the last sample, an **outlier**: of the L1 loss it makes up $3$ of $4.5$ parts, of the L2
# loss $9$ of $10.25$. Squares make large errors count much more, and its gradient is the largest,
# too. L1 pulls at every sample with the same force.


# %%
def l2(y, p):
    """Sum of half the squared errors, divided by the number of samples.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(l2(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0])))
    1.28125
    """
    raise NotImplementedError("l2")


# %%
def d_l2(y, p):
    """Gradient of l2 by p: the error over n.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_l2(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0]))
    array([ 0.125,  0.   , -0.25 ,  0.75 ])
    """
    raise NotImplementedError("d_l2")


# %% [markdown]
# ## Tasks 5 and 6. `mse` and `d_mse`
#
# The **mean squared error** is the same without the half, so its slope has a 2:
#
# $$ \mathrm{mse}(y, p) = \frac{1}{n} \sum_{i,j} (p_{ij} - y_{ij})^2,
# \qquad \frac{\partial\,\mathrm{mse}}{\partial p_{ij}} = \frac{2}{n}\,(p_{ij} - y_{ij}). $$
#
# **Example.** The errors $(0.5,\ 0,\ -1,\ 3)$ give the loss $\frac{10.25}{4} = 2.5625$ and the
# gradient $(0.25,\ 0,\ -0.5,\ 1.5)$.


# %%
def mse(y, p):
    """Sum of the squared errors, divided by the number of samples.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(mse(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0])))
    2.5625
    """
    raise NotImplementedError("mse")


# %%
def d_mse(y, p):
    """Gradient of mse by p: twice the error, over n.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_mse(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0]))
    array([ 0.25,  0.  , -0.5 ,  1.5 ])
    """
    raise NotImplementedError("d_mse")


# %% [markdown]
# ## Tasks 7 and 8. `rmse` and `d_rmse`
#
# If the targets are metres, `mse` is in square metres. Its root is in metres again, and can be read
# as "the predictions are typically off by this much":
#
# $$ \mathrm{rmse}(y, p) = \sqrt{\mathrm{mse}(y, p)},
# \qquad \frac{\partial\,\mathrm{rmse}}{\partial p_{ij}}
# = \frac{p_{ij} - y_{ij}}{n \cdot \mathrm{rmse}(y, p)}. $$
#
# **It is not the standard deviation.** That one first subtracts the mean error and asks how far the
# errors scatter *around it*. RMSE asks how far they are *from 0*. If every prediction is too
# high by exactly 2, then $\mathrm{rmse} = 2$, but the standard deviation of the errors is 0.
#
# **Example.** The errors $(0.5,\ 0,\ -1,\ 3)$ give $\sqrt{2.5625} \approx 1.6008$, and the first
# entry of the gradient is $\frac{0.5}{4 \cdot 1.6008} \approx 0.0781$.
#
# If all predictions are perfect, the formula of the gradient says $0/0$. There the curve has a
# corner like that of `l1`, and this course takes 0 for every entry, *without a warning*.


# %%
def rmse(y, p):
    """Square root of mse.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(rmse(np.array([1.0, 5.0, 3.0]), np.array([3.0, 7.0, 5.0])))
    2.0
    """
    raise NotImplementedError("rmse")


# %%
def d_rmse(y, p):
    """Gradient of rmse by p: the error over (n rmse); all 0 if every error is 0.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_rmse(np.array([1.0, 5.0]), np.array([3.0, 7.0]))
    array([0.5, 0.5])
    """
    raise NotImplementedError("d_rmse")


# %% [markdown]
# ## Tasks 9 and 10. `bce` and `d_bce`
#
# Now to classes. For a yes-or-no question the network gives $p$, its probability of "yes", and the
# target $y$ is 1 (yes) or 0 (no). It gave the probability $p$ to the truth if $y = 1$, and $1 - p$
# if $y = 0$. The **binary cross-entropy** is minus the logarithm of that; $y$ and $1 - y$ switch
# between the two cases:
#
# $$ \mathrm{bce}(y, p) = -\frac{1}{n} \sum_{i,j}
# \bigl(y_{ij} \ln p_{ij} + (1 - y_{ij}) \ln (1 - p_{ij})\bigr),
# \qquad \frac{\partial\,\mathrm{bce}}{\partial p_{ij}}
# = \frac{1}{n} \cdot \frac{p_{ij} - y_{ij}}{p_{ij}\,(1 - p_{ij})}. $$
#
# The logarithm goes on the *prediction*. It is negative for numbers below 1: the minus in front
# makes the loss positive.
#
# **Example.** $y = (1, 0)$ and $p = (0.8,\ 0.4)$: the truth had the probabilities $0.8$ and
# $0.6$. The loss is $\frac{-\ln 0.8 - \ln 0.6}{2} \approx \frac{0.2231 + 0.5108}{2} \approx
# 0.3670$. The gradient is $\bigl(\frac{-0.2}{2 \cdot 0.16},\ \frac{0.4}{2 \cdot 0.24}\bigr) \approx
# (-0.625,\ 0.8333)$.
#
# **Sure, and wrong.** If $p$ is exactly 0 or exactly 1, a formula asks for $\ln 0$ or divides
# by 0. So before anything else, **clip** the probabilities: what is below `EPS` $= 10^{-12}$
# becomes `EPS`, what is above `1 - EPS` becomes `1 - EPS`. For $y = 1$, $p = 0$ the loss is then
# $-\ln 10^{-12} \approx 27.63$: a large number, but a number, and no warning. The gradient uses
# the clipped $p$ too: $-10^{12}$ here.


# %%
def bce(y, p):
    """Binary cross-entropy: minus the log of the probability of what is true; p clipped.

    y: (n,) or (n, k) of 0 and 1   p: the same shape, from 0 to 1  ->  a number

    Raises ValueError if the shapes differ.

    >>> round(float(bce(np.array([1.0, 0.0]), np.array([0.8, 0.4]))), 4)
    0.367
    """
    raise NotImplementedError("bce")


# %%
def d_bce(y, p):
    """Gradient of bce by p: (p - y) / (p (1 - p)) / n, with p clipped.

    y: (n,) or (n, k) of 0 and 1   p: the same shape, from 0 to 1  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_bce(np.array([1.0, 0.0]), np.array([0.8, 0.4]))
    array([-0.625     ,  0.83333333])
    """
    raise NotImplementedError("d_bce")


# %% [markdown]
# ## Tasks 11 and 12. `ce_sparse` and `d_ce_sparse`
#
# With $k$ classes the network gives a row of $k$ probabilities for each sample: `P (n, k)`. The
# target is a **label**, the *number* of the true class, counted from 0: `y (n,)`, integers. The
# loss of a sample is minus the log of the probability in the true class's column, and of nothing
# else:
#
# $$ \mathrm{ce}(y, P) = -\frac{1}{n} \sum_{i} \ln P_{i, y_i},
# \qquad \frac{\partial\,\mathrm{ce}}{\partial P_{ij}} =
# \begin{cases} -\dfrac{1}{n\,P_{ij}} & j = y_i \\ 0 & j \ne y_i. \end{cases} $$
#
# There is no $\ln(1 - p)$ here. With two outcomes it was needed to stand for "no"; here each class
# has a column of its own.
#
# **Example.** $y = (0, 2)$ and $P = \begin{pmatrix} 0.7 & 0.2 & 0.1 \\ 0.1 & 0.3 & 0.6
# \end{pmatrix}$. The true classes have the probabilities $0.7$ and $0.6$, so the loss is
# $\frac{-\ln 0.7 - \ln 0.6}{2} \approx 0.4338$. The gradient is
# $\begin{pmatrix} -0.7143 & 0 & 0 \\ 0 & 0 & -0.8333 \end{pmatrix}$.
#
# Clip here as well, the loss and the gradient. NumPy can pick one entry from each row:
# `P[[0, 1], [0, 2]]` takes row 0, column 0 and row 1, column 2.


# %%
def ce_sparse(y, P):
    """Cross-entropy with labels: minus the log of the true class's probability, clipped.

    y: (n,) of integers from 0 to k - 1   P: (n, k) of probabilities  ->  a number

    >>> P = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    >>> round(float(ce_sparse(np.array([0, 2]), P)), 4)
    0.4338
    """
    raise NotImplementedError("ce_sparse")


# %%
def d_ce_sparse(y, P):
    """Gradient of ce_sparse by P: -1 / (n P) at the true class, 0 elsewhere; P clipped.

    y: (n,) of integers from 0 to k - 1   P: (n, k) of probabilities  ->  (n, k)

    >>> d_ce_sparse(np.array([1]), np.array([[0.5, 0.25, 0.25]]))
    array([[ 0., -4.,  0.]])
    """
    raise NotImplementedError("d_ce_sparse")


# %% [markdown]
# ## Tasks 13 and 14. `ce_onehot` and `d_ce_onehot`
#
# The same loss, with targets in another form. **One-hot** means a row of $k$ numbers for each
# sample, 1 in the true class's column and 0 elsewhere: the label 2 of 3 classes is $(0, 0, 1)$.
# Then a product picks the right column:
#
# $$ \mathrm{ce}(Y, P) = -\frac{1}{n} \sum_{i,j} Y_{ij} \ln P_{ij},
# \qquad \frac{\partial\,\mathrm{ce}}{\partial P_{ij}} = -\frac{Y_{ij}}{n\,P_{ij}}. $$
#
# **Example.** With $Y = \begin{pmatrix} 1 & 0 & 0 \\ 0 & 0 & 1 \end{pmatrix}$ and $P$ of the last
# example, loss and gradient are those of the last example.
#
# Clip $P$, and mind that $0 \cdot \ln 0$ is `nan` on a computer, not 0. $Y$ and $P$ must have the
# same shape: refuse others. A target may also be spread over several classes, for instance
# $(0.9, 0.1, 0)$; the formula is the same.


# %%
def ce_onehot(Y, P):
    """Cross-entropy with one-hot targets: minus the sum of Y log P over n, P clipped.

    Y: (n, k)   P: (n, k) of probabilities  ->  a number

    Raises ValueError if the shapes differ.

    >>> P = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    >>> round(float(ce_onehot(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), P)), 4)
    0.4338
    """
    raise NotImplementedError("ce_onehot")


# %%
def d_ce_onehot(Y, P):
    """Gradient of ce_onehot by P: -Y / (n P), with P clipped.

    Y: (n, k)   P: (n, k) of probabilities  ->  (n, k)

    Raises ValueError if the shapes differ.

    >>> d_ce_onehot(np.array([[0.5, 0.5]]), np.array([[0.25, 0.5]]))
    array([[-2., -1.]])
    """
    raise NotImplementedError("d_ce_onehot")


# %% [markdown]
# ## Tasks 15 and 16. `ce_from_logits` and `d_ce_from_logits`
#
# A network's last layer gives scores of any size, here called **logits**: `Z (n, k)`. Softmax turns
# a row of them into probabilities, $P_{ij} = e^{Z_{ij}} / \sum_c e^{Z_{ic}}$. Put that into the
# cross-entropy, and the logarithm and the exponential cancel:
#
# $$ \mathrm{ce}(y, Z) = \frac{1}{n} \sum_{i} \Bigl(\ln \sum_c e^{Z_{ic}} - Z_{i, y_i}\Bigr),
# \qquad \frac{\partial\,\mathrm{ce}}{\partial Z_{ij}} = \frac{1}{n}\,
# \bigl(P_{ij} - [\,j = y_i\,]\bigr), $$
#
# where $[\,j = y_i\,]$ is 1 in the true class's column and 0 elsewhere. The gradient is probability
# minus truth: about the simplest formula of this whole course.
#
# **Example.** $y = (0, 2)$, $Z = \begin{pmatrix} 2 & 0 & 0 \\ 0 & 1 & 3 \end{pmatrix}$. Row 0:
# $\ln(e^2 + 1 + 1) - 2 \approx 2.2395 - 2 = 0.2395$. Row 1: $\ln(1 + e + e^3) - 3 \approx
# 0.1698$. The loss is their mean, $0.2047$.
#
# **Large scores.** $e^{1000}$ overflows. But softmax and this loss do not change when the same
# number is subtracted from all the scores of a *row*. Subtract the row's largest one: then every
# exponent is at most 0, and one of them is 0, so the sum lies between 1 and $k$.
#
# Nothing needs clipping here, and nothing may be clipped: for $y = 1$, $Z = (1000, -1000)$ the loss
# is exactly 2000. The way round by softmax and `ce_sparse` would lose that and answer 27.63.


# %%
def ce_from_logits(y, Z):
    """Cross-entropy of the softmax of Z: the log of the row's sum of e^Z, less the true Z.

    y: (n,) of integers from 0 to k - 1   Z: (n, k) of any numbers  ->  a number

    >>> Z = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]])
    >>> round(float(ce_from_logits(np.array([0, 2]), Z)), 4)
    0.2047
    >>> float(ce_from_logits(np.array([1]), np.array([[1000.0, -1000.0]])))
    2000.0
    """
    raise NotImplementedError("ce_from_logits")


# %%
def d_ce_from_logits(y, Z):
    """Gradient of ce_from_logits by Z: (softmax(Z) - one-hot(y)) / n.

    y: (n,) of integers from 0 to k - 1   Z: (n, k) of any numbers  ->  (n, k)

    >>> d_ce_from_logits(np.array([1]), np.array([[0.0, 0.0, 0.0, 0.0]]))
    array([[ 0.25, -0.75,  0.25,  0.25]])
    """
    raise NotImplementedError("d_ce_from_logits")
