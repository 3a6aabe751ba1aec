# %% [markdown] lang="en"
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
# ![Three diagrams over z from -4 to 4. The sigmoid rises from 0 to 1 in an S, the hyperbolic
# tangent from -1 to 1; the slope of each is a hill with its top at 0. Relu is 0 on the left and
# rises evenly on the right; its slope is 0 on the left and 1 on the right.](curves.png)
#
# **Figure.** The three curves (solid) and their slopes (dashed). The two S curves are
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

# %% [markdown] lang="zh"
# # 1. 神经元与激活函数
#
# 人工神经元是一个小小的函数：每个输入乘以一个**权重**，加起来，再加上**偏置**，最后用**激活函数**
# $f$ 把结果弯一下：
#
# $$ z = w_1 x_1 + \dots + w_d x_d + b, \qquad a = f(z). $$
#
# 为什么要弯？没有 $f$，一个神经元就是一条直线；再多这样的神经元接在一起，也还是一条直线。有了
# $f$，线就能弯曲，神经元组成的网络几乎可以逼近任何曲线。网络学习的时候，要不断地问每个神经元：
# “输入动一点点，你的输出往哪边动、动多少？”这就是 $f$ 的**斜率**，也就是导数 $f'$。
# 所以这个练习要写出三条经典的曲线、它们的三个导数，最后写出神经元本身。
#
# ![三幅图，横轴 z 从 -4 到 4。sigmoid 是从 0 升到 1 的 S 形曲线，双曲正切从 -1 升到 1，
# 它们的斜率都像一座小山，最高点在 0。relu 在左边是 0，在右边匀速上升；它的斜率左边是 0，
# 右边是 1。](curves.png)
#
# **图。** 三条曲线（实线）和它们的斜率（虚线）。两条 S 形曲线在 $z = 0$ 处最陡，斜率是 $0.25$ 和
# $1$；离得远了就变平，神经元在那里几乎学不动。relu 的斜率不是 $0$ 就是 $1$，没有中间的值。
#
# **两个词。** $z$ 是激活函数的输入，叫*加权和*；$a = f(z)$ 是它的输出，叫*激活值*。
# 请把这两者分清楚：这个练习的大多数错误，都是把其中一个当成了另一个。
#
# **本课约定。** 数组都是 `float64` 的 NumPy 数组。逐个数计算的函数，输入可以是*任意*形状：一个数、
# 一行数、一张表、几张表叠在一起，甚至一个元素都没有的空数组；返回的数组形状与输入*相同*。
# 函数绝不修改传入的数组。说明里的“`(...) -> (...)`”就是这个意思。请只用 NumPy 和 Python
# 自带的模块；这里不能用 SciPy、PyTorch 和 TensorFlow。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 01_neuron`。卡住的时候，
# `gradeflow hint sigmoid`（或者别的任务名）会给你下一步的提示。


# %% figure="curves"
def draw_curves(fig):
    z = np.linspace(-4, 4, 401)
    panels = fig.subplots(1, 3)
    shown = [
        (sigmoid, d_sigmoid, r"\sigma"),
        (tanh, d_tanh, r"\tanh"),
        (relu, d_relu, r"\mathrm{relu}"),
    ]
    for ax, (f, slope, name) in zip(panels, shown, strict=True):
        left, right = z[z <= 0], z[z > 0]  # apart, because the slope of relu jumps at 0
        ax.plot(z, f(z), "C0", label=f"${name}(z)$")
        ax.plot(left, slope(left), "C1--", label=f"${name}'(z)$")
        ax.plot(right, slope(right), "C1--")
        ax.axhline(0, color="0.8", lw=0.8, zorder=0)
        ax.axvline(0, color="0.8", lw=0.8, zorder=0)
        ax.set(xlabel="$z$", xticks=[-4, -2, 0, 2, 4], ylim=(-1.15, 2.15), yticks=[-1, 0, 1, 2])
        ax.legend(loc="upper left", fontsize=12, borderaxespad=0)


# %%
import numpy as np

# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 1. `sigmoid`
#
# 逻辑曲线把任意的数压进 $(0, 1)$，所以它的输出可以看作概率：
#
# $$ \sigma(z) = \frac{1}{1 + e^{-z}}. $$
#
# **例子。** $\sigma(0) = \frac{1}{1 + 1} = 0.5$。因为 $e^{-2} \approx 0.1353$，所以
# $\sigma(2) \approx \frac{1}{1.1353} \approx 0.8808$，而
# $\sigma(-2) = 1 - \sigma(2) \approx 0.1192$。
#
# **注意最左边。** $z = -1000$ 时，公式里要算 $e^{1000}$，这个数 `float64` 存不下，可是答案显然是
# 0。你的函数在这里要返回 0，而且*不能有警告*。分子分母可以同乘 $e^{z}$，这会有帮助：
#
# $$ \frac{1}{1 + e^{-z}} = \frac{e^{z}}{1 + e^{z}}. $$


# %% task="sigmoid"
def sigmoid(z):
    """sigmoid(z) = 1 / (1 + e^(-z)), between 0 and 1.

    z: (...)  ->  (...)

    >>> sigmoid(np.array([0.0, 2.0]))
    array([0.5       , 0.88079708])
    >>> sigmoid(np.array([[-1000.0, 1000.0]]))
    array([[0., 1.]])
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))  # never above 1, so it cannot overflow
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 2. `tanh`
#
# 双曲正切也是一条 S 形曲线，不过它从 $-1$ 升到 $1$，并且经过原点：
#
# $$ \tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1. $$
#
# 它就是把逻辑曲线拉高一倍、下移 1，再横向压窄*一半*：别忘了括号里面的那个 2。
#
# **例子。** $\tanh(0) = 0$，$\tanh(1) = 2\,\sigma(2) - 1 \approx 2 \cdot 0.8808 - 1 = 0.7616$。
#
# 用什么方法都可以，包括 NumPy 自带的函数。$z = \pm 1000$ 时同样不能出问题。


# %% task="tanh"
def tanh(z):
    """tanh(z) = 2 sigmoid(2z) - 1, between -1 and 1.

    z: (...)  ->  (...)

    >>> tanh(np.array([0.0, 1.0]))
    array([0.        , 0.76159416])
    """
    ### BEGIN SOLUTION
    return np.tanh(z)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 3. `relu`
#
# *修正线性单元*让正数原样通过，其余的都变成 0：
#
# $$ \mathrm{relu}(z) = \max(0, z). $$
#
# 它几乎不花计算量，是最常用的激活函数之一。
#
# **例子。** $z = (-1.5,\ 0,\ 2)$ 时得到 $(0,\ 0,\ 2)$。
#
# 有两点要小心：任何形状都要能算（Python 自带的 `max` 只会比较单个的数）；算完以后，
# 传进来的数组必须和原来一模一样。


# %% task="relu"
def relu(z):
    """relu(z) = z where z is positive, else 0.

    z: (...)  ->  (...)

    >>> relu(np.array([[-1.5, 0.0, 2.0]]))
    array([[0., 0., 2.]])
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0.0)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 4. `d_sigmoid`
#
# 逻辑曲线的导数形式很漂亮。令 $a = \sigma(z)$，则
#
# $$ \sigma'(z) = a\,(1 - a). $$
#
# 本课约定：所有导数函数的参数都是 $z$，即曲线的*输入*。所以要分两步：先由 $z$ 算出 $a$，再算
# $a(1 - a)$。很多书和程序库直接传入 $a$，本课从不这样做。
#
# **例子。** $z = 0$ 时 $a = 0.5$，斜率为 $0.5 \cdot 0.5 = 0.25$，这是曲线最陡的地方。$z = 2$ 时
# $a \approx 0.8808$，斜率为 $0.8808 \cdot 0.1192 \approx 0.1050$。
#
# **怎样自己检验导数。** 向左右各走一小步 $h$，看曲线升高了多少：取 $h = 10^{-5}$，
# $\frac{\sigma(z + h) - \sigma(z - h)}{2h}$ 应该几乎等于你算出的斜率。这叫*中心差分*，
# 检查程序也用它。


# %% task="d_sigmoid"
def d_sigmoid(z):
    """Slope of sigmoid at z (not at a): with a = sigmoid(z), it is a (1 - a).

    z: (...)  ->  (...)

    >>> d_sigmoid(np.array([0.0, 2.0]))
    array([0.25      , 0.10499359])
    """
    ### BEGIN SOLUTION
    a = sigmoid(z)
    return a * (1 - a)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 5. `d_tanh`
#
# 令 $a = \tanh(z)$，则
#
# $$ \tanh'(z) = 1 - a^2. $$
#
# 参数同样是 $z$，不是 $a$。
#
# **例子。** $z = 0$ 时 $a = 0$，斜率为 $1$；$z = 1$ 时 $a \approx 0.7616$，斜率为
# $1 - 0.7616^2 \approx 0.4200$。和 $\sigma'(0) = 0.25$ 比一比：tanh 在中间陡四倍，
# 这是它往往学得更快的原因之一。


# %% task="d_tanh"
def d_tanh(z):
    """Slope of tanh at z (not at a): with a = tanh(z), it is 1 - a^2.

    z: (...)  ->  (...)

    >>> d_tanh(np.array([0.0, 1.0]))
    array([1.        , 0.41997434])
    """
    ### BEGIN SOLUTION
    return 1 - tanh(z) ** 2
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 6. `d_relu`
#
# 在 0 的左边曲线是平的，在 0 的右边它以斜率 1 上升：
#
# $$ \mathrm{relu}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0. \end{cases} $$
#
# 恰好在 $z = 0$ 处曲线有一个尖角，数学上没有导数，但程序总得给一个值。**本课取 0**，PyTorch 和
# TensorFlow 也是这样。
#
# **例子。** $z = (-1.5,\ 0,\ 2)$ 时得到 $(0,\ 0,\ 1)$：是数，不是 `True` 和 `False`。


# %% task="d_relu"
def d_relu(z):
    """Slope of relu at z: 1 where z is positive, else 0; at z = 0 it is 0.

    z: (...)  ->  (...)

    >>> d_relu(np.array([[-1.5, 0.0, 2.0]]))
    array([[0., 0., 1.]])
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 7. `neuron`
#
# 现在来写神经元。它接收输入 $x$、权重 $w$（个数与输入相同）、偏置 $b$，以及激活函数 $f$ *本身*：在
# Python 里，函数可以像其他值一样作为参数传递，写 `f(z)` 就是调用它。
#
# $$ \mathrm{neuron}(x, w, b, f) = f(w \cdot x + b),
# \qquad w \cdot x = w_1 x_1 + \dots + w_d x_d. $$
#
# **例子。** $x = (1, 2)$，$w = (3, -1)$，$b = 0.5$：$z = 3 \cdot 1 + (-1) \cdot 2 + 0.5 = 1.5$。用
# `relu` 时答案是 $1.5$；用 `sigmoid` 时答案是 $\sigma(1.5) \approx 0.8176$。
#
# 你的神经元要适用于*任何*函数 $f$，包括你从没见过的；输入的个数也是任意的。答案是一个数。


# %% task="neuron"
def neuron(x, w, b, f):
    """f(w . x + b): the weighted sum of the inputs plus the bias, bent by f.

    x: (d,)   w: (d,)   b: a number   f: a function of one number  ->  a number

    >>> float(neuron(np.array([1.0, 2.0]), np.array([3.0, -1.0]), 0.5, np.abs))
    1.5
    """
    ### BEGIN SOLUTION
    return f(np.dot(w, x) + b)
    ### END SOLUTION
