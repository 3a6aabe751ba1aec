# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# # 7. 反向传播
#
# 一个网络有很多权重，而它错得多厉害，只用一个数来表示，就是损失。要学习，
# 每个权重都要问同一个问题：“如果我增大一点点，损失会增大多少？”所有这些答案合起来，就是**梯度**。
# 你可以每次只动一个权重，再把网络重新算一遍；可是一百万个权重就得算一百万遍。
# **反向传播**从后往前走一趟，就得到*全部*答案，花的时间大约只相当于前向算两遍。
#
# 它不过是链式法则，从损失一直用到输入。数学上，它叫做对一个数（损失）的*反向模式自动微分*。
# 在这个练习里，你要写两次：先为分层的网络亲手写一次（任务 1 到 4），
# 再写一个通用的，也就是 TensorFlow 和 PyTorch 所做的事的迷你版（任务 5）。
#
# **网络就是层的列表。** 每一层是一个字典，和练习 5 一样，只是多一项：除了权重 `"W"` 和偏置 `"b"`，
# 还有激活函数的名字 `"f"`，它是 `"sigmoid"`、`"tanh"`、`"relu"`、`"linear"` 之一：
#
# ```python
# params = [
#     {"W": ..., "b": ..., "f": "relu"},    # W (2, 3)，b (3,)：2 个输入，3 个神经元
#     {"W": ..., "b": ..., "f": "linear"},  # W (3, 1)，b (1,)：3 个输入，1 个神经元
# ]
# ```
#
# **本课约定。** 每一行是一个样本：`X (n, d_in)`，`W (d_in, d_out)`，`b (d_out,)`，都是
# `float64`。损失是对 $n$ 个样本取的平均。对数是自然对数。梯度用它的参数来命名，*形状也相同*：`W`
# 的梯度放在 `"W"` 下面，数组 `out` 的梯度叫 `dout`。函数绝不修改传入的东西。
# 只需要 Python 标准库和 NumPy；这里不能使用 `scipy`、`torch` 和 `tensorflow`。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 07_backprop`。卡住的时候，
# `gradeflow hint forward`（或者别的任务名）会给你下一步的提示。

# %%
import numpy as np

# %% [markdown] lang="en"
# **Given: the activations and their slopes.** You wrote them in exercise 1. Note that `slope` takes
# $z$, what goes *into* the activation, and not $a$, what comes out.

# %% [markdown] lang="zh"
# **已经写好：激活函数和它们的导数。** 在练习 1 里，你自己写过。注意 `slope` 的参数是 $z$，
# 即激活函数的*输入*，不是它的输出 $a$。


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


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 1. `forward`
#
# 让网络算一遍。第一层的输入是 `X`，后面每一层的输入是前一层的输出：
#
# $$ Z = X W + b, \qquad A = f(Z). $$
#
# 往回走的时候还要用到这些数组，所以要留下来。**缓存**（cache）是一个列表，每层一个字典：`"X"`
# 是这一层*自己的*输入，`"Z"` 是加权和，`"A"` 是激活值。网络的输出 `out` 就是最后一层的 `A`。
#
# **例子。** 一个样本 $X = (1, 2)$，两层：
#
# $$ W_1 = \begin{pmatrix} 1 & -1 \\ 0.5 & -1 \end{pmatrix},\ b_1 = (0,\ 0.5),\ \text{relu};
# \qquad W_2 = \begin{pmatrix} 3 \\ 4 \end{pmatrix},\ b_2 = (-1),\ \text{linear}. $$
#
# 第 1 层：$Z = (1 + 1 + 0,\ -1 - 2 + 0.5) = (2,\ -2.5)$，$A = (2, 0)$。第 2 层：它的 `"X"` 是
# $(2, 0)$，$Z = 3 \cdot 2 + 4 \cdot 0 - 1 = 5$，所以 `out` 是 $5$。后面几个任务都会用到这个网络。


# %% task="forward"
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
    ### BEGIN SOLUTION
    cache, A = [], X
    for layer in params:
        Z = A @ layer["W"] + layer["b"]
        cache.append({"X": A, "Z": Z, "A": activate(Z, layer["f"])})
        A = cache[-1]["A"]
    return A, cache
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 2. `loss`
#
# 往回走从损失开始。请返回两样东西：损失（一个数），以及它对 `out` 的梯度 `dout`。
# 两者必须配套：`dout` 是*你返回的那个损失*的导数。损失有三种，目标 `Y` 的形状与 `out` 相同。设有
# $n$ 个样本（行），求和都是对所有元素：
#
# * `"mse"`，用于数值：$L = \frac{1}{n} \sum (\mathrm{out} - Y)^2$，
#   $\mathrm{dout} = \frac{2}{n} (\mathrm{out} - Y)$。
# * `"bce"`，`out` 里是概率，即 sigmoid 层的输出。先把它截断到 $10^{-12}$ 与 $1 - 10^{-12}$
#   之间，得到 $p$（算梯度时也用 $p$）；再算
#   $L = -\frac{1}{n} \sum \left( Y \ln p + (1 - Y) \ln (1 - p) \right)$，
#   $\mathrm{dout} = \frac{1}{n} \cdot \frac{p - Y}{p\,(1 - p)}$。
# * `"ce"`，`out` 里是 *logits*，即线性层的输出；softmax 是这个损失的一部分。逐行令
#   $P = \mathrm{softmax}(\mathrm{out})$：$L = -\frac{1}{n} \sum Y \ln P$，
#   其中 $Y$ 的每一行是 one-hot 编码；$\mathrm{dout} = \frac{1}{n} (P - Y)$。
#   softmax 的导数已经包含在里面。
#
# 平均是对*样本*取的：除以行数 $n$，而不是除以元素的个数。
#
# 算 `"ce"` 时，先从每一行减去这一行的最大值，再算 $e^{\dots}$：softmax 不变，$1000$ 或
# $-1000$ 这样的 logits 也不会出问题。（这里同一行的 logits 最多相差 $720$，所以 $P$
# 不会变成 $0$，可以直接取 $\ln P$。相差更大时怎么办，练习 6 讲过。）
#
# 这些损失都不能产生警告：概率是 $0$ 或 $1$ 时不能，logits 很大时也不能。
#
# **例子。** 每个例子都只有一个样本。
#
# * `"mse"`：out $= 5$，$Y = 4$，得 $L = 1$，dout $= 2$。
# * `"bce"`：out $= 0.8$，$Y = 1$，得 $L = -\ln 0.8 \approx 0.2231$，
#   dout $= \frac{-0.2}{0.16} = -1.25$。
# * `"ce"`：out $= (0, \ln 3)$ 表示 $P = (0.25, 0.75)$；$Y = (1, 0)$ 时
#   $L = -\ln 0.25 \approx 1.3863$，dout $= (-0.75,\ 0.75)$。


# %% task="loss"
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
    ### BEGIN SOLUTION
    n = len(Y)
    if kind == "mse":
        return np.sum((out - Y) ** 2) / n, 2 / n * (out - Y)
    if kind == "bce":
        p = np.clip(out, 1e-12, 1 - 1e-12)
        value = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n
        return value, (p - Y) / (p * (1 - p)) / n
    Z = out - np.max(out, axis=1, keepdims=True)
    log_P = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.sum(Y * log_P) / n, (np.exp(log_P) - Y) / n
    ### END SOLUTION


# %% [markdown] lang="en"
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
# ![A chain of five boxes X, Z1, A1, Z2, L. Blue arrows run to the right with the values (1, 2), (2,
# -2.5), (2, 0), 5 and 1. Orange arrows run to the left from L with the gradients 2, (6, 8) and (6,
# 0). Two orange arrows branch off downwards, to the gradients of W2 and b2 and of W1 and
# b1.](walk.png)
#
# **Figure.** The example. Forwards (blue) the values run to the loss, and the cache
# keeps those of the layers. Backwards (orange) $Z_2$, $A_1$ and $Z_1$ get their gradients, each
# from its right neighbour. On the way the gradients of the weights and biases branch off; relu lets
# the $6$ pass and stops the $8$.
#
# **How to test it yourself.** Take one entry of one `W`, move it by $h = 10^{-5}$ up and down, and
# compute the loss both times: $\frac{L_+ - L_-}{2h}$ must be almost your gradient's entry.

# %% [markdown] lang="zh"
# ## 任务 3. `backward`
#
# 现在从最后一层往回走，直到第一层。在每一层，你已经知道 `dout`，即损失对这一层激活值 $A$ 的梯度，
# 然后走四小步：
#
# 1. 穿过激活函数：$\delta = \mathrm{dout} \odot f'(Z)$，逐个元素相乘。$\delta$（delta）是损失对
#    $Z$ 的梯度。用*这一层*自己的激活函数的导数，在缓存里的 $Z$ 处取值。
# 2. 权重的梯度：$X^{\mathsf T} \delta$，用这一层自己的 `"X"`。形状与 $W$ 相同。
# 3. 偏置的梯度：把 $\delta$ 的*各行加起来*。所有样本共用一个 $b$，所以它要收集每个样本的意见。
#    形状与 $b$ 相同。
# 4. 传给前一层：前一层的 `dout` 是 $\delta\, W^{\mathsf T}$，用的 $W$ 就是前向时用的那个。
#
# 平均里的 $\frac{1}{n}$ 已经在 `dout` 里了，不要再除一次。
#
# 需要的东西都在缓存里：不要让网络重新算一遍，也不要重新计算任何 $Z$。缓存要保持原样，
# 也许有人还想再往回走一趟。
#
# **例子。** 取任务 1 的网络，dout $= 2$。第 2 层是线性的，所以 $\delta = 2$。它的 $X = (2, 0)$：
# $W$ 得到 $(4, 0)^{\mathsf T}$，$b$ 得到 $2$，再把 $\delta\, W_2^{\mathsf T} = (6, 8)$ 传下去。
# 第 1 层：relu 在 $Z = (2, -2.5)$ 处的导数是 $(1, 0)$，所以 $\delta = (6, 0)$；$X = (1, 2)$，得到
#
# $$ W: \begin{pmatrix} 6 & 0 \\ 12 & 0 \end{pmatrix}, \qquad b: (6,\ 0). $$
#
# ![五个方框连成一串：X、Z1、A1、Z2、L。蓝色箭头向右，带着数值 (1, 2)、(2, -2.5)、(2, 0)、5 和 1。
# 橙色箭头从 L 向左，带着梯度 2、(6, 8) 和 (6, 0)。有两个橙色箭头向下岔开，
# 通到 W2、b2 的梯度和 W1、b1 的梯度。](walk.png)
#
# **图。** 上面的例子。往前走（蓝色），数值一直算到损失，缓存把各层的数值留下来。往回走（橙色），
# $Z_2$、$A_1$ 和 $Z_1$ 各从右边的邻居得到自己的梯度，权重和偏置的梯度在途中岔出去；relu 让 $6$
# 通过，把 $8$ 挡住了。
#
# **怎样自己检验。** 取某个 `W` 的一个元素，上下各移动 $h = 10^{-5}$，分别算出损失：
# $\frac{L_+ - L_-}{2h}$ 应该几乎等于你的梯度里对应的元素。


# %% figure="walk"
def draw_walk(fig):
    fig.set_size_inches(8.4, 2.5)
    ax = fig.subplots()
    forth = {"arrowstyle": "->", "color": "C0", "lw": 2}
    back = {"arrowstyle": "->", "color": "C1", "lw": 2}
    boxes = [("$X$", r"$(1,\ 2)$", ""), ("$Z_1$", r"$(2,\ -2.5)$", r"$(6,\ 0)$")]
    boxes += [("$A_1$", r"$(2,\ 0)$", r"$(6,\ 8)$"), ("$Z_2$", "$5$", "$2$"), ("$L$", "$1$", "")]
    for x, (name, value, grad) in enumerate(boxes):
        box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": "0.3"}
        ax.text(x, 0, name, ha="center", va="center", fontsize=15, bbox=box)
        ax.text(x, 0.42, value, ha="center", color="C0", fontsize=13)
        ax.text(x + 0.04, -0.58, grad, ha="center", color="C1", fontsize=13)
    for x, name in enumerate(["$W_1, b_1$", "relu", "$W_2, b_2$", "mse"]):
        ax.annotate("", (x + 0.8, 0.1), (x + 0.2, 0.1), arrowprops=forth)
        ax.text(x + 0.5, 0.2, name, ha="center", fontsize=11)
        if x > 0:
            ax.annotate("", (x + 0.2, -0.1), (x + 0.8, -0.1), arrowprops=back)
    for x, grads in [
        (0, "$W_1: (6, 0), (12, 0)$\n$b_1: (6, 0)$"),
        (2, "$W_2: (4), (0)$\n$b_2: 2$"),
    ]:
        ax.annotate("", (x + 0.5, -0.78), (x + 0.86, -0.22), arrowprops=back)
        ax.text(x + 0.42, -1.22, grads, ha="center", color="C1", fontsize=13)
    ax.set(xlim=(-0.3, 4.3), ylim=(-1.3, 0.65))
    ax.axis("off")


# %% task="backward"
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
    ### BEGIN SOLUTION
    grads = []
    for i in reversed(range(len(params))):
        delta = dout * slope(cache[i]["Z"], params[i]["f"])
        grads.append({"W": cache[i]["X"].T @ delta, "b": np.sum(delta, axis=0)})
        dout = delta @ params[i]["W"].T
    return grads[::-1]
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 4. `train_step`
#
# 把零件装起来，走一步**梯度下降**（下一个练习专门讲它）。先前向，再算这一种损失，再往回走，
# 最后让每个参数逆着它的梯度 $g$ 移动一点点：
#
# $$ W \leftarrow W - \eta\, g_W, \qquad b \leftarrow b - \eta\, g_b. $$
#
# 返回走这一步*之前*的损失，以及一个由新的层组成的*新*列表；原来的层保持不变。
# 先算出*所有*梯度，再更新：如果 $\delta$ 还没有穿过 $W_2$，$W_2$ 就先变了，传给第 1 层的
# $\delta$ 就是错的。
#
# **例子。** 任务 1 的网络，$Y = 4$，`"mse"`，$\eta = 0.1$：损失是 $1$，新的第 2 层是
# $W = (3 - 0.4,\ 4 - 0)^{\mathsf T} = (2.6,\ 4)^{\mathsf T}$，$b = -1 - 0.2 = -1.2$。


# %% task="train_step"
def train_step(X, Y, params, kind, lr):
    """One step of gradient descent on all samples: the loss before it, and the new layers.

    X: (n, d)   Y: (n, k)   params: the layers   kind: as in loss   lr: a number > 0
    ->  (value, new)   value: a number   new: a list of layers {"W", "b", "f"}

    >>> layer = {"W": np.array([[3.0]]), "b": np.array([-1.0]), "f": "linear"}
    >>> value, new = train_step(np.array([[2.0]]), np.array([[4.0]]), [layer], "mse", 0.1)
    >>> float(value), new[0]["W"], new[0]["b"], layer["W"]
    (1.0, array([[2.6]]), array([-1.2]), array([[3.]]))
    """
    ### BEGIN SOLUTION
    out, cache = forward(X, params)
    value, dout = loss(Y, out, kind)
    grads, new = backward(cache, params, dout), []
    for i in range(len(params)):
        W = params[i]["W"] - lr * grads[i]["W"]
        b = params[i]["b"] - lr * grads[i]["b"]
        new.append({"W": W, "b": b, "f": params[i]["f"]})
    return value, new
    ### END SOLUTION


# %% [markdown] lang="en"
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
# ![Three boxes: x = 3, x times x = 9, y = 12. From y, whose gradient is 1, an arrow goes back to
# the product and one straight to x, each with the share 1. From the product two arrows go to x,
# each with the share 3. Under x stands 3 + 3 + 1 = 7.](shares.png)
#
# **Figure.** The three ways back from $y$ to $x$, each with its share. The product may
# send its two only when its own gradient has arrived.
#
# Call `backward` once for each formula that you build. To learn, you would build a new one for each
# step, as `GradientTape` does.

# %% [markdown] lang="zh"
# ## 任务 5. `Var`
#
# 一层网络由几个运算组成：矩阵乘法、加法、一条曲线。如果*每个运算*都知道怎样把梯度往回传，
# 程序就能沿着任何公式往回走，再也不用亲手写 `backward` 了。TensorFlow 的 `GradientTape` 和 PyTorch
# 做的就是这件事。
#
# 一个 `Var` 里有一个数组 `value`，还有一个形状相同的 `grad`。每个运算都产生一个新的 `Var`，
# 它记住自己的**父节点**（parents）：父节点是一对一对的，一个是参与运算的 `Var`，
# 另一个是*规则*，即一个函数，它把结果的梯度 $g$ 变成这个父节点应得的那一份：
#
# | 结果 | 第一个得到的一份 | 第二个得到的一份 |
# |---|---|---|
# | `x + y` | $g$ | $g$ |
# | `x * y`（逐个元素） | $g \odot y$ | $g \odot x$ |
# | `x @ y`（两个矩阵） | $g\, y^{\mathsf T}$ | $x^{\mathsf T} g$ |
# | `x.relu()` | $x > 0$ 处为 $g$，否则为 0 | |
#
# 运算的两边总是 `Var`。遇到 `x + y`，Python 调用 `x.__add__(y)`；`*` 对应 `__mul__`，`@` 对应
# `__matmul__`。在 `__add__` 里，规则就是 `lambda g: g`，意思是“一个接收 g 并返回 g 的函数”。
#
# `out.backward()` 为构成 `out` 的每一个 `Var` 填好 `grad`：它是 `out` 的*所有元素之和*的梯度，所以
# `out` 自己的 grad 全是 1。（如果 `out` 是一个数，例如损失，那就是数 1。）有两点很重要：
#
# * **累加。** 用了好几次的 `Var`，每用一次就得到一份，它的 `grad` 是这些份的总和。
#   所以每得到一份，就加到已有的上面去。
# * **顺序。** 一个 `Var` 要收齐自己所有的份，才能往回传：必须排在所有由它产生的 `Var` 之后。
#   这样每个 `Var` 只需处理*一次*。办法是：先访问一个 `Var` 的父节点，再把它自己放进一个列表，
#   而且谁都不放两次；把这个列表倒过来，就是正确的顺序。
#
# 在 `x + b` 里，如果形状是 $(n, k)$ 和 $(k)$，NumPy 会把 `b` 重复到每一行：它用了 $n$ 次，
# 所以要把各行的份加起来，就像任务 3 那样。已经写好的函数 `sum_to` 对任何形状都能做这件事；
# 每一份都先经过它，再加上去。
#
# **例子。** $x = 3$，$y = x \cdot x + x$。$y = 12$；乘法给它的两边各传 $1 \cdot 3$，
# 加法又直接给 $x$ 传 $1$，一共 $3 + 3 + 1 = 7$。果然 $y' = 2x + 1 = 7$。TensorFlow 的答案也一样：
#
# ```python
# x = tf.Variable(3.0)
# with tf.GradientTape() as tape:
#     y = x * x + x
# tape.gradient(y, x)  # 7.0
# ```
#
# ![三个方框：x = 3，x 乘 x = 9，y = 12。y 的梯度是 1，从它出发，一个箭头回到乘积，一个直接回到 x，
# 各带一份 1。从乘积出发，两个箭头回到 x，各带一份 3。x 下面写着 3 + 3 + 1 = 7。](shares.png)
#
# **图。** 从 $y$ 回到 $x$ 的三条路，每条路带着一份。乘积要等自己的梯度到齐了，
# 才能把它的两份传出去。
#
# 每写出一个公式，只调用一次 `backward`。要训练的话，每一步都重新写出公式，`GradientTape` 也是这样。


# %% figure="shares"
def draw_shares(fig):
    fig.set_size_inches(6.4, 2.3)
    ax = fig.subplots()
    box = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": "0.3"}
    back = {"arrowstyle": "->", "color": "C1", "lw": 2}
    for x, y, name in [(0, 0, "$x = 3$"), (1.5, 0.5, r"$x \cdot x = 9$"), (3, 0, "$y = 12$")]:
        ax.text(x, y, name, ha="center", va="center", fontsize=14, bbox=box, zorder=3)
    ways = [
        ((2.66, 0.1), (1.98, 0.42), 0.0, 2.38, 0.36, "$1$"),
        ((1.02, 0.62), (0.1, 0.2), 0.2, 0.45, 0.6, "$3$"),
    ]
    ways += [
        ((1.02, 0.4), (0.38, 0.06), 0.15, 0.78, 0.0, "$3$"),
        ((2.66, -0.1), (0.38, -0.1), -0.15, 1.5, -0.52, "$1$"),
    ]
    for start, end, bend, x, y, share in ways:
        ax.annotate("", end, start, arrowprops={**back, "connectionstyle": f"arc3,rad={bend}"})
        ax.text(x, y, share, ha="center", color="C1", fontsize=14)
    ax.text(0, -0.48, "$3 + 3 + 1 = 7$", ha="center", color="C1", fontsize=14)
    ax.text(3, -0.4, "$1$", ha="center", color="C1", fontsize=14)
    ax.set(xlim=(-0.6, 3.5), ylim=(-0.6, 0.8))
    ax.axis("off")


# %%
def sum_to(share, shape):
    """Sum an array over the axes along which NumPy repeated an array of that shape."""
    share = share.sum(axis=tuple(range(share.ndim - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            share = share.sum(axis=axis, keepdims=True)
    return share


# %% task="Var"
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
        ### BEGIN SOLUTION
        return Var(self.value + other.value, [(self, lambda g: g), (other, lambda g: g)])
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        rules = (lambda g: g * other.value), (lambda g: g * self.value)
        return Var(self.value * other.value, [(self, rules[0]), (other, rules[1])])
        ### END SOLUTION

    def __matmul__(self, other):
        ### BEGIN SOLUTION
        rules = (lambda g: g @ other.value.T), (lambda g: self.value.T @ g)
        return Var(self.value @ other.value, [(self, rules[0]), (other, rules[1])])
        ### END SOLUTION

    def relu(self):
        ### BEGIN SOLUTION
        return Var(np.maximum(self.value, 0.0), [(self, lambda g: g * (self.value > 0))])
        ### END SOLUTION

    def backward(self):
        ### BEGIN SOLUTION
        order = []

        def visit(node):
            if node not in order:
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for parent, rule in node.parents:
                parent.grad = parent.grad + sum_to(rule(node.grad), parent.value.shape)
        ### END SOLUTION
