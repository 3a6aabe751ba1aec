# %% [markdown] lang="en"
# # 12. The whole procedure
#
# You can build a network, and you can train one. This exercise is about what stands around it, the
# steps that every real problem goes through:
#
# | step | question | here |
# |---|---|---|
# | problem, data | what is to be predicted, from what? | `X`, `y` |
# | split | on which rows do we learn, choose, and judge? | `split` |
# | preparation | are all features of similar size? | `standardize_…`, `prepare` |
# | measure, baseline | how good is it? how good is no model? | `accuracy`, `baseline` |
# | model, loss, training | | given: `fit`, `loss`, `predict` |
# | over-, underfitting | when was it best? what is wrong? | `best_epoch`, `diagnose`, `plot_…` |
# | choice | which of several networks? | `choose` |
# | test, *once* | how good will it be on new data? | `report` |
# | save | can it be used tomorrow? | `save` |
#
# **Why three parts?** A network can learn its rows by heart, so its loss on the rows that it learnt
# from says little about new rows. It is therefore *chosen* by its loss on other rows, the
# **validation** part. But if you try a hundred networks and take the best, you also pick the one
# that was lucky on the validation rows. So a third part, the **test** part, is locked away and used
# a single time, when nothing is left to decide. It is the only honest estimate of what comes.
#
# ![Ten numbered rows in a line, and below them the same rows dealt out in mixed order: six to
# "train", two to "validation", two to "test". A stroke leads from each row to its one new
# place.](parts.png)
#
# **Figure.** Ten rows are dealt out in random order, each to one part and no other.
# Weights are learnt on the first part, networks are chosen on the second, and the third is opened
# once.
#
# Nearly all mistakes in this exercise are one mistake: *something that should be unknown has been
# used*. Such a **leak** raises no error. The figures merely look better than they are.
#
# **Conventions of the course.** Rows are samples: `X (n, d)` are real numbers, `y (n,)` are
# classes, the whole numbers $0, 1, 2, \dots$. A *part* is a pair `(X, y)`, and the three parts
# stand in a dictionary under the names `"train"`, `"validation"` and `"test"`. Epochs are counted
# from 0, as Python counts. Chance comes only from the generator `rng` that a function is given. A
# function never changes the arrays and dictionaries that it was given. Python's own library, NumPy
# and matplotlib are all you need; `pandas`, `scipy`, `sklearn`, `torch` and `tensorflow` may not be
# used.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 12_workflow`. If you are stuck, `gradeflow hint split` (or any other task)
# helps you one step further. When all is done, the last cell shows your work on a real run.

# %% [markdown] lang="zh"
# # 12. 完整的流程
#
# 搭建网络、训练网络，你都会了。这个练习讲的是它周围的事，也就是每个实际问题都要走的步骤：
#
# | 步骤 | 要回答的问题 | 本练习 |
# |---|---|---|
# | 问题与数据 | 用什么预测什么？ | `X`、`y` |
# | 划分 | 在哪些行上学习、挑选、评判？ | `split` |
# | 预处理 | 各个特征的大小相近吗？ | `standardize_…`、`prepare` |
# | 指标与基线 | 回答有多好？完全不用模型有多好？ | `accuracy`、`baseline` |
# | 模型、损失、训练 | | 已给出：`fit`、`loss`、`predict` |
# | 过拟合与欠拟合 | 网络什么时候最好？毛病在哪里？ | `best_epoch`、`diagnose`、`plot_…` |
# | 选择 | 几个网络里选哪一个？ | `choose` |
# | 测试，*只一次* | 遇到新数据会有多好？ | `report` |
# | 保存 | 明天还能用吗？ | `save` |
#
# **为什么要分三份？** 网络可以把学过的行背下来，所以它在这些行上的损失，说明不了它对新的行有多好。
# 因此要根据它在另外一些行上的损失来*挑选*，这些行就是**验证集**（validation）。
# 但是试了一百个网络再取最好的，也会挑中在验证集上碰巧运气好的那个。
# 所以第三份，也就是**测试集**（test），要锁起来，等到再也没有什么要决定的时候，只用一次。
# 只有它能诚实地估计将来的表现。
#
# ![十个编了号的行排成一排，下面是打乱以后分到三份里的同样的行：六行给 "train"，
# 两行给 "validation"，两行给 "test"。每一行都有一条线，通到它唯一的新位置。](parts.png)
#
# **图。** 十行按随机的顺序分开，每一行只进一份。第一份用来学权重，第二份用来挑选网络，
# 第三份只打开一次。
#
# 这个练习里几乎所有的错误都是同一个错误：*用了本来不该知道的东西*。这样的**泄漏**不会报错，
# 只是让结果看起来比实际更好。
#
# **本课约定。** 每一行是一个样本：`X (n, d)` 是实数，`y (n,)` 是类别，即整数 $0, 1, 2, \dots$。
# 一*份*数据是一对 `(X, y)`，三份放在一个字典里，名字是 `"train"`、`"validation"` 和 `"test"`。
# 轮次像 Python 那样从 0 数起。随机性只来自传给函数的随机数生成器 `rng`。
# 函数绝不修改传入的数组和字典。只需要 Python 标准库、NumPy 和 matplotlib；这里不能使用
# `pandas`、`scipy`、`sklearn`、`torch` 和 `tensorflow`。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 12_workflow`。卡住的时候，`gradeflow hint split`（或者别的任务名）
# 会给你下一步的提示。全部完成之后，最后一个单元格会用你写的函数真正跑一遍。


# %% figure="parts"
def draw_parts(fig):
    fig.set_size_inches(7.6, 2.3)
    ax = fig.subplots()
    rows = np.random.default_rng(4).permutation(10)
    groups = [
        ("train", rows[:6], "C0", 0),
        ("validation", rows[6:8], "C2", 6.8),
        ("test", rows[8:], "C1", 9.6),
    ]
    for name, members, colour, left in groups:
        for place, row in enumerate(members):
            for x, y in [(row * 1.16, 1.7), (left + place, 0)]:
                ax.add_patch(plt.Rectangle((x, y), 0.9, 0.7, color=colour, alpha=0.85, lw=0))
                ax.text(x + 0.45, y + 0.33, f"${row}$", ha="center", va="center", color="white")
            line = {"arrowstyle": "-", "color": colour, "alpha": 0.5}
            ax.annotate("", (left + place + 0.45, 0.75), (row * 1.16 + 0.45, 1.65), arrowprops=line)
        ax.text(left - 0.05, -0.45, f'"{name}"', family="monospace", color=colour)
    ax.set(xlim=(-0.1, 11.7), ylim=(-0.6, 2.5))
    ax.axis("off")


# %%
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown] lang="en"
# ## Task 1. `split`
#
# Deal the rows out, in a random order, to the three parts. Of $m$ rows
#
# $$ \left\lfloor \tfrac{m}{5} \right\rfloor \text{ go to the test part}, \qquad
# \left\lfloor \tfrac{m}{5} \right\rfloor \text{ to the validation part}, \qquad
# \text{the rest to the training part} $$
#
# ($\lfloor\ \rfloor$ means rounded down.) There is a trap. Real data hold the *same row more than
# once*: a form was sent twice, a picture was copied. If one copy goes to the training part and
# another to the test part, then the network is tested on what it has learnt by heart. So **first
# keep one of each set of equal rows**, and only then deal out; $m$ counts the rows that are kept.
# `np.unique(X, axis=0, return_index=True)` finds them: its second answer is, for each row that is
# different from all others, the number of a row in `X` where it stands.
#
# Every row keeps its own class. (Rows that are equal have the same class here.) The order is drawn
# with `rng`, for instance by `rng.permutation(m)`.
#
# **Example.** Of 12 rows two are copies of others, so $m = 10$: 2 rows for the test, 2 for the
# validation and 6 for the training, and no row stands in two parts.

# %% [markdown] lang="zh"
# ## 任务 1. `split`
#
# 把各行按随机的顺序分成三份。共 $m$ 行时，
#
# $$ \text{测试集 } \left\lfloor \tfrac{m}{5} \right\rfloor \text{ 行}, \qquad
# \text{验证集 } \left\lfloor \tfrac{m}{5} \right\rfloor \text{ 行}, \qquad
# \text{其余的都是训练集} $$
#
# （$\lfloor\ \rfloor$ 表示向下取整。）这里有一个陷阱。实际数据里*同一行会出现不止一次*：
# 表格交了两遍，图片复制了一份。如果一份副本进了训练集，另一份进了测试集，
# 那就是拿网络已经背下来的东西去考它。所以**先在相同的行里只留一行**，然后才分；
# $m$ 是留下来的行数。`np.unique(X, axis=0, return_index=True)` 能找到它们：
# 它的第二个返回值，对每个互不相同的行，给出它在 `X` 里的一个行号。
#
# 每一行都还配着自己的类别。（这里相同的行，类别也相同。）顺序用 `rng` 来抽，例如
# `rng.permutation(m)`。
#
# **例子。** 12 行里有两行是别的行的副本，所以 $m = 10$：测试 2 行，验证 2 行，训练 6 行，
# 没有哪一行同时在两份里。


# %% task="split"
def split(X, y, rng):
    """Deal the rows, each kept only once, out to three parts in random order.

    X: (n, d)   y: (n,)   rng: np.random.Generator
    ->  {"train": (X, y), "validation": (X, y), "test": (X, y)}, each X (k, d) with its y (k,)

    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [1.0]]), np.array([0, 1, 0, 1, 0, 1])
    >>> parts = split(X, y, np.random.default_rng(0))
    >>> [len(parts[name][0]) for name in ("train", "validation", "test")]
    [3, 1, 1]
    """
    ### BEGIN SOLUTION
    _, first = np.unique(X, axis=0, return_index=True)
    rows = rng.permutation(first)
    fifth = len(rows) // 5
    test, validation, train = np.split(rows, [fifth, 2 * fifth])
    return {
        "train": (X[train], y[train]),
        "validation": (X[validation], y[validation]),
        "test": (X[test], y[test]),
    }
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 2. `standardize_fit`
#
# One feature is an age of about 40, another an income of about 40,000. Descent finds no learning
# rate that suits both. So each feature, that is each *column*, is shifted and scaled to mean 0 and
# standard deviation 1. This takes two steps, and they are two functions, for a reason that task 4
# shows. First measure: over the rows of `X`, for each column $j$,
#
# $$ \mu_j = \frac{1}{n} \sum_{i=1}^{n} x_{ij}, \qquad
# \sigma_j = \sqrt{\frac{1}{n} \sum_{i=1}^{n} (x_{ij} - \mu_j)^2}. $$
#
# A column that is the same in every row has $\sigma_j = 0$, and nobody can divide by that. Give
# **1** in its place.
#
# **Example.** The rows $(1, 7)$, $(3, 7)$, $(5, 7)$, $(7, 7)$: the means are $(4, 7)$. The first
# column deviates from its mean by $-3, -1, 1, 3$, so $\sigma_1 = \sqrt{20 / 4} = \sqrt 5$; the
# second is always 7. The answer is the pair of $(4, 7)$ and $(\sqrt 5, 1)$.

# %% [markdown] lang="zh"
# ## 任务 2. `standardize_fit`
#
# 一个特征是年龄，大约 40；另一个是收入，大约 40000。没有哪个学习率对两者都合适。
# 所以要把每个特征，也就是每一*列*，平移并缩放成均值为 0、标准差为 1。
# 这要分两步，写成两个函数，原因见任务 4。第一步是测量：对 `X` 的各行，每一列 $j$ 求
#
# $$ \mu_j = \frac{1}{n} \sum_{i=1}^{n} x_{ij}, \qquad
# \sigma_j = \sqrt{\frac{1}{n} \sum_{i=1}^{n} (x_{ij} - \mu_j)^2}. $$
#
# 如果某一列在每一行都一样，那么 $\sigma_j = 0$，而 0 不能做除数。这时用 **1** 代替。
#
# **例子。** 四行 $(1, 7)$、$(3, 7)$、$(5, 7)$、$(7, 7)$：均值是 $(4, 7)$。第一列与均值的差是
# $-3, -1, 1, 3$，所以 $\sigma_1 = \sqrt{20 / 4} = \sqrt 5$；第二列总是 7。
# 答案是一对数组：$(4, 7)$ 和 $(\sqrt 5, 1)$。


# %% task="standardize_fit"
def standardize_fit(X):
    """Mean and standard deviation of each column; 1 where a column never changes.

    X: (n, d)  ->  (mean, std)   mean: (d,)   std: (d,)

    >>> standardize_fit(np.array([[2.0, 7.0], [6.0, 7.0]]))
    (array([4., 7.]), array([2., 1.]))
    """
    ### BEGIN SOLUTION
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std == 0, 1.0, std)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 3. `standardize_apply`
#
# Then use what was measured. `stats` is the pair $(\mu, \sigma)$ that task 2 returns:
#
# $$ x_{ij} \leftarrow \frac{x_{ij} - \mu_j}{\sigma_j}. $$
#
# Measure nothing here. The rows may be others than those that `stats` comes from, even a single
# row: what would be *its* standard deviation?
#
# **Example.** With `stats` $= ((4, 7), (2, 1))$ the row $(6, 7)$ becomes $(1, 0)$, and the row
# $(0, 9)$ becomes $(-2, 2)$.

# %% [markdown] lang="zh"
# ## 任务 3. `standardize_apply`
#
# 第二步是使用量到的结果。`stats` 就是任务 2 返回的一对 $(\mu, \sigma)$：
#
# $$ x_{ij} \leftarrow \frac{x_{ij} - \mu_j}{\sigma_j}. $$
#
# 这里什么也不要测量。传进来的行可能不是测量 `stats` 时的那些行，甚至可能只有一行：
# *它*的标准差又是什么呢？
#
# **例子。** `stats` $= ((4, 7), (2, 1))$ 时，行 $(6, 7)$ 变成 $(1, 0)$，行 $(0, 9)$ 变成
# $(-2, 2)$。


# %% task="standardize_apply"
def standardize_apply(X, stats):
    """Shift and scale each column by the given mean and standard deviation.

    X: (n, d)   stats: (mean, std), each (d,)  ->  (n, d), a new array

    >>> standardize_apply(np.array([[6.0, 7.0]]), (np.array([4.0, 7.0]), np.array([2.0, 1.0])))
    array([[1., 0.]])
    """
    ### BEGIN SOLUTION
    mean, std = stats
    return (X - mean) / std
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 4. `prepare`
#
# Now standardize all three parts. There is one question: whose mean, whose standard deviation?
#
# *Those of the training part, for all three.* The mean over all rows knows something about the test
# rows, so the test would no longer be about rows never seen. And if each part used its own, then
# the same customer would be another point in each part. In use, rows come one at a time and have no
# mean. **Whatever is measured is measured on the training part.**
#
# Return two things: the new dictionary of parts, with the classes as they were, and the `stats`,
# which are needed whenever the network is used later.
#
# **Example.** One feature; training rows 2 and 6, a validation row 4, a test row 10. The training
# part has $\mu = 4$ and $\sigma = 2$, so the parts become $-1$ and $1$; $0$; and $3$.

# %% [markdown] lang="zh"
# ## 任务 4. `prepare`
#
# 现在把三份都标准化。问题只有一个：用谁的均值，谁的标准差？
#
# *三份都用训练集的。* 全部行的均值含有测试行的信息，这样测试就不再是考从未见过的行了。
# 如果每份用自己的，那么同一位顾客在每份里会变成不同的点。而且实际使用时，数据是一行一行来的，
# 没有均值可言。**凡是要测量的，都在训练集上测量。**
#
# 返回两样东西：新的字典（类别不变），以及 `stats`，以后要使用这个网络的人都需要它。
#
# **例子。** 只有一个特征；训练集是 2 和 6，验证集是 4，测试集是 10。训练集的 $\mu = 4$，
# $\sigma = 2$，所以三份变成：$-1$ 和 $1$；$0$；$3$。


# %% task="prepare"
def prepare(parts):
    """Standardize the three parts with the statistics of the training part.

    parts: {"train": (X, y), "validation": (X, y), "test": (X, y)}
    ->  (new_parts, stats)   new_parts: a new dictionary like parts   stats: (mean, std), each (d,)

    >>> one = np.array([0])
    >>> parts = {"train": (np.array([[2.0], [6.0]]), np.array([0, 1]))}
    >>> parts |= {"validation": (np.array([[4.0]]), one), "test": (np.array([[10.0]]), one)}
    >>> new, stats = prepare(parts)
    >>> new["test"][0], stats
    (array([[3.]]), (array([4.]), array([2.])))
    """
    ### BEGIN SOLUTION
    stats = standardize_fit(parts["train"][0])
    return {name: (standardize_apply(X, stats), y) for name, (X, y) in parts.items()}, stats
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 5. `accuracy`
#
# The loss is what training makes small. What people want to know is: how many answers are right?
# The accuracy is the *share* of rows whose predicted class is the true one,
#
# $$ \mathrm{accuracy} = \frac{\text{number of rows with } \hat y_i = y_i}{n}, $$
#
# a number from 0 to 1. It is not a percentage, and no loss can be turned into it. Classes are mere
# names: an answer 3 for 2 is not "nearly right".
#
# **Example.** True classes $0, 2, 1, 2$, predicted $0, 1, 1, 0$: two of four, so $0.5$.

# %% [markdown] lang="zh"
# ## 任务 5. `accuracy`
#
# 训练要减小的是损失，而人们想知道的是：答对了多少？准确率就是预测类别等于真实类别的行所占的*比例*：
#
# $$ \text{准确率} = \frac{\hat y_i = y_i \text{ 的行数}}{n}, $$
#
# 它在 0 到 1 之间。它不是百分数，也不能由损失换算出来。类别只是名字：把 2 答成 3，不算“差不多对”。
#
# **例子。** 真实类别 $0, 2, 1, 2$，预测 $0, 1, 1, 0$：四个里对了两个，所以是 $0.5$。


# %% task="accuracy"
def accuracy(y, predicted):
    """The share of rows whose predicted class is the true one.

    y: (n,)   predicted: (n,)  ->  a number from 0 to 1

    >>> float(accuracy(np.array([0, 2, 1, 2]), np.array([0, 1, 1, 0])))
    0.5
    """
    ### BEGIN SOLUTION
    return np.mean(y == predicted)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 6. `baseline`
#
# Is an accuracy of 0.9 good? Not if nine of ten rows are of class 0: always answering 0 gets it
# too. That answer, without a look at `X`, is the **baseline**. A network that does not beat it has
# learnt nothing.
#
# Find the class that is the most frequent *in the training part*, and return the accuracy on `y`
# of always answering it. Of classes equally frequent take the smallest. (It is measured, so it is
# measured on the training part, as in task 4.)
#
# **Example.** Training classes $1, 1, 0, 2$: the answer is always 1. On $y = (0, 1, 0, 0)$ that is
# right once, so $0.25$.

# %% [markdown] lang="zh"
# ## 任务 6. `baseline`
#
# 准确率 0.9 算好吗？如果十行里有九行是类别 0，就不算：永远回答 0 也有这么高。
# 这种不看 `X` 的回答就是**基线**。不能超过它的网络，什么也没学到。
#
# 找出*训练集*里最常见的类别，返回在 `y` 上永远回答它的准确率。
# 如果有几个类别同样多，取最小的那个。（它是测量出来的，所以像任务 4 那样在训练集上测量。）
#
# **例子。** 训练集的类别是 $1, 1, 0, 2$：永远回答 1。在 $y = (0, 1, 0, 0)$ 上对了一次，所以是
# $0.25$。


# %% task="baseline"
def baseline(y_train, y):
    """The accuracy on y of always answering the most frequent class of y_train.

    y_train: (k,)   y: (n,)  ->  a number from 0 to 1

    >>> float(baseline(np.array([1, 1, 0, 2]), np.array([0, 1, 0, 0])))
    0.25
    """
    ### BEGIN SOLUTION
    most_frequent = np.argmax(np.bincount(y_train))
    return np.mean(y == most_frequent)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 7. `best_epoch`
#
# While a network trains, it writes a *history*: a dictionary of four lists, with one number for
# each epoch.
#
# | name | measured on |
# |---|---|
# | `"loss"`, `"accuracy"` | the training part |
# | `"val_loss"`, `"val_accuracy"` | the validation part |
#
# The training loss falls and falls. The validation loss falls as well, as long as the network
# learns what is true of all rows; and rises again when it begins to learn its own rows by heart. In
# between lies the epoch to go back to: the one with the **smallest validation loss**, and the
# earliest if there are several.
#
# ![Two curves over 60 epochs. The solid one, "loss", falls all the time. The dashed one,
# "val_loss", falls, turns and rises again. A dot and a dotted line mark its lowest place, at epoch
# 24.](valley.png)
#
# **Figure.** The training loss (solid) and the validation loss (dashed) of a history
# that was made up. The dot is the best epoch, 24. It is not the last one, and it is found on the
# dashed line.
#
# **Example.** `"loss"` is 0.9, 0.5, 0.3, 0.2 and `"val_loss"` is 1.0, 0.6, 0.7, 0.8: epoch 1 (the
# second one, for they are counted from 0).

# %% [markdown] lang="zh"
# ## 任务 7. `best_epoch`
#
# 网络训练时会写下一份*历史*（history）：一个字典，有四个列表，每个轮次一个数。
#
# | 名字 | 在哪里测量 |
# |---|---|
# | `"loss"`、`"accuracy"` | 训练集 |
# | `"val_loss"`、`"val_accuracy"` | 验证集 |
#
# 训练损失一直在降。网络学到的东西如果对所有的行都成立，验证损失也会降；
# 等它开始死记自己的那些行，验证损失就又升上去。应该回到的就是中间的那个轮次：
# **验证损失最小**的那个，如果有几个，取最早的。
#
# ![两条曲线，横轴是 60 个轮次。实线 "loss" 一直下降，虚线 "val_loss" 先下降，再回升，
# 最低的地方在轮次 24，用圆点和一条点线标出。](valley.png)
#
# **图。** 一份虚构的历史，训练损失是实线，验证损失是虚线。圆点就是最好的轮次 24：
# 它不是最后一个，而且要在虚线上找。
#
# **例子。** `"loss"` 是 0.9、0.5、0.3、0.2，`"val_loss"` 是 1.0、0.6、0.7、0.8：
# 答案是轮次 1（第二个，因为从 0 数起）。


# %% figure="valley"
def draw_valley(fig):
    fig.set_size_inches(6.4, 3)
    ax = fig.subplots()
    epochs, chance = np.arange(60), np.random.default_rng(1)
    loss = 0.1 + 0.7 * np.exp(-epochs / 11)
    val_loss = loss + 0.03 + 0.00016 * epochs**2 + chance.normal(0, 0.012, 60)
    best = best_epoch({"loss": loss, "val_loss": val_loss})
    ax.plot(epochs, loss, "C0")
    ax.plot(epochs, val_loss, "C1--")
    ax.axvline(best, color="0.6", lw=1.2, ls=":")
    ax.plot(best, val_loss[best], "o", color="0.2", zorder=3)
    ax.text(59.5, loss[-1] + 0.03, '"loss"', family="monospace", color="C0", ha="right")
    ax.text(50, val_loss[-1] + 0.02, '"val_loss"', family="monospace", color="C1", ha="right")
    ax.set(xlim=(0, 60), ylim=(0, 0.9), xticks=[0, best, 60], yticks=[0, 0.4, 0.8])


# %% task="best_epoch"
def best_epoch(history):
    """The epoch with the smallest validation loss, the earliest of several, counted from 0.

    history: {"loss": [...], "val_loss": [...], "accuracy": [...], "val_accuracy": [...]}
    ->  a whole number

    >>> int(best_epoch({"loss": [0.9, 0.5, 0.3, 0.2], "val_loss": [1.0, 0.6, 0.7, 0.8]}))
    1
    """
    ### BEGIN SOLUTION
    return np.argmin(history["val_loss"])
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 8. `diagnose`
#
# What is wrong with a network? Say which loss would be good enough, the *target*, and look at the
# two losses of the *last* epoch:
#
# | training loss | validation loss | answer | what helps |
# |---|---|---|---|
# | above the target | (any) | `"underfitting"` | a larger network, more epochs |
# | at most the target | above the target | `"overfitting"` | more data, regularization |
# | at most the target | at most the target | `"good"` | nothing: go on to the test |
#
# **Example.** For the history of task 7 and the target 0.4 the last losses are 0.2 and 0.8, so the
# answer is `"overfitting"`. With the target 0.1 it is `"underfitting"`, and with 0.8 `"good"`.

# %% [markdown] lang="zh"
# ## 任务 8. `diagnose`
#
# 网络的毛病在哪里？先说好损失到多少你就满意，这叫*目标*（target），然后看*最后*一个轮次的两个损失：
#
# | 训练损失 | 验证损失 | 答案 | 怎么办 |
# |---|---|---|---|
# | 高于目标 | （任意） | `"underfitting"`（欠拟合） | 更大的网络，更多轮次 |
# | 不高于目标 | 高于目标 | `"overfitting"`（过拟合） | 更多数据，正则化 |
# | 不高于目标 | 不高于目标 | `"good"`（好） | 不用做什么，去测试吧 |
#
# **例子。** 对任务 7 的历史，目标为 0.4 时，最后的损失是 0.2 和 0.8，所以答案是
# `"overfitting"`。目标为 0.1 时是 `"underfitting"`，为 0.8 时是 `"good"`。


# %% task="diagnose"
def diagnose(history, target):
    """Tell by the losses of the last epoch whether a network under- or overfits.

    history: as in best_epoch   target: a number, the loss to be content with
    ->  "underfitting", "overfitting" or "good"

    >>> diagnose({"loss": [0.9, 0.5, 0.3, 0.2], "val_loss": [1.0, 0.6, 0.7, 0.8]}, 0.4)
    'overfitting'
    """
    ### BEGIN SOLUTION
    if history["loss"][-1] > target:
        return "underfitting"
    return "overfitting" if history["val_loss"][-1] > target else "good"
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 9. `plot_curves`
#
# One look at the curves says more than the last numbers. Draw a history and return the *figure*.
# For everybody to read it in the same way, it has this form:
#
# * one new figure with two pairs of axes: `fig, (left, right) = plt.subplots(1, 2)`;
# * on the left the two losses, on the right the two accuracies;
# * on each, the line of the training part with the label `train`, the line of the validation part
#   with the label `validation`, and a legend;
# * across, the epochs $0, 1, 2, \dots$;
# * the axes are named: `epoch` across, and upwards `loss` on the left and `accuracy` on the right.
#
# What you add (a title, a grid, a mark at the best epoch) is up to you, as long as it has no label.
#
# A line is drawn by `left.plot(numbers, label="train")`: where no horizontal positions are given,
# they are $0, 1, 2, \dots$. Axes are named by `left.set_xlabel("epoch")` and
# `left.set_ylabel(...)`, and `left.legend()` draws the legend.
#
# **Example.** With `"loss"` 0.9, 0.5 and `"val_loss"` 1.0, 0.7 the left axes show two lines:
# `train` through $(0,\ 0.9)$ and $(1,\ 0.5)$, and `validation` through $(0,\ 1.0)$ and $(1,\ 0.7)$.

# %% [markdown] lang="zh"
# ## 任务 9. `plot_curves`
#
# 看一眼曲线，比看最后几个数更清楚。请画出一份历史，并返回*图*（figure）。
# 为了让每个人都能以同样的方式读懂，格式规定如下：
#
# * 新建一张图，里面有两个坐标系：`fig, (left, right) = plt.subplots(1, 2)`；
# * 左边画两个损失，右边画两个准确率；
# * 每边都有训练集的线，标签为 `train`，和验证集的线，标签为 `validation`，还要有图例；
# * 横轴是轮次：$0, 1, 2, \dots$；
# * 给坐标轴命名：横轴 `epoch`，纵轴左边 `loss`，右边 `accuracy`。
#
# 想再加点什么（标题、网格、在最好的轮次处做记号），随你的意，只要它没有标签。
#
# 画线用 `left.plot(numbers, label="train")`：不给横坐标时，横坐标就是 $0, 1, 2, \dots$。
# 坐标轴用 `left.set_xlabel("epoch")` 和 `left.set_ylabel(...)` 命名，`left.legend()` 画出图例。
#
# **例子。** `"loss"` 是 0.9、0.5，`"val_loss"` 是 1.0、0.7 时，左边有两条线：`train` 经过
# $(0,\ 0.9)$ 和 $(1,\ 0.5)$，`validation` 经过 $(0,\ 1.0)$ 和 $(1,\ 0.7)$。


# %% task="plot_curves"
def plot_curves(history):
    """Draw the losses on the left and the accuracies on the right, over the epochs.

    history: {"loss": [...], "val_loss": [...], "accuracy": [...], "val_accuracy": [...]}
    ->  a matplotlib figure

    >>> history = {"loss": [0.9, 0.5], "val_loss": [1.0, 0.7]}
    >>> history |= {"accuracy": [0.6, 0.8], "val_accuracy": [0.5, 0.7]}
    >>> len(plot_curves(history).axes)
    2
    """
    ### BEGIN SOLUTION
    fig, (left, right) = plt.subplots(1, 2, layout="tight")
    for ax, name in ((left, "loss"), (right, "accuracy")):
        ax.plot(history[name], label="train")
        ax.plot(history[f"val_{name}"], label="validation")
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.legend()
    return fig
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 10. `choose`
#
# Which network? You try several *configurations*: numbers of hidden units, learning rates. What a
# configuration looks like does not matter to your function, because it gets two functions that
# know:
#
# | function | what it does |
# |---|---|
# | `fit(config, X, y, X_val, y_val)` | trains a network on `X`, `y` and returns it, a *model* |
# | `loss(model, X, y)` | the loss of a model on these rows, a number |
#
# While `fit` trains, it watches the loss on `X_val`, `y_val`, to know when to stop.
#
# Call `fit` exactly once for each configuration, in their order: on the training part, watching the
# validation part. Compute the loss of every model **on the validation part**. The smallest one
# wins, the first of several.
#
# The dictionary `parts` holds the test part too. Leave it where it is: if you choose by the test
# part, you turn it into a validation part, and have none left to test on.
#
# Return three things: the number of the winner in `configs` (from 0), its model as `fit` returned
# it, and the list of all validation losses in the order of `configs`.
#
# **Example.** Three configurations with the validation losses 0.7, 0.4 and 0.5 give `1`, the second
# model, and `[0.7, 0.4, 0.5]`.

# %% [markdown] lang="zh"
# ## 任务 10. `choose`
#
# 选哪个网络？你要试几种*配置*（config）：不同的隐藏单元数，不同的学习率。
# 配置是什么样子，你的函数不用管，因为它会得到两个懂得配置的函数：
#
# | 函数 | 作用 |
# |---|---|
# | `fit(config, X, y, X_val, y_val)` | 在 `X`、`y` 上训练一个网络并返回它，即*模型* |
# | `loss(model, X, y)` | 模型在这些行上的损失，一个数 |
#
# `fit` 训练时会观察 `X_val`、`y_val` 上的损失，好知道什么时候停。
#
# 对每个配置，按顺序恰好调用一次 `fit`：在训练集上训练，观察验证集。
# 然后求每个模型**在验证集上**的损失。最小的获胜，如果有几个，取第一个。
#
# 字典 `parts` 里也有测试集。不要动它：如果你根据测试集来挑选，就把它变成了验证集，
# 也就没有东西可以用来测试了。
#
# 返回三样东西：获胜者在 `configs` 里的编号（从 0 数起），`fit` 返回的那个模型，
# 以及按 `configs` 的顺序排列的全部验证损失的列表。
#
# **例子。** 三个配置的验证损失是 0.7、0.4 和 0.5，那么返回 `1`、第二个模型，以及
# `[0.7, 0.4, 0.5]`。


# %% task="choose"
def choose(parts, configs, fit, loss):
    """Train a model for each configuration and take the one with the smallest validation loss.

    parts: {"train": (X, y), "validation": (X, y), "test": (X, y)}   configs: a list, not empty
    fit: a function (config, X, y, X_val, y_val) -> model
    loss: a function (model, X, y) -> a number
    ->  (best, model, losses)   best: its number in configs   losses: a list, one for each config

    >>> part = (np.zeros((2, 1)), np.array([0, 1]))
    >>> parts = {"train": part, "validation": part, "test": part}
    >>> fit = lambda config, X, y, X_val, y_val: config
    >>> best, model, losses = choose(parts, [0.5, 0.25], fit, lambda model, X, y: model)
    >>> int(best), model, losses
    (1, 0.25, [0.5, 0.25])
    """
    ### BEGIN SOLUTION
    models = [fit(config, *parts["train"], *parts["validation"]) for config in configs]
    losses = [loss(model, *parts["validation"]) for model in models]
    best = np.argmin(losses)
    return best, models[best], losses
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 11. `report`
#
# The whole way, from the raw data to the one figure that counts. There is one more function,
# `predict(model, X)`, which returns the classes `(n,)` that a model answers.
#
# 1. Split the rows, and prepare the parts.
# 2. Choose the model.
# 3. Only now, when nothing is left to decide, open the test part: call `predict` on it **once**,
#    with the chosen model, and compute the accuracy. Compute the baseline on the test part too, so
#    that the two can be compared.
#
# Never give the test part to `fit` or `loss`, and do not train again. Return a dictionary:
#
# | name | value |
# |---|---|
# | `"config"` | the configuration that was chosen |
# | `"model"` | its model |
# | `"stats"` | mean and standard deviation, from task 4 |
# | `"validation_loss"` | its loss on the validation part |
# | `"baseline"` | the baseline's accuracy on the test part |
# | `"test_accuracy"` | the model's accuracy on the test part |
#
# **Example.** Of 10 different rows 2 are test rows, with the classes 0 and 1. If the model answers
# 1 for both, `"test_accuracy"` is 0.5. If class 0 is the most frequent in the training part,
# `"baseline"` is 0.5 as well: the model is no better than no model.
#
# And if the accuracy is disappointing? Then that is the result. If you go back now, change
# something and test again, you have begun to choose by the test part.

# %% [markdown] lang="zh"
# ## 任务 11. `report`
#
# 走完全程：从原始数据到唯一算数的那个数字。这里还多一个函数 `predict(model, X)`，
# 它返回模型回答的类别 `(n,)`。
#
# 1. 划分各行，并预处理三份数据。
# 2. 选出模型。
# 3. 到了这时，再也没有什么要决定了，才打开测试集：用选出的模型对它调用**一次** `predict`，
#    算出准确率。基线也在测试集上算，这样两者才能比较。
#
# 绝不要把测试集交给 `fit` 或 `loss`，也不要再训练一次。返回一个字典：
#
# | 名字 | 值 |
# |---|---|
# | `"config"` | 选出的配置 |
# | `"model"` | 它的模型 |
# | `"stats"` | 任务 4 得到的均值和标准差 |
# | `"validation_loss"` | 它在验证集上的损失 |
# | `"baseline"` | 基线在测试集上的准确率 |
# | `"test_accuracy"` | 模型在测试集上的准确率 |
#
# **例子。** 10 个互不相同的行里有 2 行是测试集，类别是 0 和 1。如果模型对两行都回答 1，
# `"test_accuracy"` 就是 0.5。如果训练集里最常见的类别是 0，`"baseline"` 也是 0.5：
# 这个模型不比没有模型更好。
#
# 如果准确率令人失望呢？那它就是结果。如果你现在回头去改，再测一遍，就已经在根据测试集挑选了。


# %% task="report"
def report(X, y, configs, fit, loss, predict, rng):
    """Split, prepare, choose, and test once.

    X: (n, d)   y: (n,)   configs, fit, loss: as in choose
    predict: a function (model, X) -> classes (n,)   rng: np.random.Generator
    ->  {"config": ..., "model": ..., "stats": (mean, std), "validation_loss": a number,
         "baseline": a number, "test_accuracy": a number}

    >>> X, y = np.arange(10.0).reshape(10, 1), np.arange(10) % 2
    >>> fit, loss = lambda config, X, y, X_val, y_val: config, lambda model, X, y: model
    >>> zeros = lambda model, X: np.zeros(len(X), int)
    >>> told = report(X, y, [0.5, 0.25], fit, loss, zeros, np.random.default_rng(0))
    >>> told["config"], told["validation_loss"]
    (0.25, 0.25)
    """
    ### BEGIN SOLUTION
    parts, stats = prepare(split(X, y, rng))
    best, model, losses = choose(parts, configs, fit, loss)
    X_test, y_test = parts["test"]
    return {
        "config": configs[best],
        "model": model,
        "stats": stats,
        "validation_loss": losses[best],
        "baseline": baseline(parts["train"][1], y_test),
        "test_accuracy": accuracy(y_test, predict(model, X_test)),
    }
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 12. `save` and `load`
#
# A network is its weights, but a file with the weights alone is of no use: tomorrow's rows must be
# standardized by the same `stats`. So both go into one file. Write two functions, one that saves
# and one that loads, so that `load` returns what `save` was given.
#
# The model is one dictionary of arrays, as the parameters were in exercise 8, and `stats` is the
# pair from task 4. `path` ends in `.npz`. `np.savez(path, a=one, b=other)` writes arrays under
# names, and of a dictionary of arrays `np.savez(path, **arrays)` writes all. `np.load(path)` gives
# an object that works like a dictionary, with the names in its `.files`. (The model's own names
# begin with `W` or `b`, so `mean` and `std` are free.)
#
# **Example.** For the model `{"W": W, "b": b}` the file holds four arrays: `W`, `b`, `mean` and
# `std`. `load` gives back the model with `W` and `b` alone, and the pair `(mean, std)`.

# %% [markdown] lang="zh"
# ## 任务 12. `save` 与 `load`
#
# 网络就是它的权重，但是只存权重的文件没有用：明天的数据还要用同样的 `stats` 来标准化。
# 所以两者要存进同一个文件。写两个函数，一个保存，一个读取，使 `load` 返回的就是当初交给 `save` 的。
#
# 模型是一个装着数组的字典，就像练习 8 里的参数，`stats` 是任务 4 的那一对。`path` 以 `.npz` 结尾。
# `np.savez(path, a=one, b=other)` 把数组按名字写进文件，`np.savez(path, **arrays)`
# 把字典里的数组全部写进去。`np.load(path)` 返回的对象用起来像字典，所有的名字在它的 `.files` 里。
# （模型自己的名字以 `W` 或 `b` 开头，所以 `mean` 和 `std` 可以放心使用。）
#
# **例子。** 模型是 `{"W": W, "b": b}` 时，文件里有四个数组：`W`、`b`、`mean` 和 `std`。
# `load` 返回只含 `W` 和 `b` 的模型，以及一对 `(mean, std)`。


# %% task="save"
def save(path, model, stats):
    """Write a model and its statistics to one file.

    path: a text that ends in .npz   model: {name: array}   stats: (mean, std), each (d,)

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "net.npz")
    >>> save(path, {"W": np.eye(2)}, (np.zeros(2), np.ones(2)))
    >>> load(path)[0]["W"].shape
    (2, 2)
    """
    ### BEGIN SOLUTION
    mean, std = stats
    np.savez(path, mean=mean, std=std, **model)
    ### END SOLUTION


def load(path):
    """Read what save has written.

    path: a text that ends in .npz  ->  (model, stats)   model: {name: array}   stats: (mean, std)
    """
    ### BEGIN SOLUTION
    with np.load(path) as file:
        model = {name: file[name] for name in file.files}
    stats = model.pop("mean"), model.pop("std")
    return model, stats
    ### END SOLUTION


# %% [markdown] lang="en"
# ## A real run
#
# When all tasks are done, run this cell (or this file: `python workflow.py`). The problem: 200
# points in the plane, of which those in a ring are of class 1 and the others of class 0; one
# feature is a thousand times the other, one answer in ten is wrong, and 20 rows are copies. The
# network has one hidden layer, and the question is how many units it needs: 1, 8 or 200? The winner
# is saved as `network.npz`.
#
# Look at the curves. One unit cannot bend around a ring: *underfitting*, both losses stay up. Two
# hundred units reach the smallest training loss of all, but where does their validation loss go? It
# falls, turns, and climbs far above where it was: that is the valley of task 7, and `fit` goes back
# to its floor. Eight units come to rest, and their floor is the lowest.

# %% [markdown] lang="zh"
# ## 真正跑一遍
#
# 全部任务完成之后，运行这个单元格（或者运行整个文件：`python workflow.py`）。
# 问题是：平面上 200 个点，落在圆环里的是类别 1，其余是类别 0；
# 一个特征是另一个的一千倍，十个答案里有一个是错的，还有 20 行是副本。
# 网络有一个隐藏层，要问的是它需要多少个单元：1、8 还是 200？
# 获胜的网络会存成 `network.npz`。
#
# 看看曲线。一个单元弯不成一个环：这是*欠拟合*，两个损失都降不下来。
# 两百个单元的训练损失是最小的，可是验证损失到哪里去了？它先下降，再掉头，最后升得比原来还高得多：
# 这就是任务 7 里的那个山谷，`fit` 会回到谷底。八个单元的验证损失稳定下来，谷底也最低。

# %%
if __name__ == "__main__":

    def answers(model, X):
        hidden = np.tanh(X @ model["W1"] + model["b1"])
        scores = hidden @ model["W2"] + model["b2"]
        scores = scores - scores.max(axis=1, keepdims=True)
        return hidden, np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)

    def loss(model, X, y):
        _, P = answers(model, X)
        return -np.mean(np.log(np.clip(P[np.arange(len(y)), y], 1e-12, 1)))

    def predict(model, X):
        return answers(model, X)[1].argmax(axis=1)

    def fit(units, X, y, X_val, y_val):
        rng = np.random.default_rng(0)
        model = {"W1": rng.normal(scale=2, size=(2, units)), "b1": rng.normal(size=units)}
        model |= {"W2": rng.normal(size=(units, 2)) / np.sqrt(units), "b2": np.zeros(2)}
        history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
        best = model
        for _ in range(1500):
            H, P = answers(model, X)
            dZ2 = (P - np.eye(2)[y]) / len(y)
            dZ1 = dZ2 @ model["W2"].T * (1 - H**2)
            grads = {"W1": X.T @ dZ1, "b1": dZ1.sum(0), "W2": H.T @ dZ2, "b2": dZ2.sum(0)}
            model = {name: model[name] - 0.5 * grads[name] for name in model}
            for name, (Xs, ys) in {"": (X, y), "val_": (X_val, y_val)}.items():
                history[f"{name}loss"].append(loss(model, Xs, ys))
                history[f"{name}accuracy"].append(accuracy(ys, predict(model, Xs)))
            if best_epoch(history) == len(history["loss"]) - 1:
                best = model
        print(f"{units:4} units: {diagnose(history, 0.5)}; best epoch {best_epoch(history)}")
        plot_curves(history).suptitle(f"{units} hidden units")
        return best

    chance = np.random.default_rng(3)
    points = chance.uniform(-2, 2, size=(200, 2))
    ring = np.abs(np.hypot(*points.T) - 1.2) < 0.5
    classes = np.where(chance.random(200) < 0.1, ~ring, ring).astype(int)
    twice = chance.integers(200, size=20)
    rows = np.concatenate([points, points[twice]]) * [1, 1000]
    result = report(
        rows,
        np.concatenate([classes, classes[twice]]),
        [1, 8, 200],
        fit,
        loss,
        predict,
        np.random.default_rng(2),
    )
    for name in ("config", "validation_loss", "baseline", "test_accuracy"):
        print(f"{name:16}{result[name]:.3g}")
    save("network.npz", result["model"], result["stats"])
    plt.show()
