# %% [markdown] lang="en"
# # 8. Gradient descent
#
# A loss says how wrong a model is, and its gradient says in which direction of the parameters the
# loss *grows* fastest. So a model learns by taking many small steps the other way:
#
# $$ \theta \leftarrow \theta - \eta\, g, \qquad g = \nabla_\theta L. $$
#
# $\theta$ stands for any parameter, $g$ is its gradient, and $\eta$ (`lr`) is the *learning rate*,
# the size of the step. One such step is one **update**, also called one **iteration**.
#
# ![Three times the same contour lines, ellipses around a cross, and a path of twelve steps from the
# upper left. With the learning rate 0.03 the steps are tiny and end near the start. With 0.4 they
# lead to the cross. With 0.7 they jump from one side of the valley to the other and move away from
# its floor.](rates.png)
#
# **Figure.** Twelve updates from the same start (black), on the contour lines of a loss
# whose lowest place is the cross. With a learning rate that is too small most of the way is still
# to go. A good one arrives. With one that is too large each step jumps across the valley and lands
# farther from its floor.
#
# **How many samples for one step?** The loss is a mean over samples, so its gradient can be taken
# over all of them, or over a few. With $n = 10$ samples:
#
# | mode | samples in one update | updates in one epoch |
# |---|---|---|
# | batch gradient descent | all 10 | 1 |
# | mini-batch, size 4 | 4, 4, 2 | 3 |
# | stochastic (SGD) | 1 | 10 |
#
# An **epoch** is one pass over the data: *every sample is used exactly once*. So an epoch is not an
# iteration. With batches of size $b$ one epoch takes $\lceil n / b \rceil$ iterations:
# $n / b$, rounded *up*, because the samples left over make a short last batch of their own.
#
# All three are the same algorithm with another batch size. Large batches give steady steps that
# cost much; small batches give unsteady steps that cost little, and many of them in one epoch.
# (Many libraries say "SGD" for mini-batches too. Here SGD means one sample at a time.)
#
# **Conventions of the course.** Rows are samples: `X (n, d)`, `y (n,)`, always with $n \ge 1$.
# Losses are *means* over the samples. The parameters stand in *one* dictionary, for instance
# `{"w": ..., "b": ...}`, and a gradient has the *same name* as its parameter. (In exercise 7 there
# was a dictionary for each layer; a step treats all parameters alike and needs only their names.)
# Chance comes only from the generator `rng` that a function is given, so that every run can be
# repeated. A function never changes the arrays and dictionaries that it was given. Python's own
# library and NumPy are all you need; `scipy`, `torch` and `tensorflow` may not be used here.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 08_descent`. If you are stuck, `gradeflow hint batches` (or any other task)
# helps you one step further.

# %% [markdown] lang="zh"
# # 8. 梯度下降
#
# 损失说明模型错得有多厉害，梯度说明参数往哪个方向走，损失*增长*得最快。
# 所以模型学习的方法，就是朝相反的方向走许多小步：
#
# $$ \theta \leftarrow \theta - \eta\, g, \qquad g = \nabla_\theta L. $$
#
# $\theta$ 代表任意一个参数，$g$ 是它的梯度，$\eta$（参数 `lr`）是*学习率*，决定步子有多大。
# 走这样一步，就是一次**更新**，也叫一次**迭代**（iteration）。
#
# ![三幅图，等高线都是绕着叉号的椭圆，各有一条从左上角出发、走十二步的路线。学习率 0.03
# 时步子很小，离起点还不远；0.4 时走到了叉号；0.7 时在山谷两边跳来跳去，离谷底越来越远。](rates.png)
#
# **图。** 从同一个起点（黑点）出发更新十二次。图上是损失的等高线，最低的地方是叉号。
# 学习率太小，大半的路还没走；大小合适，就走到了；太大了，每一步都跳到山谷对面，离谷底更远。
#
# **一步要用多少样本？** 损失是对样本取平均，所以梯度可以用全部样本来算，也可以只用其中几个。以
# $n = 10$ 个样本为例：
#
# | 模式 | 一次更新用的样本数 | 一个轮次的更新次数 |
# |---|---|---|
# | 批量梯度下降（batch） | 全部 10 个 | 1 |
# | 小批量（mini-batch），批次大小 4 | 4、4、2 | 3 |
# | 随机梯度下降（SGD） | 1 个 | 10 |
#
# 一个**轮次**（epoch）就是把数据过一遍：*每个样本恰好用一次*。所以轮次不等于迭代。批次大小为 $b$
# 时，一个轮次有 $\lceil n / b \rceil$ 次迭代，也就是 $n / b$ *向上*取整：
# 剩下的样本单独组成较短的最后一批。
#
# 三种模式其实是同一个算法，只是批次大小不同。批次大，步子稳，但每一步都费时；批次小，步子晃，
# 但每一步很快，一个轮次里能走很多步。（很多程序库把小批量也叫 SGD，这里的 SGD
# 指每次只用一个样本。）
#
# **本课约定。** 每一行是一个样本：`X (n, d)`、`y (n,)`，总有 $n \ge 1$。损失是对样本的*平均*。
# 参数都放在*一个*字典里，例如 `{"w": ..., "b": ...}`，梯度与它的参数*同名*。（在练习 7 里，
# 每层有一个字典；而走一步时对所有参数一视同仁，只要有名字就够了。）
# 随机性只来自传给函数的随机数生成器 `rng`，这样每次运行都可以重现。函数绝不修改传入的数组和字典。
# 只需要 Python 标准库和 NumPy；这里不能使用 `scipy`、`torch` 和 `tensorflow`。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 08_descent`。卡住的时候，
# `gradeflow hint batches`（或者别的任务名）会给你下一步的提示。


# %% figure="rates"
def draw_rates(fig):
    fig.set_size_inches(8.4, 2.7)
    w1, w2 = np.meshgrid(np.linspace(-2.6, 2.6, 121), np.linspace(-1.7, 1.7, 81))
    for ax, lr in zip(fig.subplots(1, 3, sharey=True), [0.03, 0.4, 0.7], strict=True):
        path = [{"w": np.array([-2.2, 0.5])}]
        for _ in range(12):
            slope = path[-1]["w"] * [0.6, 3]  # of the loss 0.3 w1^2 + 1.5 w2^2
            path.append(sgd_step(path[-1], {"w": slope}, lr))
        ax.contour(
            w1, w2, 0.3 * w1**2 + 1.5 * w2**2, [0.15, 0.6, 1.4, 2.5], colors="0.8", linewidths=1
        )
        ax.plot(*np.transpose([params["w"] for params in path]), "C0o-", lw=1.4, ms=4)
        ax.plot(-2.2, 0.5, "o", color="0.2", ms=8)
        ax.plot(0, 0, "x", color="C1", ms=10, mew=2.5)
        ax.set(title=rf"$\eta = {lr}$", xlabel="$w_1$", xticks=[-2, 0, 2], yticks=[-1, 0, 1])
    fig.axes[0].set_ylabel("$w_2$")


# %%
import numpy as np

# %% [markdown] lang="en"
# ## Task 1. `count_updates`
#
# First count. How many updates does a training make that runs for `epochs` epochs over $n$ samples
# in batches of `size`?
#
# $$ \mathrm{updates} = \mathrm{epochs} \cdot \left\lceil \frac{n}{\mathrm{size}} \right\rceil. $$
#
# **Example.** $n = 10$ and `size = 4`: batches of 4, 4 and 2, so 3 updates in one epoch, and 15 in
# 5 epochs. With `size = 1` it is 10 updates in one epoch, with `size = 10` a single one. With
# `size = 16`, more than there are samples, it is a single one too.

# %% [markdown] lang="zh"
# ## 任务 1. `count_updates`
#
# 先来数一数。$n$ 个样本，批次大小为 `size`，训练 `epochs` 个轮次，一共更新多少次？
#
# $$ \text{更新次数} = \mathrm{epochs} \cdot \left\lceil \frac{n}{\mathrm{size}} \right\rceil. $$
#
# **例子。** $n = 10$、`size = 4`：三批分别有 4、4、2 个样本，所以一个轮次更新 3 次，5 个轮次更新 15
# 次。`size = 1` 时，一个轮次更新 10 次；`size = 10` 时只更新 1 次；`size = 16` 比样本还多，也只更新
# 1 次。


# %% task="count_updates"
def count_updates(n, size, epochs):
    """The updates that a training makes: epochs times n / size, rounded up.

    n: samples   size: samples in a batch   epochs: passes over all samples  ->  a number

    >>> int(count_updates(10, 4, 5))
    15
    """
    ### BEGIN SOLUTION
    return epochs * ((n + size - 1) // size)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 2. `batches`
#
# Now deal the samples out for *one* epoch. The function does not touch the data: it returns
# **row numbers**, from $0$ to $n - 1$, in a random order, cut into pieces of `size`. The caller
# then takes `X[rows]` and `y[rows]` with the *same* `rows`, so that every sample keeps its own
# target.
#
# Three things make it right:
#
# 1. every row number occurs exactly once, as when a pack of cards is dealt out;
# 2. every batch has `size` rows, only the last one may be shorter, and it is *not* thrown away;
# 3. the order is drawn anew with `rng` at every call, and *every* order of all the rows is equally
#    likely. To shuffle inside each piece, or to begin at a random place, is not enough.
#
# `rng` is a generator, as `np.random.default_rng(0)` makes it. `rng.permutation(n)` gives the
# numbers $0, \dots, n - 1$ shuffled. Any other fair way to shuffle them with `rng` is as good. A
# check tries it out: in 4000 epochs of four rows each of their 24 orders must come about as often.
#
# **Example.** For $n = 10$ and `size = 4` the shuffled numbers may be 4, 6, 2, 7, 3, 5, 9, 0, 8, 1.
# Then the batches are (4, 6, 2, 7), (3, 5, 9, 0) and (8, 1).

# %% [markdown] lang="zh"
# ## 任务 2. `batches`
#
# 现在为*一个*轮次分批。这个函数不碰数据，它返回的是**行号**：从 $0$ 到 $n - 1$，打乱顺序，再按
# `size` 切成一批一批。调用者用*同一组* `rows` 取 `X[rows]` 和 `y[rows]`，
# 这样每个样本都还配着自己的目标。
#
# 做对要满足三点：
#
# 1. 每个行号恰好出现一次，就像把一副牌发完；
# 2. 每批有 `size` 个行号，只有最后一批可以少一些，而且*不能*丢掉；
# 3. 每次调用都用 `rng` 重新打乱，而且全部行的*每一种*顺序可能性都相同。
#    只在每一批内部打乱，或者只随机选一个起点，都不够。
#
# `rng` 是随机数生成器，就像 `np.random.default_rng(0)` 得到的那样。`rng.permutation(n)` 给出打乱的
# $0, \dots, n - 1$。用 `rng` 以别的方法公平地打乱也一样可以。检查时会实际试验：四行数据分批 4000
# 个轮次，24 种顺序出现的次数应该差不多。
#
# **例子。** $n = 10$、`size = 4`，打乱后假如是 4、6、2、7、3、5、9、0、8、1，那么三批就是
# (4, 6, 2, 7)、(3, 5, 9, 0) 和 (8, 1)。


# %% task="batches"
def batches(n, size, rng):
    """The row numbers of one epoch, shuffled and cut into batches.

    n: samples   size: rows in a batch   rng: np.random.Generator
    ->  a list of arrays of integers, each (size,), the last one shorter if need be

    >>> epoch = batches(10, 4, np.random.default_rng(0))
    >>> [len(rows) for rows in epoch]
    [4, 4, 2]
    >>> sorted(np.concatenate(epoch).tolist())
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    ### BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 3. `mse_grads`
#
# Descent needs something to descend on. Take the simplest model, one neuron without an activation
# function, with the mean squared error over the rows of `X`:
#
# $$ p_i = w \cdot x_i + b, \qquad L = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)^2. $$
#
# Its gradients are
#
# $$ \frac{\partial L}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} (p_i - y_i)\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (p_i - y_i). $$
#
# Return the loss and a dictionary with the gradients, named as their parameters: `"w"` and `"b"`.
#
# **Why the mean?** Here $n$ is the number of rows that the function is *given*: all samples, or
# one batch. Write every row twice, and a sum doubles while a mean stays. With a sum, a larger batch
# would mean a larger step, and the learning rate would have to be found anew for every batch size.
#
# **Example.** Two samples: $x_1 = (1, 2)$ with $y_1 = 1$, and $x_2 = (3, 0)$ with $y_2 = 2$;
# $w = (1, -1)$, $b = 0$. Then $p = (-1, 3)$ and $p - y = (-2, 1)$, so $L = \frac{4 + 1}{2} = 2.5$.
# The gradient of $w$ is $\frac{2}{2} \left( -2 \cdot (1, 2) + 1 \cdot (3, 0) \right) = (1, -4)$,
# and that of $b$ is $\frac{2}{2} (-2 + 1) = -1$.

# %% [markdown] lang="zh"
# ## 任务 3. `mse_grads`
#
# 要下降，总得先有一座山。这里取最简单的模型：一个没有激活函数的神经元，损失是对 `X`
# 各行取平均的均方误差：
#
# $$ p_i = w \cdot x_i + b, \qquad L = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)^2. $$
#
# 它的梯度是
#
# $$ \frac{\partial L}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} (p_i - y_i)\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (p_i - y_i). $$
#
# 返回损失，以及一个装着梯度的字典，梯度与参数同名：`"w"` 和 `"b"`。
#
# **为什么取平均？** 这里的 $n$ 是*传进来的*行数：可能是全部样本，也可能只是一批。
# 如果把每一行都重复一遍，求和会翻倍，平均却不变。用求和的话，批次越大步子就越大，每换一个批次大小，
# 都得重新找学习率。
#
# **例子。** 两个样本：$x_1 = (1, 2)$，$y_1 = 1$；$x_2 = (3, 0)$，$y_2 = 2$。参数 $w = (1, -1)$，
# $b = 0$。于是 $p = (-1, 3)$，$p - y = (-2, 1)$，$L = \frac{4 + 1}{2} = 2.5$。$w$ 的梯度是
# $\frac{2}{2} \left( -2 \cdot (1, 2) + 1 \cdot (3, 0) \right) = (1, -4)$，$b$ 的梯度是
# $\frac{2}{2} (-2 + 1) = -1$。


# %% task="mse_grads"
def mse_grads(X, y, params):
    """Mean squared error of the linear neuron p = X w + b, and its gradients.

    X: (n, d)   y: (n,)   params: {"w": (d,), "b": a number}
    ->  (loss, grads)   loss: a number   grads: {"w": (d,), "b": a number}

    >>> X, y = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1.0, 2.0])
    >>> loss, grads = mse_grads(X, y, {"w": np.array([1.0, -1.0]), "b": 0.0})
    >>> float(loss), grads["w"], float(grads["b"])
    (2.5, array([ 1., -4.]), -1.0)
    """
    ### BEGIN SOLUTION
    error = X @ params["w"] + params["b"] - y
    grads = {"w": 2 * X.T @ error / len(X), "b": 2 * np.mean(error)}
    return np.mean(error**2), grads
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 4. `sgd_step`
#
# One update of all parameters. For every name in `params`,
#
# $$ \theta_{\text{new}} = \theta - \eta\, g_\theta. $$
#
# The minus sign is all of it: the gradient points uphill, and you go *downhill*.
#
# Return a *new* dictionary with the same names. The one that you were given, and the arrays in it,
# must not change. A network has more parameters than a neuron, so the names may be any, such as
# `"W1"` or `"b2"`; the two dictionaries may list them in another order; and a parameter may have
# any shape.
#
# **Example.** With $w = (1, -1)$ and $b = 0$, the gradients $(1, -4)$ and $-1$, and $\eta = 0.1$:
# $w$ becomes $(1 - 0.1,\ -1 + 0.4) = (0.9, -0.6)$ and $b$ becomes $0 + 0.1 = 0.1$. The loss of
# task 3 falls from $2.5$ to $1.04$.

# %% [markdown] lang="zh"
# ## 任务 4. `sgd_step`
#
# 把所有参数更新一次。对 `params` 里的每个名字：
#
# $$ \theta_{\text{new}} = \theta - \eta\, g_\theta. $$
#
# 关键就在这个减号：梯度指向上坡，而你要往*下坡*走。
#
# 返回一个*新的*字典，名字不变。传进来的字典和里面的数组都不能变。
# 网络的参数比一个神经元多，所以名字可以是任意的，例如 `"W1"`、`"b2"`；
# 两个字典里名字的顺序可以不同；参数可以是任意形状。
#
# **例子。** $w = (1, -1)$，$b = 0$，梯度是 $(1, -4)$ 和 $-1$，$\eta = 0.1$：$w$ 变成
# $(1 - 0.1,\ -1 + 0.4) = (0.9, -0.6)$，$b$ 变成 $0 + 0.1 = 0.1$。任务 3 里的损失从 $2.5$ 降到
# $1.04$。


# %% task="sgd_step"
def sgd_step(params, grads, lr):
    """One step against the gradient: each parameter minus lr times its gradient.

    params: {name: (...)}   grads: {the same names: (...)}   lr: a number > 0
    ->  a new dictionary {the same names: (...)}

    >>> new = sgd_step({"b": 2.0, "W": np.ones((1, 2))}, {"W": np.ones((1, 2)), "b": -4.0}, 0.5)
    >>> new["W"], float(new["b"])
    (array([[0.5, 0.5]]), 4.0)
    """
    ### BEGIN SOLUTION
    return {name: value - lr * grads[name] for name, value in params.items()}
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 5. `train`
#
# Put it together: one loop for all three modes. `mode` chooses the batch size:
#
# | `mode` | rows in a batch |
# |---|---|
# | `"batch"` | all of them |
# | `"mini-batch"` | `size` |
# | `"sgd"` | 1 |
#
# (`size` counts for `"mini-batch"` only.) Any other mode is a `ValueError`.
#
# `f` is a function that the caller chooses: `f(Xs, ys, params)` returns `(loss, grads)` for the
# rows it is given, just like your `mse_grads`; pass the three in this order, without names, for
# another `f` may call them otherwise. To be checked, everybody's training must make the same moves.
# Follow this recipe:
#
# 1. For every epoch deal the rows out anew, as in task 2.
# 2. For every batch of this epoch call `f` exactly once, on the rows of this batch alone: `Xs` of
#    shape `(m, d)` and `ys` of shape `(m,)`, even where $m = 1$, and with the *present* parameters.
#    Append the loss to the list `history`, and take one step with the gradients.
# 3. After `epochs` epochs return `(params, history)`: the parameters as they are now, and the list
#    with one loss for each *update*.
#
# So `len(history)` is what `count_updates` says.
#
# **Example.** The two samples of task 3, mode `"batch"`, `lr = 0.1`, two epochs. The first update
# is the one of task 4. At $w = (0.9, -0.6)$, $b = 0.1$ the errors are $(-1.2, 0.8)$ and the loss is
# $1.04$; the gradients $(1.2, -2.4)$ and $-0.4$ lead to $w = (0.78, -0.36)$ and $b = 0.14$. So
# `history` is `[2.5, 1.04]`.

# %% [markdown] lang="zh"
# ## 任务 5. `train`
#
# 现在合起来：三种模式共用一个循环。`mode` 决定批次大小：
#
# | `mode` | 一批的行数 |
# |---|---|
# | `"batch"` | 全部 |
# | `"mini-batch"` | `size` |
# | `"sgd"` | 1 |
#
# （`size` 只对 `"mini-batch"` 起作用。）其他的 `mode` 要抛出 `ValueError`。
#
# `f` 是调用者选定的函数：`f(Xs, ys, params)` 对传给它的那些行返回 `(loss, grads)`，就像你写的
# `mse_grads` 一样；三个参数按这个顺序传，不写参数名，因为别的 `f` 可能用别的名字。
# 为了能够检查，每个人的训练必须走同样的步骤。请按下面的步骤写：
#
# 1. 每个轮次都重新分批，方法同任务 2。
# 2. 对这个轮次的每一批，恰好调用一次 `f`，只传这一批的行：`Xs` 的形状是 `(m, d)`，`ys` 的形状是
#    `(m,)`，$m = 1$ 时也一样；参数用*当前的*。把损失加到列表 `history` 末尾，再用梯度走一步。
# 3. `epochs` 个轮次之后返回 `(params, history)`：此时的参数，以及每次*更新*一个损失的列表。
#
# 所以 `len(history)` 就是 `count_updates` 算出的次数。
#
# **例子。** 任务 3 的两个样本，`mode` 为 `"batch"`，`lr = 0.1`，两个轮次。第一次更新就是任务 4
# 的那一步。在 $w = (0.9, -0.6)$、$b = 0.1$ 处，误差是 $(-1.2, 0.8)$，损失是 $1.04$；梯度
# $(1.2, -2.4)$ 和 $-0.4$ 使参数变成 $w = (0.78, -0.36)$、$b = 0.14$。所以 `history` 是
# `[2.5, 1.04]`。


# %% task="train"
def train(X, y, params, mode, f, lr, epochs, size, rng):
    """Gradient descent for some epochs, in the steps that the task lists.

    X: (n, d)   y: (n,)   params: {name: (...)}   mode: "batch", "mini-batch" or "sgd"
    f: a function (Xs, ys, params) -> (loss, grads)   lr: a number > 0   epochs: a number >= 0
    size: rows in a mini-batch   rng: np.random.Generator
    ->  (params, history)   history: a list, the loss of each update

    Raises ValueError for any other mode.

    >>> X, y = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1.0, 2.0])
    >>> start = {"w": np.array([1.0, -1.0]), "b": 0.0}
    >>> rng = np.random.default_rng(0)
    >>> params, history = train(X, y, start, "batch", mse_grads, 0.1, 2, 1, rng)
    >>> params["w"].round(6), [round(float(loss), 6) for loss in history]
    (array([ 0.78, -0.36]), [2.5, 1.04])
    """
    ### BEGIN SOLUTION
    sizes = {"batch": len(X), "mini-batch": size, "sgd": 1}
    if mode not in sizes:
        raise ValueError(f"no such mode: {mode!r}")
    history = []
    for _ in range(epochs):
        for rows in batches(len(X), sizes[mode], rng):
            loss, grads = f(X[rows], y[rows], params)
            history.append(loss)
            params = sgd_step(params, grads, lr)
    return params, history
    ### END SOLUTION
