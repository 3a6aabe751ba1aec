# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# # 3. 用多个神经元实现 XOR
#
# XOR（异或，“两个里恰好有一个”）是单个神经元做不到的门：一个神经元就是一条直线，而没有哪条直线能让
# $(0,1)$ 和 $(1,0)$ 在一侧、$(0,0)$ 和 $(1,1)$ 在另一侧。但是，两个并排的神经元，后面再接一个，
# 就能做到：
#
# $$ x_1 \ \mathrm{XOR}\ x_2 =
# (x_1 \ \mathrm{OR}\ x_2)\ \mathrm{AND}\ (x_1 \ \mathrm{NAND}\ x_2). $$
#
# 中间的两个叫做**隐藏**单元，因为从输入和答案里都看不到它们。它们各画一条直线，
# 合起来给每个点一个新的地址 $(h_1, h_2)$。在这张新地图上，第三个神经元用一条直线就够了。
# 隐藏层的全部秘密就在这里：**它把地图重新画过，直到问题变得简单。**
# 所谓“深”，只不过是把好几个这样的层叠在一起。
#
# 在这个练习里，你先亲手搭出隐藏单元，再搭出整个 XOR 网络，然后写出任意层数的网络的前向传播。
# 最后你会看到，如果没有激活函数，这一切为什么都是白费力气。
#
# **本课约定。** 每一行是一个样本：`X (n, d)` 有 $n \ge 1$ 个点。一层神经元里，
# 每个神经元的权重占*一列*，每个神经元有一个偏置：
#
# $$ Z = X W + b, \qquad X: (n, d_\mathrm{in}), \quad W: (d_\mathrm{in}, d_\mathrm{out}),
# \quad b: (d_\mathrm{out},), \quad Z: (n, d_\mathrm{out}). $$
#
# $Z_{ij}$ 是第 $j$ 个神经元对第 $i$ 个样本的加权和。NumPy 会自动把 `b` 加到每一行上。
# 函数绝不修改传入的数组。请只用 NumPy 和 Python 自带的模块；这里不能用 SciPy、PyTorch 和
# TensorFlow。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 03_xor`。卡住的时候，
# `gradeflow hint hidden`（或者别的任务名）会给你下一步的提示。

# %%
import numpy as np

# %% [markdown] lang="en"
# **Given: the step.** You know it from exercise 2. It takes an array of any shape, and at exactly
# $z = 0$ its answer is 1.

# %% [markdown] lang="zh"
# **已经写好：阶跃函数。** 它在练习 2 里见过，接收任意形状的数组；恰好 $z = 0$ 时输出 1。


# %%
def step(z):
    """1 where z >= 0, else 0.

    z: (...)  ->  (...)
    """
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


# %% [markdown] lang="en"
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
# ![Two maps. On the left the four corners of the input square, with two parallel slanted lines; the
# corners 01 and 10 lie in the band between them. On the right three points: 00 at (0, 1), 11 at (1,
# 0), and both 01 and 10 at (1, 1), which one line cuts off.](maps.png)
#
# **Figure.** Left: the inputs, with the lines of the two hidden units; in the band
# between them both answer 1. Right: the hidden map. The filled points are to become 1, and the
# output neuron needs only one line for that.
#
# Each unit is a line, as in the last exercise, and again **keep a distance**: the table must stay
# right when every input is off by up to $0.1$. Unit $j$ has its weights in column $j$ of $W$: if
# you write `W = np.array([[1, 2], [3, 4]])`, the first unit has the weights $(1, 3)$.

# %% [markdown] lang="zh"
# ## 任务 1. `hidden`
#
# 亲手选择两个隐藏单元的权重和偏置，返回它们对 `X` 每一行的输出：第 0 列是 **OR** 单元，第 1 列是
# **NAND** 单元。
#
# $$ H = \mathrm{step}(X W + b), \qquad W: (2, 2), \quad b: (2,), \quad H: (n, 2). $$
#
# **例子。** 在正方形的四个角上，你的隐藏层应该给出下面这张表。最后一列是任务 2
# 中第三个神经元由此得到的结果。
#
# | $x_1$ | $x_2$ | $h_1$ = OR | $h_2$ = NAND | $h_1$ AND $h_2$ |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 1 | 0 |
# | 0 | 1 | 1 | 1 | 1 |
# | 1 | 0 | 1 | 1 | 1 |
# | 1 | 1 | 1 | 0 | 0 |
#
# 把 $h_1$、$h_2$ 两列看成一张新地图：四个角变成了三个点，因为 $(0,1)$ 和 $(1,0)$ 现在的地址都是
# $(1,1)$。它们正是应该输出 1 的两个点，而一条直线当然可以从正方形上切下一个角。
#
# ![两张地图。左边是输入正方形的四个角和两条平行的斜线，角 01 和 10 在两线之间。
# 右边是三个点：00 在 (0, 1)，11 在 (1, 0)，01 和 10 都在 (1, 1)，一条直线把它切了出来。](maps.png)
#
# **图。** 左边是输入，以及两个隐藏单元的直线；在两线之间，两个单元都输出 1。
# 右边是隐藏层的地图：实心的点应该变成 1，输出神经元只要一条直线就够了。
#
# 和上一个练习一样，每个单元就是一条直线，也同样要**留一点余地**：每个输入偏差不超过 $0.1$
# 时，这张表仍然要正确。第 $j$ 个单元的权重放在 $W$ 的第 $j$ 列：如果写
# `W = np.array([[1, 2], [3, 4]])`，第一个单元的权重就是 $(1, 3)$。


# %% figure="maps"
def draw_maps(fig):
    fig.set_size_inches(6.8, 3.2)
    left, right = fig.subplots(1, 2)
    for ax, name in ((left, "x"), (right, "h")):
        ax.set(aspect="equal", xlim=(-0.4, 1.5), ylim=(-0.4, 1.5), xticks=[0, 1], yticks=[0, 1])
        ax.set(xlabel=f"${name}_1$", ylabel=f"${name}_2$")
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    across = np.array([-0.4, 1.5])
    left.fill_between(across, 0.5 - across, 1.5 - across, color="C0", alpha=0.12, lw=0)
    left.plot(across, 0.5 - across, "C0", label="$h_1$")
    left.plot(across, 1.5 - across, "C2", label="$h_2$")
    left.text(0.62, -0.33, "$h_1$", color="C0", fontsize=14)
    left.text(1.3, 0.3, "$h_2$", color="C2", fontsize=14)
    right.fill_between(across, 1.5 - across, 1.5, color="C1", alpha=0.15, lw=0)
    right.plot(across, 1.5 - across, "C1")
    for ax, points in ((left, corners), (right, hidden(corners))):
        ax.plot(*points[[0, 3]].T, "o", color="0.2", mfc="white", ms=11, mew=1.5)
        ax.plot(*points[[1, 2]].T, "o", color="0.2", ms=11)
        for (x1, x2), point in zip(corners, points, strict=True):
            lift = 0.16 if ax is right and x1 < x2 else 0.0
            ax.text(point[0] + 0.08, point[1] + 0.07 + lift, f"{x1:.0f}{x2:.0f}")


# %% task="hidden"
def hidden(X):
    """step(X W + b) with W and b of your own: the units OR (column 0) and NAND (column 1).

    X: (n, 2)  ->  (n, 2) of the numbers 0 and 1

    >>> hidden(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])).astype(int)
    array([[0, 1],
           [1, 1],
           [1, 1],
           [1, 0]])
    """
    ### BEGIN SOLUTION
    W = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, 1.5])
    return step(X @ W + b)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 2. `xor_net`
#
# 现在来写整个网络：一个带阶跃函数的隐藏层，后面接一个输出神经元。输出神经元就是上一个练习的
# `gate`，只不过它的输入是隐藏单元。这里的权重不由你选，而是由调用者给出：
#
# $$ H = \mathrm{step}(X W + b), \qquad y = \mathrm{step}(H w + c). $$
#
# `params` 是两对参数组成的列表 `[(W, b), (w, c)]`：每层一对，按顺序排列。（在练习 5 里，
# 每层会改用一个字典；用哪种形式，每个练习都会说明。）有 $h$ 个隐藏单元时，$W$ 的形状是 $(d, h)$，
# $b$ 的形状是 $(h,)$；输出神经元的权重 $w$ 形状是 $(h,)$，偏置 $c$ 是一个数。在 Python 里，
# `(W, b), (w, c) = params` 可以一次取出这四个参数。
#
# **例子。** $W$、$b$ 取隐藏单元 OR 和 NAND，输出神经元取 AND：$w = (1, 1)$，$c = -1.5$。对
# $(0, 1)$：$H = (1, 1)$，加权和为 $1 + 1 - 1.5 = 0.5$，所以 $y = 1$。对 $(1, 1)$：$H = (1, 0)$，
# 加权和为 $1 + 0 - 1.5 = -0.5$，所以 $y = 0$。四个角合起来是 $(0, 1, 1, 0)$，这就是 XOR。
#
# **2 是个会骗人的数。** 两个输入、两个隐藏单元时 $W$ 是方阵，只看形状的话，把 $W$
# 转置着用了也发现不了。所以请换一个单元数再试试。下面三个单元是 OR、AND 和 NOR，整个网络仍然是
# XOR：
#
# $$ W = \begin{pmatrix} 1 & 1 & -1 \\ 1 & 1 & -1 \end{pmatrix}, \quad b = (-0.5,\ -1.5,\ 0.5),
# \quad w = (1, -2, -1), \quad c = -0.5. $$
#
# 你的函数要适用于任意多的行、输入和隐藏单元。


# %% task="xor_net"
def xor_net(X, params):
    """step(H w + c) with the hidden layer H = step(X W + b): two layers of step neurons.

    X: (n, d)   params: [(W, b), (w, c)]   W: (d, h)   b: (h,)   w: (h,)   c: a number
    ->  (n,) of the numbers 0 and 1

    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> or_nand = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])
    >>> xor_net(X, [or_nand, (np.array([1.0, 1.0]), -1.5)]).astype(int)
    array([0, 1, 1, 0])
    """
    ### BEGIN SOLUTION
    [(W, b), (w, c)] = params
    H = step(X @ W + b)
    return step(H @ w + c)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 3. `mlp_forward`
#
# 想叠多少层就叠多少层，每层有自己的激活函数，这就是*多层感知机*（MLP）。从输入一路算到输出，
# 叫做**前向传播**。令 $A_0 = X$，第 $l$ 层计算
#
# $$ Z_l = A_{l-1} W_l + b_l, \qquad A_l = f_l(Z_l), \qquad l = 1, \dots, L. $$
#
# `params` 是 $L$ 对 `(W, b)` 的列表，`activations` 是 $L$ 个函数的列表，都从第一层开始排。每个
# $W_l$ 的形状是 $(d_{l-1}, d_l)$，每个 $b_l$ 的形状是 $(d_l,)$，最后一层也不例外。
# 激活函数对数组里的每个数分别计算，例如 `step`，或者练习 1 的 `sigmoid` 和 `relu`。
#
# 返回两样东西：`out`，也就是 $A_L$，形状为 $(n, d_L)$；以及 `cache`，一个列表，里面是每一层的
# `(Z, A)`。后面学习的时候会用到这些中间结果；现在可以用它们看看隐藏层画出的地图。
#
# **例子。** 还是 XOR，但不用阶跃函数：$f_1 = \mathrm{relu}$，即对每个数取 $\max(0, z)$，而
# $f_2(z) = z$，参数为
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
# 所以 `out` 就是最后一列，形状为 $(4, 1)$；`cache` 是 `[(Z1, A1), (Z2, A2)]`。


# %% task="mlp_forward"
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
    ### BEGIN SOLUTION
    A, cache = X, []
    for (W, b), f in zip(params, activations, strict=True):
        Z = A @ W + b
        A = f(Z)
        cache.append((Z, A))
    return A, cache
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 4. `collapse_linear`
#
# 没有激活函数会怎样？把第一层代入第二层：
#
# $$ (X W_1 + b_1)\, W_2 + b_2 = X\, (W_1 W_2) + (b_1 W_2 + b_2). $$
#
# 右边只是*一*层，权重为 $W_1 W_2$，偏置为 $b_1 W_2 + b_2$。不管中间有多少个单元，
# 两个线性层就等于一个线性层；三层也一样：先合并两层，再把结果和第三层合并。给定一串线性层，
# 请返回与它等价的那一层 `(W, b)`。`params` 是和任务 3 一样的列表，至少有一对。
#
# **例子。** 取任务 3 的权重，去掉 relu：$W_1 W_2 = \begin{pmatrix} -1 \\ -1 \end{pmatrix}$，
# $b_1 W_2 + b_2 = 0 \cdot 1 + (-1) \cdot (-2) + 0 = 2$。原来是 XOR 的网络，现在变成了
# $2 - x_1 - x_2$：只是一个平面，一个神经元就能做到，绝不会是 XOR。
# **正是层与层之间的那一“弯”，才让深度有了意义。**


# %% task="collapse_linear"
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
    ### BEGIN SOLUTION
    W, b = params[0]
    for next_W, next_b in params[1:]:
        W, b = W @ next_W, b @ next_W + next_b
    return W, b
    ### END SOLUTION
