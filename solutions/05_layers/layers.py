# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# # 5. 层、logit 与 softmax
#
# 一层就是一排神经元，它们看到的输入是同一组数。网络就是把层叠起来：每一层的输入，
# 是前一层的输出。在这个练习里，你要一次算出整整一层，把层叠成网络，再把最后一层的输出变成**概率**。
#
# 最后一层为每个类别给出一个数，叫做*分数*：分数越大，网络越看好这个类别。分数可以是任意的数，
# 比如 $5$ 和 $-1$。概率却不行：每个都在 0 和 1 之间，加起来等于 1。
# 从分数通往概率的桥，就是 **softmax**。
#
# **一个词，两种意思。** “logit”有两种用法，这里都会遇到：
#
# * 网络的 *logits*，指最后一层的分数，还没有经过 softmax 或 sigmoid；
# * 概率 $p$ 的 *logit*，指满足 $\sigma(z) = p$ 的那个数 $z$，其中
#   $\sigma(z) = \frac{1}{1 + e^{-z}}$ 就是练习 1 的 sigmoid。
#
# 两者其实是一回事：只有一个输出单元时，它的分数就是概率的 logit。
#
# **本课约定。** 每一行是一个样本：`X (n, d_in)`，`W (d_in, d_out)`，`b (d_out,)`，都是
# `float64`。分数是 `Z (n, k)`：每个样本一行，每个类别一列。对数是自然对数。
# 对*传入的*概率取对数之前，先用 `EPS = 1e-12` 截断（任务 6）；分数则从不截断。
# 函数绝不修改传入的数组和列表。请只用 NumPy 和 Python 自带的模块；这里不能用 SciPy、PyTorch 和
# TensorFlow。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 05_layers`。卡住的时候，
# `gradeflow hint layer`（或者别的任务名）会给你下一步的提示。后面的任务可以使用前面任务的函数。

# %%
import numpy as np

EPS = 1e-12

# %% [markdown] lang="en"
# **Given: two activations.** `relu` you know from exercise 1. `linear` does nothing: it is the
# "activation" of a layer that hands out its weighted sums as they are.

# %% [markdown] lang="zh"
# **已经写好：两个激活函数。** `relu` 在练习 1 见过。`linear` 什么也不做：
# 一层如果直接输出加权和，它的“激活函数”就是 `linear`。


# %%
def relu(z):
    """max(0, z), entry by entry.  z: (...)  ->  (...)"""
    return np.maximum(z, 0.0)


def linear(z):
    """z itself.  z: (...)  ->  (...)"""
    return z


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 1. `layer`
#
# $W$ 的第 $j$ 列是第 $j$ 个神经元的权重，$b_j$ 是它的偏置。一次矩阵乘法，
# 就为所有样本算好了所有神经元：
#
# $$ Z = X W + b, \qquad \mathrm{layer}(X, W, b, f) = f(Z). $$
#
# 注意形状：$X$ 是 `(n, d_in)`，$W$ 是 `(d_in, d_out)`，所以 $XW$ 是 `(n, d_out)`：
# 中间相同的大小碰到一起就消掉了。$b$ 是 `(d_out,)`，NumPy 会把它加到每一行上。
#
# **例子。** 一个样本，2 个输入；这一层有 3 个神经元：
#
# $$ X = \begin{pmatrix} 1 & 2 \end{pmatrix},\quad
# W = \begin{pmatrix} 1 & 0 & -1 \\ 2 & 1 & 1 \end{pmatrix},\quad b = (0,\ -3,\ 1). $$
#
# $XW = (1 + 4,\ 0 + 2,\ -1 + 2) = (5, 2, 1)$，所以 $Z = (5, -1, 2)$；用 `relu` 时，这一层输出
# $(5, 0, 2)$。
#
# `X` 可以有任意多行，甚至一行都没有。请把数组 $Z$ 交给 $f$，不要一个数一个数地给：有些函数，
# 比如任务 3 的 softmax，必须看到完整的一行。


# %% task="layer"
def layer(X, W, b, f):
    """f(X W + b): all neurons of a layer, for all samples at once.

    X: (n, d_in)   W: (d_in, d_out)   b: (d_out,)   f: a function of arrays  ->  (n, d_out)

    >>> W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 1.0]])
    >>> layer(np.array([[1.0, 2.0]]), W, np.array([0.0, -3.0, 1.0]), relu)
    array([[5., 0., 2.]])
    """
    ### BEGIN SOLUTION
    return f(X @ W + b)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 2. `forward`
#
# 把层叠起来。`params` 是一个列表，每层一个字典 `{"W": ..., "b": ...}`。（在练习 3 里，每层是一对
# `(W, b)`；字典用名字说明哪个是哪个。）第一层的输入是 `X`，后面每一层的输入是前一层的输出。
# 每一层都用 `relu`，**最后一层除外**：它直接返回加权和。这些加权和就是各个类别的分数，也就是
# logits。
#
# 为什么最后不用 `relu`？它会把所有负的分数变成 0，$-1$ 分和 $-9$ 分就分不清了。为什么这里不用
# softmax？它要到后面才用，而且只在整个网络之后用一次；训练时，直接用分数效果最好。
#
# **例子。** 任务 1 的那一层输出 $(5, 0, 2)$。它后面是最后一层，有 2 个神经元：
#
# $$ W_2 = \begin{pmatrix} 1 & 0 \\ 7 & 7 \\ 0 & -1 \end{pmatrix},\quad b_2 = (0,\ 1). $$
#
# $(5 + 0 + 0,\ 0 + 0 - 2) = (5, -2)$，再加上 $b_2$：logits 是 $(5, -1)$。网络看好第一个类别。
#
# 列表里至少有一层。如果只有一层，它就是最后一层。


# %% task="forward"
def forward(X, params):
    """The logits of a network: relu behind every layer but the last, which has no activation.

    X: (n, d)   params: a list of layers {"W": (d_in, d_out), "b": (d_out,)}
    ->  (n, d_out of the last layer)

    >>> W1, b1 = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 1.0]]), np.array([0.0, -3.0, 1.0])
    >>> W2, b2 = np.array([[1.0, 0.0], [7.0, 7.0], [0.0, -1.0]]), np.array([0.0, 1.0])
    >>> forward(np.array([[1.0, 2.0]]), [{"W": W1, "b": b1}, {"W": W2, "b": b2}])
    array([[ 5., -1.]])
    """
    ### BEGIN SOLUTION
    A = X
    for hidden in params[:-1]:
        A = layer(A, hidden["W"], hidden["b"], relu)
    return layer(A, params[-1]["W"], params[-1]["b"], linear)
    ### END SOLUTION


# %% [markdown] lang="en"
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
# ![Three bar charts of the same three scores 2, 1, 0. At T = 0.5 the shares are 0.867, 0.117 and
# 0.016, at T = 1 they are 0.665, 0.245 and 0.090, at T = 3 they are 0.448, 0.321 and
# 0.230.](temperature.png)
#
# **Figure.** $\mathrm{softmax}(z / T)$ of the scores of the example, at three
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

# %% [markdown] lang="zh"
# ## 任务 3. `softmax`
#
# 从一个样本的分数 $z_1, \dots, z_k$ 得到 $k$ 个概率：$e^{z}$ 把每个分数变成正数，再除以它们的和，
# 加起来就等于 1。
#
# $$ s_i = \frac{e^{z_i}}{e^{z_1} + \dots + e^{z_k}}. $$
#
# **例子。** $z = (2, 1, 0)$：$e^2 \approx 7.389$，$e^1 \approx 2.718$，$e^0 = 1$，和约为
# $11.107$，所以 $s \approx (0.665,\ 0.245,\ 0.090)$。分数最大的概率也最大，但其他的也分到一份：
# 这就是“软”的最大值。软到什么程度，由 $\mathrm{softmax}(z / T)$ 里的*温度* $T$ 决定：温度高
# （$T > 1$），各份就接近；温度低（$T < 1$），各份就拉开。
#
# ![同样的三个分数 2、1、0 的三幅柱形图。T = 0.5 时三份是 0.867、0.117 和 0.016，
# T = 1 时是 0.665、0.245 和 0.090，T = 3 时是 0.448、0.321 和 0.230。](temperature.png)
#
# **图。** 例子里的分数在三个温度下的 $\mathrm{softmax}(z / T)$。大小次序从不改变，
# 三根柱子加起来总是 1（舍入误差除外）。
#
# **每行一个和。** 表 `Z (n, k)` 的每一行是一个样本，*每一行*加起来都应该等于 1。求和沿着 `axis`
# 这个轴进行，调用者不指定时就是最后一个轴。`np.sum(E, axis=axis)` 会丢掉这个轴：`(n, k)` 变成
# `(n,)`。让 `(n, k)` 除以它，NumPy 会报错；而当 $n = k$ 时，它会*一声不响地除错方向*。加上
# `keepdims=True`，和就保持为一列 `(n, 1)`，每一行除以自己的和。
#
# **注意很大的分数。** $e^{1000}$ 超出了 `float64` 的范围。不过，起作用的只是分数之间的差：
#
# $$ \frac{e^{z_i - c}}{\sum_j e^{z_j - c}} = \frac{e^{-c}\, e^{z_i}}{e^{-c} \sum_j e^{z_j}} = s_i
# \quad \text{对任意的 } c \text{ 成立。} $$
#
# 取*同一行*里最大的分数作为 $c$：这样每个指数都不超过 0，而且有一个等于 0，所以和至少是 1。
# 分数为 $\pm 1000$ 时，你的函数不能有警告。
#
# `Z` 可以是单独的一行 `(k,)`，可以是一张表，也可以是几张表叠在一起。结果的形状与 `Z` 相同。


# %% figure="temperature"
def draw_temperature(fig):
    fig.set_size_inches(8, 2.9)
    scores = np.array([2.0, 1.0, 0.0])
    for ax, T in zip(fig.subplots(1, 3, sharey=True), [0.5, 1.0, 3.0], strict=True):
        bars = ax.bar([1, 2, 3], softmax(scores / T), width=0.6, color=["C0", "C5", "0.75"])
        ax.bar_label(bars, fmt="%.3f", padding=2)
        ax.set(title=f"$T = {T:g}$", xticks=[1, 2, 3], ylim=(0, 1), yticks=[0, 0.5, 1])
        ax.set_xticks([1, 2, 3], ["$z_1 = 2$", "$z_2 = 1$", "$z_3 = 0$"], fontsize=12)


# %% task="softmax"
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
    ### BEGIN SOLUTION
    E = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
    return E / np.sum(E, axis=axis, keepdims=True)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 4. `log_softmax`
#
# 损失函数要用到这些概率的*对数*。为什么不直接写 `np.log(softmax(Z))`？当 $z = (0, -1000)$ 时，
# 第二个概率太小，`float64` 只能存成 0，而 $\ln 0 = -\infty$；可是正确答案 $-1000$
# 只是一个普通的数。所以先在纸上化简，再计算：
#
# $$ \ln s_i = \ln \frac{e^{z_i}}{\sum_j e^{z_j}} = z_i - \ln \sum_j e^{z_j}. $$
#
# 里面的和仍然可能溢出，办法也一样：先把分数减去所在行的最大值，结果不变。
#
# **例子。** $z = (2, 1, 0)$：和约为 $11.107$，$\ln 11.107 \approx 2.408$，所以结果约为
# $(-0.408,\ -1.408,\ -2.408)$。它永远不会大于 0。


# %% task="log_softmax"
def log_softmax(Z, axis=-1):
    """ln softmax(Z) = z - ln(sum of e^z), safe where the softmax itself is too small to hold.

    Z: (...), for instance (n, k) or (k,)   axis: the axis of the sums  ->  (...), as Z

    >>> log_softmax(np.array([[0.0, -1000.0], [2.0, 2.0]]))
    array([[ 0.00000000e+00, -1.00000000e+03],
           [-6.93147181e-01, -6.93147181e-01]])
    """
    ### BEGIN SOLUTION
    shifted = Z - np.max(Z, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 5. `softmax_jacobian`
#
# 一个分数动一点点，各个概率怎么动？sigmoid 只有一个输入、一个输出，所以只有一个斜率。softmax 有
# $k$ 个分数和 $k$ 个概率，而且*每个*分数都会影响*每个*概率，因为各份加起来必须还是 1。
# 所有这些斜率排成一张表，叫**雅可比矩阵**：第 $i$ 行第 $j$ 列表示 $s_i$ 随 $z_j$ 怎样变化。
#
# $$ J_{ij} = \frac{\partial s_i}{\partial z_j} =
# \begin{cases} s_i (1 - s_i) & i = j \\ -s_i s_j & i \ne j, \end{cases}
# \qquad J = \mathrm{diag}(s) - s\, s^{\mathsf T}. $$
#
# $\mathrm{diag}(s)$ 的对角线上是 $s$，别处是 0；$s\, s^{\mathsf T}$ 是由所有乘积 $s_i s_j$
# 组成的表。对角线上的 $s(1 - s)$ 在 sigmoid 那里见过，但这还不是全部：一个类别多得的，
# 正是其他类别失去的。
#
# **例子。** $z = (0, \ln 3)$：$s = (0.25, 0.75)$，对角线上两个都是 $0.25 \cdot 0.75 = 0.1875$，
# 对角线外两个都是 $-0.25 \cdot 0.75 = -0.1875$。每一行、每一列加起来都是 0。
#
# 这里的分数属于一个样本，形状是 `z (k,)`。


# %% task="softmax_jacobian"
def softmax_jacobian(z):
    """diag(s) - s s^T with s = softmax(z): row i, column j is the slope of s_i in z_j.

    z: (k,), the scores of one sample  ->  (k, k)

    >>> softmax_jacobian(np.array([0.0, np.log(3)]))
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])
    """
    ### BEGIN SOLUTION
    s = softmax(z)
    return np.diag(s) - np.outer(s, s)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 6. `logit`
#
# 现在来看这个词的另一种意思。概率为 $p$ 的事，**几率**（发生与不发生之比）是
# $\frac{p}{1 - p}$：$p = 0.8$ 时是 $0.8 : 0.2$，即四比一。logit 就是几率的自然对数：
#
# $$ \mathrm{logit}(p) = \ln \frac{p}{1 - p}. $$
#
# 它是 sigmoid 的*反函数*：$\sigma(\mathrm{logit}(p)) = p$。
#
# **例子。** $\mathrm{logit}(0.5) = \ln 1 = 0$，$\mathrm{logit}(0.8) = \ln 4 \approx 1.386$，
# $\mathrm{logit}(0.2) = \ln \frac{1}{4} \approx -1.386$：可能性各半时是 0，曲线关于这一点对称。
#
# **绝对确定时没有有限的 logit。** $p = 0$ 和 $p = 1$ 时它应该是 $-\infty$ 和 $\infty$。所以先把
# $p$ 截断到 `EPS` 与 `1 - EPS` 之间。这样两端大约得到 $\mp 27.63$，而且没有警告。
# 输入可以是任意形状，输出的形状与输入相同。


# %% task="logit"
def logit(p):
    """ln(p / (1 - p)), the inverse of the sigmoid; p is first clipped to [EPS, 1 - EPS].

    p: (...), probabilities  ->  (...)

    >>> logit(np.array([0.2, 0.5, 0.8]))
    array([-1.38629436,  0.        ,  1.38629436])
    """
    ### BEGIN SOLUTION
    p = np.clip(p, EPS, 1 - EPS)
    return np.log(p / (1 - p))
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 7. `probabilities`
#
# 把网络的 logits `Z (n, k)` 变成概率，有两种情况：
#
# * **多个输出单元**（$k \ge 2$）：每个类别一个，各类别分享概率。逐行用 softmax。
# * **一个输出单元**（$k = 1$）：回答“是”或“否”，这一个数是“是”的概率。用 *sigmoid*。softmax
#   在这里毫无用处：只有一个时，它的份额永远是 $\frac{e^z}{e^z} = 1$，不管网络算出了什么。
#
# sigmoid 其实就是换了样子的 softmax：两个分数，“否”是 $0$，“是”是 $z$：
#
# $$ \frac{e^{z}}{e^{0} + e^{z}} = \frac{1}{e^{-z} + 1} = \sigma(z). $$
#
# 所以可以用你那个安全的 softmax 拼出一个安全的 sigmoid，也可以像练习 1 那样写一个。
#
# **例子。** $Z$ 的两行是 $(0)$ 和 $(\ln 4)$ 时，得到 $(0.5)$ 和 $(0.8)$：可见网络的 logit
# 正是概率的 logit。一行 $(0, \ln 3)$ 得到 $(0.25, 0.75)$。


# %% task="probabilities"
def probabilities(Z):
    """Probabilities from logits: sigmoid for one output unit, softmax by rows for several.

    Z: (n, k)  ->  (n, k)

    >>> probabilities(np.array([[0.0], [np.log(4)]]))
    array([[0.5],
           [0.8]])
    >>> probabilities(np.array([[0.0, np.log(3)]]))
    array([[0.25, 0.75]])
    """
    ### BEGIN SOLUTION
    if Z.shape[1] > 1:
        return softmax(Z)
    return softmax(np.hstack([np.zeros_like(Z), Z]))[:, 1:]
    ### END SOLUTION


# %% [markdown] lang="en"
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
# ![Two circles on the left, three in the middle, two on the right; strokes join each circle to
# every circle of the next column. Under the first strokes stands W1: (2, 3), b1: (3,), under the
# second W2: (3, 2), b2: (2,).](sizes.png)
#
# **Figure.** The network `[2, 3, 2]`. Each stroke is a weight, each coloured circle has
# a bias; the grey circles are the inputs, and have none. Count: $6 + 3$ and $6 + 2$.

# %% [markdown] lang="zh"
# ## 任务 8. `param_count`
#
# 一个网络要学多少个数？网络用每层的单元个数来描述，从输入开始：`[2, 3, 2]` 表示 2 个输入、3
# 个隐藏单元、2 个输出。输入就是数据。人们常把它叫做“输入层”，但这一层什么也不计算，
# *既没有权重，也没有偏置*。所以 3 层单元只有 2 个权重矩阵：相邻两层之间一个。从有
# $d_{\mathrm{in}}$ 个单元的层到有 $d_{\mathrm{out}}$ 个单元的层，有
#
# $$ d_{\mathrm{in}} \cdot d_{\mathrm{out}} \text{ 个权重和 } d_{\mathrm{out}} \text{ 个偏置。} $$
#
# **例子。** `[2, 3, 2]`，即任务 2 的网络：$2 \cdot 3 + 3 = 9$，$3 \cdot 2 + 2 = 8$，一共 17
# 个。本课最后识别手写数字的网络 `[784, 128, 64, 10]` 有 $100480 + 8256 + 650 = 109386$ 个。
# 只有输入的 `[5]`，没有什么可学的：0 个。
#
# ![左边两个圆，中间三个圆，右边两个圆；每个圆与下一列的每个圆用线段相连。第一组线段下面写着
# W1: (2, 3)、b1: (3,)，第二组下面写着 W2: (3, 2)、b2: (2,)。](sizes.png)
#
# **图。** 网络 `[2, 3, 2]`。每条线段是一个权重，每个彩色的圆有一个偏置；灰色的圆是输入，没有偏置。
# 数一数：$6 + 3$ 和 $6 + 2$。


# %% figure="sizes"
def draw_sizes(fig):
    fig.set_size_inches(6.4, 3.2)
    ax = fig.subplots()
    columns = [[(x, y - (n - 1) / 2) for y in range(n)] for x, n in [(0, 2), (1.3, 3), (2.6, 2)]]
    for before, after in (columns[:2], columns[1:]):
        for start in before:
            for end in after:
                ax.plot(*zip(start, end, strict=True), color="0.65", lw=1.2, zorder=1)
    for column, colour in zip(columns, ["0.85", "C5", "C0"], strict=True):
        ax.scatter(*zip(*column, strict=True), s=620, color=colour, edgecolor="0.2", zorder=2)
    for x, size in [(0, "2"), (1.3, "3"), (2.6, "2")]:
        ax.text(x, 1.6, f"${size}$", ha="center", fontsize=14)
    for x, text in [(0.65, "$W_1: (2, 3)$\n$b_1: (3{,})$"), (1.95, "$W_2: (3, 2)$\n$b_2: (2{,})$")]:
        ax.text(x, -1.95, text, ha="center", fontsize=13, linespacing=1.5)
    ax.set(xlim=(-0.4, 3), ylim=(-2.05, 1.95))
    ax.axis("off")


# %% task="param_count"
def param_count(sizes):
    """How many weights and biases a network with these layers of units has.

    sizes: a list, the number of inputs first, then of the units of each layer  ->  an integer

    >>> param_count([2, 3, 2])
    17
    """
    ### BEGIN SOLUTION
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i] + sizes[i]
    return total
    ### END SOLUTION
