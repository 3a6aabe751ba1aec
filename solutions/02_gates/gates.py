# %% [markdown] lang="en"
# # 2. Boolean gates with one neuron
#
# A computer is built from gates such as AND and OR. Each takes inputs that are 0 or 1 and answers
# 0 or 1. Can a neuron be such a gate? Often, yes: it needs weights, a bias, and the oldest of all
# activation functions, the **step**:
#
# $$ \mathrm{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0, \end{cases}
# \qquad y = \mathrm{step}(w \cdot x + b). $$
#
# Think of the inputs as a point $(x_1, x_2)$ in the plane. Where $w_1 x_1 + w_2 x_2 + b = 0$ there
# is a straight line. On one side of it, and on the line itself, the neuron says 1; on the other
# side it says 0. **One neuron is one line.** In this exercise you choose lines by hand, let a
# neuron find its line from samples, and find out for which gates no line exists.
#
# ![The plane with the four corners of the unit square. A slanted line parts the corner (1, 1) from
# the other three. The side with that corner is shaded, and an arrow w points from the line into
# it.](line.png)
#
# **Figure.** The line of $w = (1, 1)$, $b = -1.5$. On its shaded side $z$ is positive
# and the neuron says 1: the filled point. The weights $w$ are an arrow (drawn shorter here) at
# right angles to the line, and it points to that side; another bias moves the line along the
# arrow, forwards or back.
#
# **Bias and threshold.** Some books write "1 if $w \cdot x \ge \theta$" with a *threshold*
# $\theta$. It is the same neuron with $b = -\theta$: the bias is the threshold *with its sign
# turned round*.
#
# **Conventions of the course.** Rows are samples: `X (n, d)` holds $n$ points with $d$ inputs
# each, and the answers stand in an array `(n,)`. A gate's outputs are the *numbers* 0 and 1, not
# $-1$ and $1$, and not `False` and `True`. At exactly $z = 0$ the answer is 1. A function never
# changes the arrays that it was given. Use NumPy and what comes with Python itself; SciPy, PyTorch
# and TensorFlow are not allowed here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 02_gates`. If you are stuck, `gradeflow hint gate` (or any other task) helps you
# one step further.

# %% [markdown] lang="zh"
# # 2. 用一个神经元实现逻辑门
#
# 计算机由“与”（AND）、“或”（OR）这样的逻辑门搭成：输入是 0 或 1，输出也是 0 或 1。
# 一个神经元能当逻辑门吗？很多时候可以。它需要权重、偏置，还有最古老的激活函数——**阶跃函数**：
#
# $$ \mathrm{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0, \end{cases}
# \qquad y = \mathrm{step}(w \cdot x + b). $$
#
# 把输入看成平面上的一个点 $(x_1, x_2)$。满足 $w_1 x_1 + w_2 x_2 + b = 0$ 的点连成一条直线：
# 在直线的一侧（包括直线上），神经元输出 1；在另一侧，它输出 0。**一个神经元就是一条直线**。
# 在这个练习里，你先亲手挑选直线，再让神经元从样本中自己找到直线，
# 最后弄清楚哪些门根本没有这样的直线。
#
# ![平面上画着单位正方形的四个角。一条斜线把 (1, 1) 这个角和另外三个角分开，有这个角的一侧涂了底色，
# 箭头 w 从直线指向这一侧。](line.png)
#
# **图。** $w = (1, 1)$、$b = -1.5$ 的直线。在涂了底色的一侧，$z$ 是正数，神经元输出 1：
# 就是那个实心点。权重 $w$ 是一个与直线垂直、指向这一侧的箭头（这里画短了）；改变偏置，
# 直线就顺着箭头或逆着箭头平移。
#
# **偏置与阈值。** 有些书写成“$w \cdot x \ge \theta$ 时输出 1”，$\theta$ 叫*阈值*。
# 这是同一个神经元，只不过 $b = -\theta$：偏置就是*变了号的*阈值。
#
# **本课约定。** 每一行是一个样本：`X (n, d)` 有 $n$ 个点，每个点 $d$ 个输入，答案放在形状为 `(n,)`
# 的数组里。门的输出是*数* 0 和 1，不是 $-1$ 和 $1$，也不是 `False` 和 `True`。恰好 $z = 0$ 时输出
# 1。函数绝不修改传入的数组。请只用 NumPy 和 Python 自带的模块；这里不能用 SciPy、PyTorch 和
# TensorFlow。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 02_gates`。卡住的时候，
# `gradeflow hint gate`（或者别的任务名）会给你下一步的提示。


# %% figure="line"
def draw_line(fig):
    fig.set_size_inches(4.2, 3.4)
    ax = fig.subplots()
    x1 = np.array([-0.5, 1.8])
    ax.plot(x1, 1.5 - x1, "C0")
    ax.fill_between(x1, 1.5 - x1, 1.7, color="C0", alpha=0.12, lw=0)
    ax.annotate(
        "", (1.5, 0.7), (1.15, 0.35), arrowprops={"arrowstyle": "->", "color": "C1", "lw": 2}
    )
    ax.text(1.52, 0.72, "$w$", color="C1", fontsize=14)
    ax.plot([0, 0, 1], [0, 1, 0], "o", color="0.2", mfc="white", ms=10, mew=1.5)
    ax.plot([1], [1], "o", color="0.2", ms=10, zorder=3)
    ax.text(1.3, 1.3, "$z > 0,\\ y = 1$", fontsize=13, ha="center", color="C0")
    ax.text(0.27, 0.35, "$z < 0,\\ y = 0$", fontsize=13, ha="center")
    ax.text(0.06, 1.52, "$z = 0$", fontsize=13, color="C0")
    ax.set(aspect="equal", xlim=(-0.5, 1.8), ylim=(-0.35, 1.7), xticks=[0, 1], yticks=[0, 1])
    ax.set(xlabel="$x_1$", ylabel="$x_2$")


# %%
import numpy as np

# %% [markdown] lang="en"
# ## Task 1. `gate`
#
# Give the neuron's answer for every row of `X` at once:
#
# $$ z_i = w_1 X_{i1} + \dots + w_d X_{id} + b, \qquad y_i = \mathrm{step}(z_i). $$
#
# **Example.** With $w = (1, 1)$ and $b = -1.5$:
#
# | $x_1$ | $x_2$ | $z$ | $y$ |
# |---|---|---|---|
# | 0 | 0 | $-1.5$ | 0 |
# | 0 | 1 | $-0.5$ | 0 |
# | 1 | 0 | $-0.5$ | 0 |
# | 1 | 1 | $0.5$ | 1 |
#
# This is AND. But a neuron knows nothing of AND: it computes. It has an answer for $(0.9, 0.7)$
# too ($z = 0.1$, so 1), and for any other weights. A table of four answers, or an `if` that looks
# for 0 and 1, would not be a neuron.
#
# `X` may have any number of rows, even none, and any number of columns.

# %% [markdown] lang="zh"
# ## 任务 1. `gate`
#
# 对 `X` 的每一行，一次给出神经元的答案：
#
# $$ z_i = w_1 X_{i1} + \dots + w_d X_{id} + b, \qquad y_i = \mathrm{step}(z_i). $$
#
# **例子。** $w = (1, 1)$，$b = -1.5$ 时：
#
# | $x_1$ | $x_2$ | $z$ | $y$ |
# |---|---|---|---|
# | 0 | 0 | $-1.5$ | 0 |
# | 0 | 1 | $-0.5$ | 0 |
# | 1 | 0 | $-0.5$ | 0 |
# | 1 | 1 | $0.5$ | 1 |
#
# 这就是“与”门。不过神经元并不认识什么“与”，它只会计算：对 $(0.9, 0.7)$ 它也有答案（$z = 0.1$，输出
# 1），换成别的权重也一样。一张写着四个答案的表，或者一个专门判断 0 和 1 的 `if`，都不是神经元。
#
# `X` 可以有任意多行（甚至一行都没有），也可以有任意多列。


# %% task="gate"
def gate(X, w, b):
    """step(X w + b) for each row of X: 1 where the sum is >= 0, else 0.

    X: (n, d)   w: (d,)   b: a number  ->  (n,) of the numbers 0 and 1

    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> gate(X, np.array([1.0, 1.0]), -1.5).astype(int)
    array([0, 0, 0, 1])
    """
    ### BEGIN SOLUTION
    return np.where(X @ w + b >= 0, 1.0, 0.0)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 2. `weights_for`
#
# Now choose the lines yourself. For each name return a weight array and a bias with which `gate`
# is that gate:
#
# | $x_1$ | $x_2$ | AND | OR | NAND | NOR |
# |---|---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 1 | 1 |
# | 0 | 1 | 0 | 1 | 1 | 0 |
# | 1 | 0 | 0 | 1 | 1 | 0 |
# | 1 | 1 | 1 | 1 | 0 | 0 |
#
# NOT has a *single* input: $0 \to 1$ and $1 \to 0$. Its weight array has the shape `(1,)`.
#
# **Keep a distance.** Real signals are a little off. Choose each line so that the answer stays
# right when every input is wrong by up to $0.1$: $(0.9, 1.1)$ is still "1 and 1".
#
# **Example.** For AND, $w = (1, 1)$ and $b = -1.5$ do: the worst sums are
# $0.9 + 0.9 - 1.5 = 0.3 \ge 0$ and $0.1 + 1.1 - 1.5 = -0.3 < 0$.
#
# There are many right answers; any of them will do. For a name that is not one of the five, say so
# with a `ValueError`. "XOR" is such a name: you will see why in task 4.

# %% [markdown] lang="zh"
# ## 任务 2. `weights_for`
#
# 现在由你来选直线。对每个名字，返回一个权重数组和一个偏置，使 `gate` 成为这个门：
#
# | $x_1$ | $x_2$ | AND | OR | NAND | NOR |
# |---|---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 1 | 1 |
# | 0 | 1 | 0 | 1 | 1 | 0 |
# | 1 | 0 | 0 | 1 | 1 | 0 |
# | 1 | 1 | 1 | 1 | 0 | 0 |
#
# NOT 只有*一个*输入：$0 \to 1$，$1 \to 0$。它的权重数组形状是 `(1,)`。
#
# **留一点余地。** 真实的信号总有一点误差。请把直线选在合适的位置，使每个输入偏差不超过 $0.1$
# 时答案仍然正确：$(0.9, 1.1)$ 仍然算“1 和 1”。
#
# **例子。** 对 AND 来说，$w = (1, 1)$、$b = -1.5$ 就可以：
# 最坏的情况是 $0.9 + 0.9 - 1.5 = 0.3 \ge 0$ 和 $0.1 + 1.1 - 1.5 = -0.3 < 0$。
#
# 正确答案有很多，任选一个就行。如果名字不在这五个之中，请抛出 `ValueError`。“XOR”就是这样的名字，
# 原因见任务 4。


# %% task="weights_for"
def weights_for(name):
    """Weights and bias of one neuron that is the gate of that name.

    name: "AND", "OR", "NAND", "NOR" (two inputs) or "NOT" (one input)
    ->  (w, b)   w: (2,), for "NOT" (1,)   b: a number

    Raises ValueError for any other name.

    >>> w, b = weights_for("NOT")
    >>> gate(np.array([[0.0], [1.0]]), w, b).astype(int)
    array([1, 0])
    """
    ### BEGIN SOLUTION
    known = {
        "AND": ([1.0, 1.0], -1.5),
        "OR": ([1.0, 1.0], -0.5),
        "NOT": ([-1.0], 0.5),
        "NAND": ([-1.0, -1.0], 1.5),
        "NOR": ([-1.0, -1.0], 0.5),
    }
    if name not in known:
        raise ValueError(f"no gate of one neuron is called {name!r}")
    w, b = known[name]
    return np.array(w), b
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 3. `train_perceptron`
#
# Instead of choosing the line, let the neuron learn it from samples: points `X (n, d)` and their
# right answers, the *targets* `t (n,)`, each 0 or 1. This is the **perceptron** rule of 1958. When
# an answer is wrong, move the line towards the target:
#
# $$ w \leftarrow w + \eta\,(t - y)\,x, \qquad b \leftarrow b + \eta\,(t - y). $$
#
# $\eta$ (`lr`) is the *learning rate*, the size of the move. If the neuron said 0 and should have
# said 1, then $t - y = 1$ and $z$ grows for this point. If it said 1 and should have said 0, then
# $t - y = -1$ and $z$ shrinks. If it was right, $t - y = 0$ and nothing moves.
#
# To be checked, everybody's program must take the same steps. Follow this recipe exactly:
#
# 1. Start with $w = (0, \dots, 0)$ and $b = 0$, and an empty list `history`.
# 2. An **epoch** is one pass over the samples, in their order. For each sample compute
#    $y = \mathrm{step}(w \cdot x + b)$ with the *present* $w$ and $b$. If $y \ne t$, count an error
#    and update $w$ and $b$ at once, before the next sample.
# 3. At the end of each epoch append its number of errors to `history`.
# 4. Stop after the first epoch without errors, or else after `epochs` epochs: return
#    `(w, b, history)` as they are then.
#
# The limit in step 4 matters. If no line separates the points, there is always another error, and
# without a limit the loop would never end.
#
# **Example.** AND, `lr = 1`. At first everything is 0. Point $(0, 0)$: $z = 0$, so $y = 1$, but
# $t = 0$: an error, and $b$ becomes $-1$. Points $(0, 1)$ and $(1, 0)$: $z = -1$, $y = 0$, right.
# Point $(1, 1)$: $z = -1$, $y = 0$, but $t = 1$: the second error, now $w = (1, 1)$, $b = 0$. So
# the first epoch counts 2 errors. It goes on with 3, 3, 2, 1 and 0 errors, and ends with
# $w = (2, 1)$, $b = -3$ and `history = [2, 3, 3, 2, 1, 0]`.

# %% [markdown] lang="zh"
# ## 任务 3. `train_perceptron`
#
# 这次不由你选直线，而是让神经元从样本中学：给它一些点 `X (n, d)` 和它们的正确答案，即*目标*
# `t (n,)`，每个目标是 0 或 1。这就是 1958 年提出的**感知机**学习规则：答错了，
# 就把直线朝目标的方向挪一挪：
#
# $$ w \leftarrow w + \eta\,(t - y)\,x, \qquad b \leftarrow b + \eta\,(t - y). $$
#
# $\eta$（参数 `lr`）是*学习率*，决定挪多远。该输出 1 却输出了 0 时，$t - y = 1$，这个点的 $z$
# 变大；该输出 0 却输出了 1 时，$t - y = -1$，$z$ 变小；答对时 $t - y = 0$，什么都不变。
#
# 为了能够检查，每个人的程序必须走同样的步骤。请严格按下面的步骤写：
#
# 1. 从 $w = (0, \dots, 0)$、$b = 0$ 和空列表 `history` 开始。
# 2. 一个**轮次**（epoch）就是把所有样本按顺序过一遍。对每个样本，用*当前的* $w$ 和 $b$ 计算
#    $y = \mathrm{step}(w \cdot x + b)$。如果 $y \ne t$，记一次错误，并且立刻更新 $w$ 和 $b$，
#    再看下一个样本。
# 3. 每个轮次结束时，把这个轮次的错误数加到 `history` 末尾。
# 4. 某个轮次一个错误都没有，就停止；否则最多训练 `epochs` 个轮次。返回此时的 `(w, b, history)`。
#
# 第 4 步的上限很重要：如果没有直线能把这些点分开，错误就永远不会消失，没有上限的循环永远不会结束。
#
# **例子。** AND，`lr = 1`。一开始全是 0。点 $(0, 0)$：$z = 0$，所以 $y = 1$，而 $t = 0$：错一次，
# $b$ 变成 $-1$。点 $(0, 1)$ 和 $(1, 0)$：$z = -1$，$y = 0$，正确。点 $(1, 1)$：$z = -1$，$y = 0$，
# 而 $t = 1$：又错一次，现在 $w = (1, 1)$，$b = 0$。所以第一个轮次有 2 个错误。
# 接下来各个轮次的错误数是 3、3、2、1、0，最后 $w = (2, 1)$，$b = -3$，
# `history = [2, 3, 3, 2, 1, 0]`。


# %% task="train_perceptron"
def train_perceptron(X, t, lr, epochs):
    """Learn w and b from samples by the perceptron rule, in the steps that the task lists.

    X: (n, d)   t: (n,) of 0 and 1   lr: a number > 0   epochs: the most epochs to run
    ->  (w, b, history)   w: (d,)   b: a number   history: a list, the errors in each epoch

    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> w, b, history = train_perceptron(X, np.array([0.0, 0.0, 0.0, 1.0]), 1.0, 20)
    >>> w, float(b), history
    (array([2., 1.]), -3.0, [2, 3, 3, 2, 1, 0])
    """
    ### BEGIN SOLUTION
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for i in range(len(X)):
            x, target = X[i], t[i]
            y = 1.0 if np.dot(w, x) + b >= 0 else 0.0
            if y != target:
                step = lr * (target - y)
                w, b = w + step * x, b + step
                errors += 1
        history.append(errors)
        if errors == 0:
            break
    return w, b, history
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 4. `is_separable`
#
# A function of two inputs is fixed by its four answers, for $(0,0)$, $(0,1)$, $(1,0)$ and
# $(1,1)$, in this order. AND is $(0, 0, 0, 1)$. There are $2^4 = 16$ such functions. A function is
# **linearly separable** if one straight line has all the points with answer 1 on one side and all
# those with answer 0 on the other; in other words, if one neuron can be that function.
#
# **Example.** XOR, "one of the two but not both", is $(0, 1, 1, 0)$. Draw the unit square and mark
# its corners: the 1s stand on one diagonal, the 0s on the other. A line that keeps both 1s on one
# side has at least one of the 0s there, too. So no neuron is XOR, however long it trains. This
# small fact slowed down research on neural networks for years; the next exercise shows the way out.
#
# ![Two unit squares with their corners marked, filled for 1 and empty for 0. Under AND one corner
# is filled, and a line cuts it off. Under XOR two opposite corners are filled; the stroke between
# the filled corners crosses the stroke between the empty ones.](corners.png)
#
# **Figure.** Filled corners are the answer 1, empty ones the answer 0. For AND there
# is a line. For XOR join the 1s (solid) and join the 0s (dashed): the strokes cross. A line with
# both 1s on one side has the whole solid stroke there, the crossing too, and with it a part of the
# dashed stroke and one of its ends.
#
# XOR is not alone: exactly 14 of the 16 are separable. Which one is the other exception? Answer
# `True` or `False` for any four targets. You may reason about the square, search for weights, or
# train a perceptron: any way that is always right is welcome, as long as it needs nothing but NumPy
# and Python.

# %% [markdown] lang="zh"
# ## 任务 4. `is_separable`
#
# 一个两输入的函数由四个答案完全确定，依次对应 $(0,0)$、$(0,1)$、$(1,0)$、$(1,1)$。例如 AND 是
# $(0, 0, 0, 1)$。这样的函数共有 $2^4 = 16$ 个。如果有一条直线，能让所有答案为 1 的点在一侧、
# 所有答案为 0 的点在另一侧，这个函数就叫做**线性可分**的；换句话说，一个神经元就能实现它。
#
# **例子。** XOR（异或，“两个里恰好有一个”）是 $(0, 1, 1, 0)$。画一个单位正方形，
# 在四个角上标出答案：两个 1 在一条对角线上，两个 0 在另一条对角线上。无论怎样画直线，只要两个 1
# 在同一侧，那一侧就至少还有一个 0。所以没有哪个神经元能实现 XOR，训练多久都没用。
# 这个小小的事实曾让神经网络的研究沉寂了好多年；下一个练习会给出解决的办法。
#
# ![两个单位正方形，答案为 1 的角是实心点，为 0 的角是空心点。AND 只有一个实心角，一条直线把它切下。
# XOR 的两个实心角相对；连接实心角的线段与连接空心角的线段相交。](corners.png)
#
# **图。** 实心的角答案是 1，空心的角答案是 0。AND 可以用一条直线分开。在 XOR 里，
# 把两个 1 连起来（实线），再把两个 0 连起来（虚线），两条线段相交。如果直线使两个 1 在同一侧，
# 整条实线就在这一侧，交点也在，于是虚线的一部分连同它的一个端点也在这一侧。
#
# XOR 并不是唯一的例外：16 个函数里恰好有 14 个线性可分。另一个例外是谁？请对任意四个目标回答
# `True` 或 `False`。可以分析正方形，可以搜索权重，也可以训练感知机：只要总是正确，
# 而且只用 NumPy 和 Python，什么方法都行。


# %% figure="corners"
def draw_corners(fig):
    fig.set_size_inches(6.4, 3)
    for ax, ones, name in zip(
        fig.subplots(1, 2), [[(1, 1)], [(0, 1), (1, 0)]], ["AND", "XOR"], strict=True
    ):
        zeros = [point for point in [(0, 0), (0, 1), (1, 0), (1, 1)] if point not in ones]
        if name == "AND":
            ax.plot([-0.4, 1.4], [1.675, 0.325], "C0")
        else:
            ax.plot([0, 1], [1, 0], "C1")
            ax.plot([0, 1], [0, 1], "C1--")
        ax.plot(*zip(*zeros, strict=True), "o", color="0.2", mfc="white", ms=12, mew=1.5)
        ax.plot(*zip(*ones, strict=True), "o", color="0.2", ms=12)
        ax.set(aspect="equal", xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1])
        ax.set(xlabel="$x_1$", ylabel="$x_2$", title=name)


# %% task="is_separable"
def is_separable(t):
    """Whether one neuron can be the function with these answers at 00, 01, 10, 11.

    t: (4,) of 0 and 1  ->  True or False

    >>> is_separable(np.array([0.0, 0.0, 0.0, 1.0]))
    True
    """
    ### BEGIN SOLUTION
    # Only where equal answers stand on the diagonals is there no line: XOR and its opposite.
    return not (t[0] == t[3] != t[1] == t[2])
    ### END SOLUTION
