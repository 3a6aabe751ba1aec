# %% [markdown]
# # 1. A neuron and its activations
#
# An artificial neuron is a small function. It multiplies each input by a **weight**, adds the
# products and a **bias**, and bends the sum by an **activation function** $f$:
#
# $$ z = w_1 x_1 + \dots + w_d x_d + b, \qquad a = f(z). $$
#
# Why bend it at all? Without $f$, a neuron is a straight line, and neurons that feed into one
# another still make nothing but a straight line. With $f$ the line bends, and a network of such
# neurons can follow almost any curve. A network learns by asking each neuron "which way does your
# output move if your input moves a little?", and that is the **slope** of $f$, its derivative
# $f'$. So you write three classic curves, their three slopes, and then the neuron itself.
#
# **Figure (curves.png).** The three curves (solid) and their slopes (dashed). The two S curves are
# steepest at $z = 0$, with the slopes $0.25$ and $1$; far out they are flat, and a neuron there
# hardly learns. The slope of relu is $0$ or $1$, and nothing in between.
#
# **Words.** $z$ is what goes into an activation function, the *weighted sum*. $a = f(z)$ is what
# comes out, the *activation*. Keep the two apart: most mistakes in this exercise come from taking
# one for the other.
#
# **Conventions of the course.** Arrays are NumPy arrays of `float64`. A function that is applied
# to each number separately takes an array of *any* shape and returns an array of the *same* shape:
# one number, a row, a table, a stack of tables, even an array with no entries at all. It never
# changes the array that it was given. "`(...) -> (...)`" in a description means just this. Use
# NumPy and what comes with Python itself; SciPy, PyTorch and TensorFlow are not allowed here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 01_neuron`. If you are stuck, `gradeflow hint sigmoid` (or any other task) helps
# you one step further.
#
# **Limits.** When your work is checked, one call of a function may compute for 2 s and the
# whole file for 20 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import numpy as np

# %% [markdown]
# ## Task 1. `sigmoid`
#
# The logistic curve squeezes any number into $(0, 1)$, so its output can be read as a probability:
#
# $$ \sigma(z) = \frac{1}{1 + e^{-z}}. $$
#
# **Example.** $\sigma(0) = \frac{1}{1 + 1} = 0.5$. With $e^{-2} \approx 0.1353$,
# $\sigma(2) \approx \frac{1}{1.1353} \approx 0.8808$, and
# $\sigma(-2) = 1 - \sigma(2) \approx 0.1192$.
#
# **Mind the far left.** For $z = -1000$ the formula asks for $e^{1000}$. No `float64` can hold that
# number, although the answer is plainly 0. Your function must return 0 there *without a warning*.
# It helps that numerator and denominator may both be multiplied by $e^{z}$:
#
# $$ \frac{1}{1 + e^{-z}} = \frac{e^{z}}{1 + e^{z}}. $$


# %%
def sigmoid(z):
    """sigmoid(z) = 1 / (1 + e^(-z)), between 0 and 1.

    z: (...)  ->  (...)

    >>> sigmoid(np.array([0.0, 2.0]))
    array([0.5       , 0.88079708])
    >>> sigmoid(np.array([[-1000.0, 1000.0]]))
    array([[0., 1.]])
    """
    raise NotImplementedError("sigmoid")


# %% [markdown]
# ## Task 2. `tanh`
#
# The hyperbolic tangent has the same S shape, but runs from $-1$ to $1$ through the origin:
#
# $$ \tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1. $$
#
# It is the logistic curve, stretched to twice the height, moved down by 1, and *squeezed to half
# the width*: mind the 2 inside the brackets.
#
# **Example.** $\tanh(0) = 0$ and $\tanh(1) = 2\,\sigma(2) - 1 \approx 2 \cdot 0.8808 - 1 = 0.7616$.
#
# Use any way you like, NumPy's own function included. It must be safe for $z = \pm 1000$ as well.


# %%
def tanh(z):
    """tanh(z) = 2 sigmoid(2z) - 1, between -1 and 1.

    z: (...)  ->  (...)

    >>> tanh(np.array([0.0, 1.0]))
    array([0.        , 0.76159416])
    """
    raise NotImplementedError("tanh")


# %% [markdown]
# ## Task 3. `relu`
#
# The *rectified linear unit* lets what is positive through, and turns the rest into 0:
#
# $$ \mathrm{relu}(z) = \max(0, z). $$
#
# It costs next to nothing to compute, and is one of the most used activation functions.
#
# **Example.** For $z = (-1.5,\ 0,\ 2)$ it gives $(0,\ 0,\ 2)$.
#
# Two things are worth care. It must work for every shape (Python's own `max` only compares single
# numbers), and the array that was passed in must still be the same afterwards.


# %%
def relu(z):
    """relu(z) = z where z is positive, else 0.

    z: (...)  ->  (...)

    >>> relu(np.array([[-1.5, 0.0, 2.0]]))
    array([[0., 0., 2.]])
    """
    raise NotImplementedError("relu")


# %% [markdown]
# ## Task 4. `d_sigmoid`
#
# The slope of the logistic curve has a pretty form. With $a = \sigma(z)$,
#
# $$ \sigma'(z) = a\,(1 - a). $$
#
# In this course every slope takes $z$, the *input* of the curve. So there are two steps: first $a$
# from $z$, then $a(1 - a)$. Books and libraries often hand over $a$ at once; this course never
# does.
#
# **Example.** At $z = 0$: $a = 0.5$, slope $0.5 \cdot 0.5 = 0.25$, the steepest place of the curve.
# At $z = 2$: $a \approx 0.8808$, slope $0.8808 \cdot 0.1192 \approx 0.1050$.
#
# **How to test a slope yourself.** Go a tiny step $h$ to each side and see how much the curve
# rises: $\frac{\sigma(z + h) - \sigma(z - h)}{2h}$ with $h = 10^{-5}$ must be almost the same
# number. This is called a *central difference*, and the checks use it too.


# %%
def d_sigmoid(z):
    """Slope of sigmoid at z (not at a): with a = sigmoid(z), it is a (1 - a).

    z: (...)  ->  (...)

    >>> d_sigmoid(np.array([0.0, 2.0]))
    array([0.25      , 0.10499359])
    """
    raise NotImplementedError("d_sigmoid")


# %% [markdown]
# ## Task 5. `d_tanh`
#
# With $a = \tanh(z)$,
#
# $$ \tanh'(z) = 1 - a^2. $$
#
# Again the argument is $z$, not $a$.
#
# **Example.** At $z = 0$: $a = 0$, slope $1$. At $z = 1$: $a \approx 0.7616$, slope
# $1 - 0.7616^2 \approx 0.4200$. Compare with $\sigma'(0) = 0.25$: tanh is four times as steep in
# the middle, one reason why it often learns faster.


# %%
def d_tanh(z):
    """Slope of tanh at z (not at a): with a = tanh(z), it is 1 - a^2.

    z: (...)  ->  (...)

    >>> d_tanh(np.array([0.0, 1.0]))
    array([1.        , 0.41997434])
    """
    raise NotImplementedError("d_tanh")


# %% [markdown]
# ## Task 6. `d_relu`
#
# Left of 0 the curve is flat, right of 0 it rises one for one:
#
# $$ \mathrm{relu}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0. \end{cases} $$
#
# At $z = 0$ itself the curve has a corner, and mathematics gives no slope. A program needs one all
# the same. **This course takes 0**, as PyTorch and TensorFlow do.
#
# **Example.** For $z = (-1.5,\ 0,\ 2)$ it gives $(0,\ 0,\ 1)$: numbers, not `True` and `False`.


# %%
def d_relu(z):
    """Slope of relu at z: 1 where z is positive, else 0; at z = 0 it is 0.

    z: (...)  ->  (...)

    >>> d_relu(np.array([[-1.5, 0.0, 2.0]]))
    array([[0., 0., 1.]])
    """
    raise NotImplementedError("d_relu")


# %% [markdown]
# ## Task 7. `neuron`
#
# Now the neuron. It gets inputs $x$, weights $w$ (as many as inputs), a bias $b$, and the
# activation function $f$ *itself*: in Python a function can be passed like any other value, and
# `f(z)` calls it.
#
# $$ \mathrm{neuron}(x, w, b, f) = f(w \cdot x + b),
# \qquad w \cdot x = w_1 x_1 + \dots + w_d x_d. $$
#
# **Example.** $x = (1, 2)$, $w = (3, -1)$, $b = 0.5$:
# $z = 3 \cdot 1 + (-1) \cdot 2 + 0.5 = 1.5$. With `relu` the answer is $1.5$; with `sigmoid` it is
# $\sigma(1.5) \approx 0.8176$.
#
# Your neuron must work with *any* function $f$, also with one that you have never seen, and with
# any number of inputs. The answer is a single number.


# %%
def neuron(x, w, b, f):
    """f(w . x + b): the weighted sum of the inputs plus the bias, bent by f.

    x: (d,)   w: (d,)   b: a number   f: a function of one number  ->  a number

    >>> float(neuron(np.array([1.0, 2.0]), np.array([3.0, -1.0]), 0.5, np.abs))
    1.5
    """
    raise NotImplementedError("neuron")
