# %% [markdown] lang="en"
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
# ![Left, over the error e from -3 to 3: a V with its corner at 0, and two parabolas, one twice as
# steep as the other. Right, over the probability p from 0 to 1: a curve that falls from very high
# near 0 to 0 at p = 1, with the points 2.30 at p = 0.1 and 0.22 at p = 0.8.](families.png)
#
# **Figure.** The loss of a single number. Left: `l1` grows evenly with the error,
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

# %% [markdown] lang="zh"
# # 6. 损失函数
#
# 网络会做预测。要想做得更好，它得知道自己错了多少，而且要用*一个数*来表示：这就是**损失**。
# 学习就是改变权重，让这个数变小。为此还要问：“这个预测值升高一点点，损失会升高多少？”
# 这就是损失的**梯度**，整个训练都从它开始。所以这个练习里，每个损失都有它的梯度作伴。
#
# 损失有两大类。答案是一个*数*（价格、温度）时，损失衡量距离：`l1`、`l2`、`mse`、`rmse`。
# 答案是一个*类别*（猫还是狗）时，网络给出概率，损失表示它对真相有多“吃惊”，
# 也就是它给正确答案的概率的对数取负（$-\ln$）：`bce`、`ce_sparse`、`ce_onehot`、`ce_from_logits`。
#
# ![左图的横轴是误差 e，从 -3 到 3：一条尖角在 0 的 V 形线，两条抛物线，一条比另一条陡一倍。
# 右图的横轴是概率 p，从 0 到 1：曲线在 0 附近非常高，一直降到 p = 1 处的 0，
# p = 0.1 处标着 2.30，p = 0.8 处标着 0.22。](families.png)
#
# **图。** 一个数的损失。左：`l1` 随误差均匀增长；`l2`（实线）和 `mse`（虚线）是平方，
# 增长得越来越快，在 0 处则是平的。右：对真相的吃惊程度。给真相的概率是 $0.8$，损失是 $0.22$；
# 概率是 $0.1$，损失就大约是它的十倍；越靠近 $p = 0$，损失越大，没有尽头。
#
# **几个词。** $y$ 是*目标*，即正确答案；$p$ 是*预测*；*误差*是 $e = p - y$，按这个次序相减。L1、L2
# *损失*针对误差；L1、L2 *正则化*针对权重，那是后面的内容。
#
# **本课约定。** 第一个参数总是目标，第二个总是预测。每一行是一个样本：`(n,)` 表示 $n$
# 个样本各有一个数，`(n, k)` 表示每个样本有 $k$ 个数。一个样本的损失是它的 $k$ 个数*求和*；
# 一批样本的损失是 $n$ 个样本*取平均*。简单说：全部加起来，**除以 $n$**，即行数，
# 不再除以别的。这样，把每个样本重复一遍，损失不变。（所以 `np.mean` 对 `(n,)` 是对的，对 `(n, k)`
# 却会除以 $n k$。）
#
# 梯度的形状与*预测*相同：每个元素一个斜率。$\ln$ 是自然对数，即 NumPy 的 `np.log`。数组是 `float64`
# （类别标签是整数），至少有一个样本，函数绝不修改传入的数组。请只用 NumPy 和 Python 自带的模块；
# 这里不能用 SciPy、scikit-learn、PyTorch 和 TensorFlow。
#
# **一个陷阱，一件工具。** 形状为 `(n,)` 的目标和形状为 `(n, 1)` 的预测看上去差不多，可是 NumPy
# 会把它们当成一行和一列来相减，得到一张 `(n, n)` 的*表*：每个预测减每个目标。
# 这样算出来的损失也是一个数，却毫无意义，而且不会有任何警告。所以凡是两个数组形状必须相同的地方，
# 你的函数都要用 `ValueError` 拒绝别的形状。下面的 `same_shape` 就做这件事：它已经写好了，
# 你只需要调用它。`EPS` 从任务 9 开始用到。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 06_losses`。卡住的时候，
# `gradeflow hint l1`（或者别的任务名）会给你下一步的提示。后面的任务可以使用前面任务的函数。


# %% figure="families"
def draw_families(fig):
    left, right = fig.subplots(1, 2)
    e = np.linspace(-3, 3, 301)
    left.plot(e, abs(e), "C1")
    left.plot(e, e**2 / 2, "C0")
    left.plot(e, e**2, "C0--")
    left.text(2.75, 2.2, "$|e|$", color="C1", fontsize=14)
    left.text(-2.22, 4.1, r"$\frac{1}{2} e^2$", color="C0", fontsize=15, ha="right")
    left.text(-1.85, 4.1, "$e^2$", color="C0", fontsize=14)
    left.set(xlabel="$e = p - y$", ylim=(0, 4.6), xticks=range(-3, 4), yticks=range(5))
    p = np.linspace(0.003, 1, 400)
    right.plot(p, -np.log(p), "C2")
    right.text(0.06, 4.1, r"$-\ln p$", color="C2", fontsize=14)
    for at in (0.8, 0.1):
        right.plot([at], [-np.log(at)], "o", color="C2")
        right.text(at + 0.03, -np.log(at) + 0.12, f"${-np.log(at):.2f}$", fontsize=13)
    right.set(xlabel="$p$", xlim=(-0.03, 1.05), ylim=(0, 4.6), yticks=range(5))
    right.set_xticks([0, 0.1, 0.5, 0.8, 1], ["0", "0.1", "0.5", "0.8", "1"])


# %%
import numpy as np

EPS = 1e-12


def same_shape(y, p):
    """Raise a ValueError unless both arrays have the same shape."""
    if np.shape(y) != np.shape(p):
        raise ValueError(f"the shapes {np.shape(y)} and {np.shape(p)} differ")


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 1 和 2. `l1` 与 `d_l1`
#
# 最朴素的损失：不管偏向哪边，预测偏离了多远？
#
# $$ \mathrm{l1}(y, p) = \frac{1}{n} \sum_{i,j} |p_{ij} - y_{ij}|,
# \qquad \frac{\partial\,\mathrm{l1}}{\partial p_{ij}}
# = \frac{1}{n}\,\mathrm{sign}(p_{ij} - y_{ij}). $$
#
# 误差为正时符号是 $1$，为负时是 $-1$。误差恰好为 0 时曲线有一个尖角，本课在这里取 0。
#
# **例子。** 目标 $y = (1, 2, 3, 4)$，预测 $p = (1.5,\ 2,\ 2,\ 7)$。误差是
# $(0.5,\ 0,\ -1,\ 3)$，所以损失是 $\frac{0.5 + 0 + 1 + 3}{4} = 1.125$，梯度是
# $(0.25,\ 0,\ -0.25,\ 0.25)$。
#
# 每个样本有两个数时：三个样本的误差
# $\begin{pmatrix} 0 & 1 \\ 0 & 0 \\ -2 & 0 \end{pmatrix}$ 的损失是
# $\frac{1 + 2}{3} = 1$。除以 3，不是除以 6。


# %% task="l1"
def l1(y, p):
    """Sum of |p - y|, divided by the number of samples.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(l1(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0])))
    1.125
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    return np.sum(np.abs(p - y)) / len(y)
    ### END SOLUTION


# %% task="d_l1"
def d_l1(y, p):
    """Gradient of l1 by p: sign(p - y) / n, and 0 where the error is 0.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_l1(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0]))
    array([ 0.25,  0.  , -0.25,  0.25])
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    return np.sign(p - y) / len(y)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 3 和 4. `l2` 与 `d_l2`
#
# 换成误差的平方，再取一半：
#
# $$ \mathrm{l2}(y, p) = \frac{1}{n} \sum_{i,j} \tfrac12\,(p_{ij} - y_{ij})^2,
# \qquad \frac{\partial\,\mathrm{l2}}{\partial p_{ij}} = \frac{1}{n}\,(p_{ij} - y_{ij}). $$
#
# L2 损失在书里有时带 $\tfrac12$，有时不带。**本课带上它**：$\tfrac12 e^2$ 的斜率正好就是
# $e$。（下一对 `mse` 是不带的那种。）
#
# **例子。** $y$ 和 $p$ 同上，误差是 $(0.5,\ 0,\ -1,\ 3)$：损失是
# $\frac{0.25 + 0 + 1 + 9}{2 \cdot 4} = 1.28125$，梯度是 $(0.125,\ 0,\ -0.25,\ 0.75)$。
#
# 看看最后那个样本，它是一个**离群点**：在 L1 损失的 $4.5$ 份里它占 $3$ 份，在 L2 损失的
# $10.25$ 份里它占了 $9$ 份。平方使大的误差重要得多，它的梯度也最大；
# 而 L1 对每个样本用同样大的力去拉。


# %% task="l2"
def l2(y, p):
    """Sum of half the squared errors, divided by the number of samples.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(l2(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0])))
    1.28125
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    return np.sum((p - y) ** 2) / (2 * len(y))
    ### END SOLUTION


# %% task="d_l2"
def d_l2(y, p):
    """Gradient of l2 by p: the error over n.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_l2(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0]))
    array([ 0.125,  0.   , -0.25 ,  0.75 ])
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    return (p - y) / len(y)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Tasks 5 and 6. `mse` and `d_mse`
#
# The **mean squared error** is the same without the half, so its slope has a 2:
#
# $$ \mathrm{mse}(y, p) = \frac{1}{n} \sum_{i,j} (p_{ij} - y_{ij})^2,
# \qquad \frac{\partial\,\mathrm{mse}}{\partial p_{ij}} = \frac{2}{n}\,(p_{ij} - y_{ij}). $$
#
# **Example.** The errors $(0.5,\ 0,\ -1,\ 3)$ give the loss $\frac{10.25}{4} = 2.5625$ and the
# gradient $(0.25,\ 0,\ -0.5,\ 1.5)$.

# %% [markdown] lang="zh"
# ## 任务 5 和 6. `mse` 与 `d_mse`
#
# **均方误差**（mean squared error）与 L2 相同，只是不取一半，所以斜率里有个 2：
#
# $$ \mathrm{mse}(y, p) = \frac{1}{n} \sum_{i,j} (p_{ij} - y_{ij})^2,
# \qquad \frac{\partial\,\mathrm{mse}}{\partial p_{ij}} = \frac{2}{n}\,(p_{ij} - y_{ij}). $$
#
# **例子。** 误差 $(0.5,\ 0,\ -1,\ 3)$ 的损失是 $\frac{10.25}{4} = 2.5625$，梯度是
# $(0.25,\ 0,\ -0.5,\ 1.5)$。


# %% task="mse"
def mse(y, p):
    """Sum of the squared errors, divided by the number of samples.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(mse(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0])))
    2.5625
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    return np.sum((p - y) ** 2) / len(y)
    ### END SOLUTION


# %% task="d_mse"
def d_mse(y, p):
    """Gradient of mse by p: twice the error, over n.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_mse(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.0, 2.0, 7.0]))
    array([ 0.25,  0.  , -0.5 ,  1.5 ])
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    return 2 * (p - y) / len(y)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 7 和 8. `rmse` 与 `d_rmse`
#
# 如果目标的单位是米，`mse` 的单位就是平方米。开方之后又回到米，可以理解成“预测大约偏离这么多”：
#
# $$ \mathrm{rmse}(y, p) = \sqrt{\mathrm{mse}(y, p)},
# \qquad \frac{\partial\,\mathrm{rmse}}{\partial p_{ij}}
# = \frac{p_{ij} - y_{ij}}{n \cdot \mathrm{rmse}(y, p)}. $$
#
# **它不是标准差。** 标准差要先减去平均误差，衡量误差*围绕平均值*散得多开；RMSE 衡量误差*离 0*
# 有多远。如果每个预测都恰好偏高 2，那么 $\mathrm{rmse} = 2$，而误差的标准差是 0。
#
# **例子。** 误差 $(0.5,\ 0,\ -1,\ 3)$ 得到 $\sqrt{2.5625} \approx 1.6008$，梯度的第一个元素是
# $\frac{0.5}{4 \cdot 1.6008} \approx 0.0781$。
#
# 如果所有预测都完全正确，梯度公式会变成 $0/0$。曲线在这里和 `l1` 一样有一个尖角，
# 本课规定每个元素都取 0，而且*不能有警告*。


# %% task="rmse"
def rmse(y, p):
    """Square root of mse.

    y: (n,) or (n, k)   p: the same shape  ->  a number

    Raises ValueError if the shapes differ.

    >>> float(rmse(np.array([1.0, 5.0, 3.0]), np.array([3.0, 7.0, 5.0])))
    2.0
    """
    ### BEGIN SOLUTION
    return np.sqrt(mse(y, p))
    ### END SOLUTION


# %% task="d_rmse"
def d_rmse(y, p):
    """Gradient of rmse by p: the error over (n rmse); all 0 if every error is 0.

    y: (n,) or (n, k)   p: the same shape  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_rmse(np.array([1.0, 5.0]), np.array([3.0, 7.0]))
    array([0.5, 0.5])
    """
    ### BEGIN SOLUTION
    distance = rmse(y, p)
    if distance == 0:
        return np.zeros_like(p)
    return (p - y) / (len(y) * distance)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 9 和 10. `bce` 与 `d_bce`
#
# 现在来看类别。对一个“是或否”的问题，网络给出 $p$，即“是”的概率；目标 $y$ 是 1（是）或 0（否）。
# $y = 1$ 时，网络给真相的概率是 $p$；$y = 0$ 时是 $1 - p$。
# **二元交叉熵**就是这个概率的对数取负，$y$ 和 $1 - y$ 起到在两种情况之间切换的作用：
#
# $$ \mathrm{bce}(y, p) = -\frac{1}{n} \sum_{i,j}
# \bigl(y_{ij} \ln p_{ij} + (1 - y_{ij}) \ln (1 - p_{ij})\bigr),
# \qquad \frac{\partial\,\mathrm{bce}}{\partial p_{ij}}
# = \frac{1}{n} \cdot \frac{p_{ij} - y_{ij}}{p_{ij}\,(1 - p_{ij})}. $$
#
# 对数作用在*预测*上。小于 1 的数，对数是负的：前面的负号使损失成为正数。
#
# **例子。** $y = (1, 0)$，$p = (0.8,\ 0.4)$：真相得到的概率是 $0.8$ 和 $0.6$。损失是
# $\frac{-\ln 0.8 - \ln 0.6}{2} \approx \frac{0.2231 + 0.5108}{2} \approx 0.3670$，梯度是
# $\bigl(\frac{-0.2}{2 \cdot 0.16},\ \frac{0.4}{2 \cdot 0.24}\bigr) \approx (-0.625,\ 0.8333)$。
#
# **很有把握，却错了。** 如果 $p$ 恰好是 0 或 1，公式就要算 $\ln 0$，或者除以 0。
# 所以第一步先把概率**截断**：小于 `EPS` $= 10^{-12}$ 的变成 `EPS`，大于 `1 - EPS` 的变成
# `1 - EPS`。这样，$y = 1$、$p = 0$ 时损失是 $-\ln 10^{-12} \approx 27.63$：很大，但仍是一个数，
# 也没有警告。梯度同样使用截断后的 $p$：这里是 $-10^{12}$。


# %% task="bce"
def bce(y, p):
    """Binary cross-entropy: minus the log of the probability of what is true; p clipped.

    y: (n,) or (n, k) of 0 and 1   p: the same shape, from 0 to 1  ->  a number

    Raises ValueError if the shapes differ.

    >>> round(float(bce(np.array([1.0, 0.0]), np.array([0.8, 0.4]))), 4)
    0.367
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)
    ### END SOLUTION


# %% task="d_bce"
def d_bce(y, p):
    """Gradient of bce by p: (p - y) / (p (1 - p)) / n, with p clipped.

    y: (n,) or (n, k) of 0 and 1   p: the same shape, from 0 to 1  ->  the same shape

    Raises ValueError if the shapes differ.

    >>> d_bce(np.array([1.0, 0.0]), np.array([0.8, 0.4]))
    array([-0.625     ,  0.83333333])
    """
    ### BEGIN SOLUTION
    same_shape(y, p)
    p = np.clip(p, EPS, 1 - EPS)
    return (p - y) / (p * (1 - p)) / len(y)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 11 和 12. `ce_sparse` 与 `d_ce_sparse`
#
# 有 $k$ 个类别时，网络为每个样本给出一行 $k$ 个概率：`P (n, k)`。目标是**标签**，
# 即真实类别的*编号*，从 0 数起：`y (n,)`，整数。一个样本的损失，
# 就是真实类别那一列的概率取对数再取负，别的列都不算：
#
# $$ \mathrm{ce}(y, P) = -\frac{1}{n} \sum_{i} \ln P_{i, y_i},
# \qquad \frac{\partial\,\mathrm{ce}}{\partial P_{ij}} =
# \begin{cases} -\dfrac{1}{n\,P_{ij}} & j = y_i \\ 0 & j \ne y_i. \end{cases} $$
#
# 这里没有 $\ln(1 - p)$。二元的时候需要它来表示“否”；而现在每个类别都有自己的一列。
#
# **例子。** $y = (0, 2)$，$P = \begin{pmatrix} 0.7 & 0.2 & 0.1 \\ 0.1 & 0.3 & 0.6
# \end{pmatrix}$。真实类别的概率是 $0.7$ 和 $0.6$，所以损失是
# $\frac{-\ln 0.7 - \ln 0.6}{2} \approx 0.4338$，梯度是
# $\begin{pmatrix} -0.7143 & 0 & 0 \\ 0 & 0 & -0.8333 \end{pmatrix}$。
#
# 这里的损失和梯度同样要截断。NumPy 可以从每一行里各取一个元素：`P[[0, 1], [0, 2]]`
# 取出第 0 行第 0 列和第 1 行第 2 列。


# %% task="ce_sparse"
def ce_sparse(y, P):
    """Cross-entropy with labels: minus the log of the true class's probability, clipped.

    y: (n,) of integers from 0 to k - 1   P: (n, k) of probabilities  ->  a number

    >>> P = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    >>> round(float(ce_sparse(np.array([0, 2]), P)), 4)
    0.4338
    """
    ### BEGIN SOLUTION
    true = P[np.arange(len(y)), y]
    return -np.sum(np.log(np.maximum(true, EPS))) / len(y)
    ### END SOLUTION


# %% task="d_ce_sparse"
def d_ce_sparse(y, P):
    """Gradient of ce_sparse by P: -1 / (n P) at the true class, 0 elsewhere; P clipped.

    y: (n,) of integers from 0 to k - 1   P: (n, k) of probabilities  ->  (n, k)

    >>> d_ce_sparse(np.array([1]), np.array([[0.5, 0.25, 0.25]]))
    array([[ 0., -4.,  0.]])
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(y))
    slopes = np.zeros_like(P)
    slopes[rows, y] = -1 / (len(y) * np.maximum(P[rows, y], EPS))
    return slopes
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 13 和 14. `ce_onehot` 与 `d_ce_onehot`
#
# 还是同一个损失，只是目标换一种写法。**one-hot**（独热）编码为每个样本写一行 $k$ 个数，
# 真实类别那一列是 1，其余是 0：3 个类别中的标签 2 写成 $(0, 0, 1)$。
# 于是用乘法就能选出正确的那一列：
#
# $$ \mathrm{ce}(Y, P) = -\frac{1}{n} \sum_{i,j} Y_{ij} \ln P_{ij},
# \qquad \frac{\partial\,\mathrm{ce}}{\partial P_{ij}} = -\frac{Y_{ij}}{n\,P_{ij}}. $$
#
# **例子。** 取 $Y = \begin{pmatrix} 1 & 0 & 0 \\ 0 & 0 & 1 \end{pmatrix}$，$P$
# 同上一个例子，损失和梯度也与上一个例子相同。
#
# 要截断 $P$，并且注意：$0 \cdot \ln 0$ 在计算机上是 `nan`，不是 0。$Y$ 和 $P$
# 的形状必须相同，别的形状要拒绝。目标也可以分散在几个类别上，例如 $(0.9, 0.1, 0)$，公式不变。


# %% task="ce_onehot"
def ce_onehot(Y, P):
    """Cross-entropy with one-hot targets: minus the sum of Y log P over n, P clipped.

    Y: (n, k)   P: (n, k) of probabilities  ->  a number

    Raises ValueError if the shapes differ.

    >>> P = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    >>> round(float(ce_onehot(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), P)), 4)
    0.4338
    """
    ### BEGIN SOLUTION
    same_shape(Y, P)
    return -np.sum(Y * np.log(np.maximum(P, EPS))) / len(Y)
    ### END SOLUTION


# %% task="d_ce_onehot"
def d_ce_onehot(Y, P):
    """Gradient of ce_onehot by P: -Y / (n P), with P clipped.

    Y: (n, k)   P: (n, k) of probabilities  ->  (n, k)

    Raises ValueError if the shapes differ.

    >>> d_ce_onehot(np.array([[0.5, 0.5]]), np.array([[0.25, 0.5]]))
    array([[-2., -1.]])
    """
    ### BEGIN SOLUTION
    same_shape(Y, P)
    return -Y / (len(Y) * np.maximum(P, EPS))
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 15 和 16. `ce_from_logits` 与 `d_ce_from_logits`
#
# 网络的最后一层给出任意大小的分数，这里叫 **logits**：`Z (n, k)`。softmax 把一行分数变成概率，
# $P_{ij} = e^{Z_{ij}} / \sum_c e^{Z_{ic}}$。把它代入交叉熵，对数和指数正好抵消：
#
# $$ \mathrm{ce}(y, Z) = \frac{1}{n} \sum_{i} \Bigl(\ln \sum_c e^{Z_{ic}} - Z_{i, y_i}\Bigr),
# \qquad \frac{\partial\,\mathrm{ce}}{\partial Z_{ij}} = \frac{1}{n}\,
# \bigl(P_{ij} - [\,j = y_i\,]\bigr), $$
#
# 其中 $[\,j = y_i\,]$ 在真实类别那一列是 1，其余是 0。梯度就是概率减去真相：
# 这几乎是整门课里最简单的公式。
#
# **例子。** $y = (0, 2)$，$Z = \begin{pmatrix} 2 & 0 & 0 \\ 0 & 1 & 3 \end{pmatrix}$。第 0 行：
# $\ln(e^2 + 1 + 1) - 2 \approx 2.2395 - 2 = 0.2395$。第 1 行：
# $\ln(1 + e + e^3) - 3 \approx 0.1698$。损失是两者的平均，$0.2047$。
#
# **很大的分数。** $e^{1000}$ 会溢出。不过，把*一行*里的所有分数减去同一个数，softmax
# 和这个损失都不变。减去这一行的最大值：这样每个指数都不超过 0，其中有一个等于 0，所以和在 1 与
# $k$ 之间。
#
# 这里不需要截断，也不允许截断：$y = 1$、$Z = (1000, -1000)$ 时，损失恰好是 2000。
# 如果绕道 softmax 和 `ce_sparse`，就会丢掉这个结果，得到 27.63。


# %% task="ce_from_logits"
def ce_from_logits(y, Z):
    """Cross-entropy of the softmax of Z: the log of the row's sum of e^Z, less the true Z.

    y: (n,) of integers from 0 to k - 1   Z: (n, k) of any numbers  ->  a number

    >>> Z = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]])
    >>> round(float(ce_from_logits(np.array([0, 2]), Z)), 4)
    0.2047
    >>> float(ce_from_logits(np.array([1]), np.array([[1000.0, -1000.0]])))
    2000.0
    """
    ### BEGIN SOLUTION
    lowered = Z - Z.max(axis=1, keepdims=True)  # the loss stays, and e^lowered cannot overflow
    log_sums = np.log(np.sum(np.exp(lowered), axis=1))
    return np.sum(log_sums - lowered[np.arange(len(y)), y]) / len(y)
    ### END SOLUTION


# %% task="d_ce_from_logits"
def d_ce_from_logits(y, Z):
    """Gradient of ce_from_logits by Z: (softmax(Z) - one-hot(y)) / n.

    y: (n,) of integers from 0 to k - 1   Z: (n, k) of any numbers  ->  (n, k)

    >>> d_ce_from_logits(np.array([1]), np.array([[0.0, 0.0, 0.0, 0.0]]))
    array([[ 0.25, -0.75,  0.25,  0.25]])
    """
    ### BEGIN SOLUTION
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    slopes = powers / powers.sum(axis=1, keepdims=True)
    slopes[np.arange(len(y)), y] -= 1
    return slopes / len(y)
    ### END SOLUTION
