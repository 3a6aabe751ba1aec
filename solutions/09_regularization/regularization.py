# %% [markdown] lang="en"
# # 9. Regularization: L1, L2, dropout
#
# A network with many weights can learn its training samples by heart, noise included. The training
# loss goes on falling, but on samples that it has not seen the loss rises again. This is
# **overfitting**. **Regularization** is whatever keeps a network from it. You write the three
# classic means:
#
# ![Two diagrams of losses over 10,000 updates. Without a penalty the training loss falls to nearly
# 0, while the dashed validation loss first falls to 0.22 and then climbs to 0.41. With the penalty
# the training loss stays a little higher, and the validation loss comes to rest near
# 0.24.](rise.png)
#
# **Figure.** Training loss (solid) and validation loss (dashed) over 10,000 updates: 80
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

# %% [markdown] lang="zh"
# # 9. 正则化：L1、L2 与 dropout
#
# 权重很多的网络可以把训练样本连同噪声一起背下来：训练损失不断下降，可是在没见过的样本上，
# 损失反而回升。这就是**过拟合**。凡是用来防止过拟合的办法，都叫**正则化**。
# 在这个练习里，你来写三种经典的办法：
#
# ![两幅损失图，横轴是 10000 次更新。没有惩罚时，训练损失几乎降到 0，虚线的验证损失先降到 0.22，
# 又升到 0.41。有惩罚时，训练损失略高一点，验证损失停在 0.24 附近。](rise.png)
#
# **图。** 10000 次更新里的训练损失（实线）和验证损失（虚线）：80 个权重，14 个带噪声的正弦样本。
# 横轴是更新次数，按 10 的幂次标出。没有惩罚（$\lambda = 0$）时，两条线越离越远；
# 用了 L2（$\lambda = 0.1$），距离就不再变大。
#
# * **L1** 惩罚：把所有权重的绝对值加进损失。它让许多权重恰好变成 0。
# * **L2** 惩罚：把所有权重的平方加进损失。它让所有权重都变小，但不会恰好变成 0。
# * **dropout**（随机失活）：训练时随机关掉一些单元，使任何单元都不能依赖别的单元。
#
# **几个词。** $\lambda$（参数 `lam`）是惩罚的*强度*，0 表示不惩罚。*丢弃*一个单元，
# 就是把它的输出换成 0。dropout 的*丢弃率*（参数 `rate`）是被丢弃的单元所占的比例。
#
# **本课约定。** 每一行是一个样本：`X (n, d)` 有 $n$ 个样本，每个样本 $d$ 个单元。
# 网络的参数是一个列表，每一层对应一对 `(W, b)`，和练习 3 一样：
#
#     params = [(W1, b1), (W2, b2), ...]     W: (d_in, d_out)   b: (d_out,)
#
# （练习 7 和 8 用的是字典；惩罚只要分得清权重和偏置，用一对就够了。）不同层的矩阵形状不同，
# 放不进同一个数组，所以要一层一层地取：`for W, b in params`。梯度的形式与参数相同，也是一个列表，
# 每层一对 `(dW, db)`，每个数组的形状与对应的参数相同。**偏置从不受惩罚**：偏置只是把曲线平移，
# 不会让它变陡。数组都是 `float64` 的 NumPy 数组，函数绝不修改传入的东西。
# 只需要 Python 标准库和 NumPy；这里不能使用 `scipy`、`torch` 和 `tensorflow`。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 09_regularization`。卡住的时候，
# `gradeflow hint l1_penalty`（或者别的任务名）会给你下一步的提示。


# %% figure="rise"
def draw_rise(fig):
    fig.set_size_inches(8, 3)
    rng = np.random.default_rng(3)
    x, x_val = rng.uniform(-3, 3, 14), rng.uniform(-3, 3, 200)
    y, y_val = (np.sin(each) + rng.normal(0, 0.4, len(each)) for each in (x, x_val))
    weights, shifts = rng.normal(0, 1.5, 80), rng.uniform(-4, 4, 80)
    X, X_val = (np.tanh(np.outer(each, weights) + shifts) for each in (x, x_val))
    for ax, lam in zip(fig.subplots(1, 2, sharey=True), [0.0, 0.1], strict=True):
        w, losses = np.zeros(80), []
        for _ in range(10_000):
            error = X @ w - y
            losses.append([np.mean(error**2), np.mean((X_val @ w - y_val) ** 2)])
            w = w - 0.008 * (2 * X.T @ error / len(y) + 2 * lam * w)
        shown = np.unique(np.geomspace(1, 10_000, 200).astype(int))
        train, validation = np.array(losses)[shown - 1].T
        ax.semilogx(shown, train, "C0")
        ax.semilogx(shown, validation, "C1--")
        ax.set(title=rf"$\lambda = {lam:g}$", ylim=(0, 0.6), yticks=[0, 0.2, 0.4, 0.6])


# %%
import numpy as np

# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 1. `l1_penalty`
#
# 把所有层的所有权重的绝对值加起来：
#
# $$ P_1 = \lambda \sum_{\text{layers}} \sum_{i,j} |W_{ij}|. $$
#
# **例子。** 两层：$W_1 = \begin{pmatrix} 1 & -2 \\ 0 & 3 \end{pmatrix}$，$b_1 = (5, 5)$；
# $W_2 = \begin{pmatrix} 0.5 \\ -1.5 \end{pmatrix}$，$b_2 = (7)$。权重的绝对值之和是
# $1 + 2 + 0 + 3 + 0.5 + 1.5 = 8$。$\lambda = 0.1$ 时惩罚为 $0.8$。偏置不算在内。


# %% task="l1_penalty"
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
    ### BEGIN SOLUTION
    return lam * sum(np.abs(W).sum() for W, _ in params)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 2. `d_l1_penalty`
#
# 某个权重变化时，惩罚怎样变化？$|w|$ 在 0 的右边以斜率 1 上升，在左边以斜率 $-1$ 下降：
#
# $$ \frac{\partial P_1}{\partial W_{ij}} = \lambda\, \mathrm{sign}(W_{ij}),
# \qquad \frac{\partial P_1}{\partial b_j} = 0. $$
#
# $w = 0$ 处有一个尖角，**本课规定那里的斜率取 0**。注意：权重无论大小，斜率的绝对值都一样，
# 所以 L1 会把小的权重一直拉到 0。
#
# **例子。** 仍用上面的两层，$\lambda = 0.1$：
# $dW_1 = \begin{pmatrix} 0.1 & -0.1 \\ 0 & 0.1 \end{pmatrix}$，$db_1 = (0, 0)$，
# $dW_2 = \begin{pmatrix} 0.1 \\ -0.1 \end{pmatrix}$，$db_2 = (0)$。


# %% task="d_l1_penalty"
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
    ### BEGIN SOLUTION
    return [(lam * np.sign(W), np.zeros_like(b)) for W, b in params]
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 3. `l2_penalty`
#
# 这次把平方加起来：
#
# $$ P_2 = \lambda \sum_{\text{layers}} \sum_{i,j} W_{ij}^2. $$
#
# **例子。** 还是那两层：$1 + 4 + 0 + 9 + 0.25 + 2.25 = 16.5$。$\lambda = 0.1$ 时惩罚为 $1.65$。
#
# 有些书在求和号前写 $\frac{\lambda}{2}$。**本课不这样写**，Keras 也不这样写。


# %% task="l2_penalty"
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
    ### BEGIN SOLUTION
    return lam * sum((W**2).sum() for W, _ in params)
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 4. `d_l2_penalty`
#
# $\lambda w^2$ 的斜率是 $2 \lambda w$：
#
# $$ \frac{\partial P_2}{\partial W_{ij}} = 2 \lambda W_{ij},
# \qquad \frac{\partial P_2}{\partial b_j} = 0. $$
#
# 这个 2 来自任务 3 中惩罚的定义。惩罚和梯度必须配套，否则梯度下降走的那座山，
# 就不是你报告的那座山了。
#
# 斜率随权重一起变小：L2 对大的权重拉得很用力，对小的权重几乎不拉。
#
# **例子。** 仍用上面的两层，$\lambda = 0.1$：
# $dW_1 = \begin{pmatrix} 0.2 & -0.4 \\ 0 & 0.6 \end{pmatrix}$，$db_1 = (0, 0)$，
# $dW_2 = \begin{pmatrix} 0.1 \\ -0.3 \end{pmatrix}$，$db_2 = (0)$。


# %% task="d_l2_penalty"
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
    ### BEGIN SOLUTION
    return [(2 * lam * W, np.zeros_like(b)) for W, b in params]
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 5. `add_penalty`
#
# 训练时，网络自己的损失 $L$（由数据得到）和它的梯度已经算好了。把惩罚*同时*加进这两者：
#
# $$ L_{\text{total}} = L + P, \qquad
# dW_{\text{total}} = dW + \frac{\partial P}{\partial W}, \qquad db_{\text{total}} = db. $$
#
# `kind` 是 `"l1"` 或 `"l2"`，表示用哪一种惩罚。请使用你在任务 1 到 4 中写好的函数。
#
# **例子。** $L = 2$，只有一层：$W = (3)$，$b = (1)$，梯度 $dW = (0.5)$，$db = (0.25)$。
# 用 `"l2"`、$\lambda = 0.1$ 时，总损失为 $2 + 0.1 \cdot 9 = 2.9$，新的 $dW$ 为
# $0.5 + 2 \cdot 0.1 \cdot 3 = 1.1$，$db$ 仍是 $0.25$。
#
# 调用者可能还要用到只由数据得到的梯度，所以请建立新的数组：`dW += ...` 会改写传入的数组。


# %% task="add_penalty"
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
    ### BEGIN SOLUTION
    if kind == "l1":
        penalty, slopes = l1_penalty(params, lam), d_l1_penalty(params, lam)
    else:
        penalty, slopes = l2_penalty(params, lam), d_l2_penalty(params, lam)
    pairs = zip(grads, slopes, strict=True)
    return loss + penalty, [(dW + more_W, db + more_b) for (dW, db), (more_W, more_b) in pairs]
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 6. `proximal_step`
#
# 人们说 L1 会让权重恰好变成 0，可是沿着 $\lambda |w|$ 的梯度走，几乎从来不会正好停在 0：
# 从 $w = 0.03$ 出发走一步 $0.05$，到了 $-0.02$；再走一步，又回到 $0.03$，在 0 的两边跳来跳去。
#
# **近端**（proximal）步解决了这个问题：先只对数据的损失做普通的梯度下降，然后不再沿惩罚的斜率走，
# 而是直接移到使 $\frac{1}{2}(v - w)^2 + \eta P(v)$ 最小的 $v$：离 $w$ 近，惩罚又小。
# $\eta$（参数 `lr`）是学习率。对这两种惩罚都有现成的公式：
#
# $$ \text{L1:}\quad v = \mathrm{sign}(w)\, \max(|w| - \eta\lambda,\ 0), \qquad\qquad
# \text{L2:}\quad v = \frac{w}{1 + 2\eta\lambda}. $$
#
# L1 把每个权重朝 0 移动同样的距离 $\eta\lambda$，到 0 就*停下*：离 0 不到这个距离的权重恰好变成 0。
# L2 把每个权重除以同一个数：权重变小，但不会变成 0。
#
# **例子。** $\eta = 0.5$，$\lambda = 0.5$，所以 $\eta\lambda = 0.25$。权重
# $(1,\ -0.1,\ 0.25,\ -2)$ 经过 L1 变成 $(0.75,\ 0,\ 0,\ -1.75)$；经过 L2，每个都除以 $1.5$，得到
# $(0.6667,\ -0.0667,\ 0.1667,\ -1.3333)$。偏置的值不变。


# %% task="proximal_step"
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
    ### BEGIN SOLUTION
    if kind == "l1":
        return [(np.sign(W) * np.maximum(np.abs(W) - lr * lam, 0.0), b) for W, b in params]
    return [(W / (1 + 2 * lr * lam), b) for W, b in params]
    ### END SOLUTION


# %% [markdown] lang="en"
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
# ![Two tables of six rows of eight squares, blue where a unit is kept and crossed out where it is
# dropped, with the number of blue squares at the end of each row. On the left it is always 4, on
# the right it differs from row to row.](masks.png)
#
# **Figure.** Masks for six samples of eight units, with the rate $0.5$: blue is kept, a
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

# %% [markdown] lang="zh"
# ## 任务 7. `dropout_forward`
#
# `X (n, d)` 是 $d$ 个单元对 $n$ 个样本的输出。**训练**时丢弃其中一部分：抽取一个形状与 `X`
# 相同的**掩码**（mask），保留的单元处为 1，丢弃的单元处为 0；令 $\text{keep} = 1 - \text{rate}$，
# 返回
#
# $$ \text{out} = \frac{X \cdot \text{mask}}{\text{keep}}, $$
#
# 其中的乘法是逐个元素相乘。
#
# * **每个样本有自己的掩码**：各行要独立抽取。
# * **为什么要除？** 丢弃率为 $0.25$ 时只剩四分之三的单元，下一层得到的和就小了四分之一；除以 $0.75$
#   以后，*平均*来说就对了。这叫*反向缩放*的 dropout（inverted dropout）。
# * **测试时**（`training` 为 `False`）什么也不做：`out` 的值就是 `X` 的值，掩码全是 1。
#   因为训练时已经除过，这里不需要再做任何事。
#
# `mode` 规定怎样抽取掩码：
#
# * `"bernoulli"`：每个单元以概率 `rate` 被丢弃，与其他单元无关，所以各行丢弃的个数不一样。
#   程序库都是这样做的。
# * `"fixed"`：每一行*恰好*丢弃 $\text{rate} \cdot d$ 个单元，每一种选法的可能性都相同。
#   可以放心，$\text{rate} \cdot d$ 一定是整数。
#
# ![两张表，各有六行，每行八个方格，保留的单元是蓝色，丢弃的打叉，每行后面写着蓝色方格的个数。
# 左边总是 4，右边各行不一样。](masks.png)
#
# **图。** 六个样本、八个单元的掩码，丢弃率为 $0.5$：蓝色是保留的，打叉的是丢弃的。
# 每行后面的数是保留的个数：左边总是 $4$，右边要对许多行取平均才是 $4$。
#
# 所有随机数都来自 `rng`，这是调用者用 `np.random.default_rng(seed)` 建立的 NumPy 随机数生成器，
# 所以同样的种子得到同样的掩码。可以用 `rng.random(shape)`（$[0, 1)$ 上的均匀分布）和
# `rng.permutation(d)`（把 $0 \dots d - 1$ 打乱顺序）。
#
# **例子。** $X = (2,\ 4,\ 6,\ 8)$，丢弃率 $0.5$，掩码 $(1,\ 0,\ 0,\ 1)$，则
# $\text{out} = (4,\ 0,\ 0,\ 16)$。可以放心，总有 $0 \le \text{rate} < 1$。
# `X` 可以有任意多行，甚至一行都没有。


# %% figure="masks"
def draw_masks(fig):
    fig.set_size_inches(7.4, 2.9)
    for ax, mode in zip(fig.subplots(1, 2), ["fixed", "bernoulli"], strict=True):
        _, mask = dropout_forward(np.ones((6, 8)), 0.5, np.random.default_rng(5), True, mode)
        ax.pcolormesh(mask, cmap="Blues", vmin=0, vmax=1.4, edgecolors="white", linewidth=2)
        for row, kept in enumerate(mask.sum(axis=1)):
            ax.text(8.35, row + 0.5, f"${kept:.0f}$", va="center", fontsize=13)
            for unit in np.flatnonzero(mask[row] == 0):
                ax.plot(unit + 0.5, row + 0.5, "x", color="0.6", ms=7, mew=1.5)
        ax.set(aspect="equal", xlim=(0, 8.8), ylim=(6, -1), xticks=[], yticks=[])
        ax.text(4, -0.35, f'"{mode}"', family="monospace", fontsize=12, ha="center")
        ax.spines[:].set_visible(False)


# %% task="dropout_forward"
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
    ### BEGIN SOLUTION
    if not training:
        return X, np.ones(X.shape)
    numbers = rng.random(X.shape)
    if mode == "fixed":
        # Sorting random numbers puts the units of each row in a random order.
        kept = numbers.argsort(axis=1) >= round(rate * X.shape[1])
    else:
        kept = numbers >= rate
    mask = np.where(kept, 1.0, 0.0)
    return X * mask / (1 - rate), mask
    ### END SOLUTION


# %% [markdown] lang="en"
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

# %% [markdown] lang="zh"
# ## 任务 8. `dropout_backward`
#
# 反向传播需要损失对 `X` 的梯度。掩码固定以后，每个输出就是输入乘以
# $\frac{\text{mask}}{\text{keep}}$，所以每个梯度也乘以同一个数：
#
# $$ dX = \frac{d\text{out} \cdot \text{mask}}{\text{keep}},
# \qquad \text{keep} = 1 - \text{rate}. $$
#
# `dout` 是对 `out` 的梯度，`mask` 是*前向传播时用的那一个*：被丢弃的单元没有参与输出，
# 所以它的梯度是 0。
#
# **例子。** $d\text{out} = (1,\ -1,\ 3,\ 2)$，掩码 $(1,\ 0,\ 0,\ 1)$，丢弃率 $0.75$：keep 为
# $0.25$，$dX = (4,\ 0,\ 0,\ 8)$。


# %% task="dropout_backward"
def dropout_backward(dout, mask, rate):
    """Gradient with respect to X of inverted dropout in training: dout * mask / (1 - rate).

    dout: (n, d)   mask: (n, d) of 1 and 0, as dropout_forward gave it   rate: 0 <= rate < 1
    ->  (n, d)

    >>> dout = np.array([[1.0, 5.0, 3.0, 2.0]])
    >>> mask = np.array([[1.0, 0.0, 0.0, 1.0]])
    >>> dropout_backward(dout, mask, 0.75)
    array([[4., 0., 0., 8.]])
    """
    ### BEGIN SOLUTION
    return dout * mask / (1 - rate)
    ### END SOLUTION
