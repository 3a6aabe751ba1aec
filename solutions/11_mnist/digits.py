# %% [markdown] lang="en"
# # 11. Handwritten digits: a network for MNIST in TensorFlow
#
# Everything you have built by hand in this course now comes together, with Keras doing the work:
# layers, softmax, cross-entropy, gradient descent by mini-batches. The task is a classic. MNIST
# holds small grey pictures of handwritten digits, and the network is to say which digit each
# picture shows.
#
# ![Twenty small pictures of handwritten digits in two rows, thick and thin, upright and slanted,
# with the digit in print under each.](samples.png)
#
# **Figure.** The first twenty training pictures of this course with their labels. No
# two of them write the same digit in the same way, and here and there it takes a second look.
#
# **The network.** A picture of 28×28 pixels is flattened to 784 numbers. Two hidden layers and an
# output of ten numbers follow, one for each digit:
#
# $$ x \in [0,1]^{784} \;\to\; a_1 = \mathrm{relu}(x W_1 + b_1)
# \;\to\; a_2 = \mathrm{relu}(a_1 W_2 + b_2)
# \;\to\; p = \mathrm{softmax}(a_2 W_3 + b_3) \in [0,1]^{10}. $$
#
# ![A picture of a 4, then a tall narrow column of its pixels marked 784, then three columns marked
# 128, 64 and 10. Between the columns stand W1 and b1, W2 and b2, W3 and b3. Beside the last column
# stand the digits 0 to 9.](flow.png)
#
# **Figure.** The way of one picture, with 128 and 64 hidden units. Its 28 rows are laid
# end to end into one long chain of 784 pixels (here upright); at the other end wait ten
# probabilities.
#
# The loss is the cross-entropy of exercise 6, $-\ln p_y$ for the right digit $y$, averaged over
# the pictures. The **accuracy** is the share of pictures whose most probable digit is the right
# one.
#
# **The data.** `keras.datasets.mnist.load_data()` gives two pairs of arrays, for training and for
# testing. In this course it works without the internet too: `offline_mnist()` in the first cell of
# code sees to it. It then gives the *course split*: 5,000 digits to train on and 1,000 to test on.
# **Never write the number of pictures into your program**: it is `len(x_train)`.
#
# **Words.** An *epoch* is one pass over all training digits. The *validation* digits are not
# trained on; after each epoch they show how well the network does on digits that it has not seen.
# The *history* is the record of loss and accuracy, on both, epoch by epoch.
#
# **Conventions of the course.** Rows are samples: `x (n, 28, 28)` or flattened `(n, 784)`, and ten
# outputs for each row: `(n, 10)`. Labels `y (n,)` are integers from 0 to 9. No `params` are passed
# here: a Keras model keeps its own, and `model.fit` moves them in place.
#
# **You have a plain script already?** A script or notebook without these functions is graded as
# well, by what it leaves behind: a trained model with the name `model`, its `history`, its
# figures, the first ten test digits as it predicts them, and its test accuracy.
#
# **Scripts and notebooks.** A program that runs in an editor but not in a notebook, or the other
# way round, nearly always depends on what an earlier cell has left in memory, or runs in another
# Python. Before you hand in: *restart the kernel and run all cells*. A cell that divides by 255
# and is run twice divides twice.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 11_mnist`. If you are stuck, `gradeflow hint load` (or any other task) helps
# you one step further.

# %% [markdown] lang="zh"
# # 11. 手写数字：用 TensorFlow 搭建 MNIST 网络
#
# 这门课里你亲手写过的东西，现在合到一起，由 Keras 来完成：层、softmax、交叉熵、小批量梯度下降。
# 任务是一个经典问题：MNIST 收集了许多手写数字的灰度小图片，网络要说出每张图片写的是哪个数字。
#
# ![两行共二十张手写数字的小图片，有粗有细，有正有斜，每张下面印着对应的数字。](samples.png)
#
# **图。** 本课的前二十张训练图片和它们的标签。同一个数字，没有两张写得一样，
# 有的还得看第二眼才认得出来。
#
# **网络。** 28×28 像素的图片展平成 784 个数，后面接两个隐藏层，再接有十个数的输出层，
# 每个数字对应一个：
#
# $$ x \in [0,1]^{784} \;\to\; a_1 = \mathrm{relu}(x W_1 + b_1)
# \;\to\; a_2 = \mathrm{relu}(a_1 W_2 + b_2)
# \;\to\; p = \mathrm{softmax}(a_2 W_3 + b_3) \in [0,1]^{10}. $$
#
# ![一张数字 4 的图片，接着是一根标着 784 的细长像素柱，再是标着 128、64 和 10 的三根柱子。
# 柱子之间写着 W1 和 b1、W2 和 b2、W3 和 b3，最后一根旁边是数字 0 到 9。](flow.png)
#
# **图。** 一张图片走过的路，两个隐藏层取 128 和 64 个单元。图片的 28 行首尾相接，排成一长串 784
# 个像素（这里竖着画）；另一头是十个概率。
#
# 损失是练习 6 的交叉熵：对正确的数字 $y$ 取 $-\ln p_y$，再对所有图片求平均。
# **准确率**是概率最大的数字恰好正确的图片所占的比例。
#
# **数据。** `keras.datasets.mnist.load_data()` 给出两对数组，一对用于训练，一对用于测试。
# 在本课里不联网也能用，第一个代码单元格里的 `offline_mnist()` 就是为此准备的。
# 这时得到的是*课程划分*：5000 个训练数字和 1000 个测试数字。
# **不要把图片的数量写死在程序里**：它就是 `len(x_train)`。
#
# **几个词。** 把所有训练数字用一遍，叫一个*轮次*（epoch）。*验证*数字不参与训练；每个轮次之后，
# 用它们看网络在没见过的数字上表现如何。*history* 记录每个轮次在两者上的损失和准确率。
#
# **本课约定。** 每一行是一个样本：`x (n, 28, 28)`，或者展平成 `(n, 784)`；每行十个输出：
# `(n, 10)`。标签 `y (n,)` 是 0 到 9 的整数。这里不用传入 `params`：Keras 的模型自己保存参数，
# `model.fit` 会原地改动它们。
#
# **你已经有一个普通脚本？** 不写这些函数的脚本或笔记本也可以提交，按它留下的东西来评分：
# 训练好的模型 `model`、它的 `history`、它的图、它对前十个测试数字的预测，以及测试准确率。
#
# **脚本与笔记本。** 一个程序在编辑器里能运行、在笔记本里却不能（或者反过来），原因几乎总是：
# 它依赖先前的单元格留在内存里的东西，或者用的是另一个 Python。提交之前：*重启内核并全部运行*。
# 除以 255 的单元格运行两次，就除了两次。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，
# 然后运行 `gradeflow check 11_mnist`。卡住的时候，
# `gradeflow hint load`（或者别的任务名）会给你下一步的提示。


# %% figure="flow"
def draw_flow(fig):
    from autograder.data import course_mnist

    fig.set_size_inches(8, 2.7)
    ax = fig.subplots()
    picture = course_mnist().x_train[2]
    ax.imshow(picture, cmap="gray_r", extent=(-2.7, -0.5, -1.1, 1.1))
    ax.text(-1.6, -1.55, r"$28 \times 28$", ha="center", fontsize=13)
    ax.pcolormesh([0, 0.25], np.linspace(1.5, -1.5, 785), picture.reshape(784, 1), cmap="gray_r")
    layers = [
        (0.0, 1.5, "784", ""),
        (2.6, 0.95, "128", "C0"),
        (5.2, 0.65, "64", "C0"),
        (7.8, 1.2, "10", ""),
    ]
    for place in range(3):
        (x, height, _, _), (right, far, _, _) = layers[place : place + 2]
        corners = [(x + 0.3, height), (right - 0.05, far), (right - 0.05, -far), (x + 0.3, -height)]
        ax.fill(*zip(*corners, strict=True), color="C5", alpha=0.18, lw=0)
    for x, height, size, colour in layers:
        ax.add_patch(
            plt.Rectangle((x, -height), 0.25, 2 * height, fc=colour or "none", ec="0.3", lw=1)
        )
        ax.text(x + 0.12, -height - 0.45, f"${size}$", ha="center", fontsize=13)
    for x, name in [(1.4, "$W_1, b_1$"), (4.0, "$W_2, b_2$"), (6.6, "$W_3, b_3$")]:
        ax.text(x + 0.02, 0, name, ha="center", va="center", fontsize=13)
    for digit in range(10):
        ax.text(8.2, 1.08 - 0.24 * digit, f"${digit}$", va="center", fontsize=10)
    ax.set(xlim=(-2.8, 8.5), ylim=(-2.05, 1.6), aspect="equal")
    ax.axis("off")


# %% figure="samples"
def draw_samples(fig):
    from autograder.data import course_mnist

    fig.set_size_inches(8, 1.95)
    digits = course_mnist()
    for i, ax in enumerate(fig.subplots(2, 10).flat):
        ax.imshow(digits.x_train[i], cmap="gray_r")
        ax.set_xlabel(f"${digits.y_train[i]}$", labelpad=1)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)


# %%
from contextlib import suppress

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

keras = tf.keras

with suppress(ImportError):  # without the internet, load_data() then gives the course's digits
    from autograder.data import offline_mnist

    offline_mnist()

# %% [markdown] lang="en"
# ## Task 1. `load`
#
# A pixel comes as an integer from 0 (paper) to 255 (ink). A network learns badly from such large
# numbers: measured here, it ends at 0.88 where it could be at 0.93. So **divide all pixels by
# 255, exactly once**. The pictures keep their order. Their shape may stay `(n, 28, 28)`, or you
# may flatten them here to `(n, 784)`. The labels stay integers `(n,)`; one-hot rows `(n, 10)` are
# allowed if your loss takes them.
#
# **Example.** A pixel of 51 becomes $51 / 255 = 0.2$; 0 stays 0 and 255 becomes 1.

# %% [markdown] lang="zh"
# ## 任务 1. `load`
#
# 像素原来是 0（纸）到 255（墨）的整数。数这么大，网络学得不好：实测准确率停在 0.88，
# 而本来可以到 0.93。
# 所以**把所有像素除以 255，恰好一次**。图片保持原来的顺序，
# 形状可以保留 `(n, 28, 28)`，也可以在这里展平成 `(n, 784)`。标签仍是整数 `(n,)`；
# 如果你的损失要求 one-hot，也可以是 `(n, 10)`。
#
# **例子。** 像素 51 变成 $51 / 255 = 0.2$；0 仍是 0，255 变成 1。


# %% task="load"
def load():
    """Load MNIST with pixels from 0 to 1.

    ->  ((x_train, y_train), (x_test, y_test)), x: (n, 28, 28) or (n, 784), y: (n,) of 0 to 9

    >>> (x_train, y_train), (x_test, y_test) = load()
    >>> float(x_train.min()), float(x_train.max())
    (0.0, 1.0)
    """
    ### BEGIN SOLUTION
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    return (x_train / 255.0, y_train), (x_test / 255.0, y_test)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 2. `build_model`
#
# Build the network, with new random weights at each call: an input that fits what `load` gives,
# **two hidden layers** of the size you like (128 and 64 do well), each with an activation that
# bends, such as relu or tanh, and an **output of ten**. Without activations in between, three
# layers are one (exercise 3). The output is a softmax; or leave it as ten scores, if your loss
# says `from_logits=True`. Any style of Keras will do: `Sequential`, functional, a subclass;
# dropout and batch normalization are allowed.
#
# **Example.** With 128 and 64 units the matrices have the shapes (784, 128), (128, 64) and (64,
# 10). `keras.Input((28, 28))` tells the shape of one picture and `keras.layers.Flatten()` makes
# 784 numbers of it.

# %% [markdown] lang="zh"
# ## 任务 2. `build_model`
#
# 搭建网络，每次调用都有新的随机权重：与 `load` 的结果相配的输入，**两个隐藏层**（大小随意，
# 128 和 64 就很好），每个都有能弯曲的激活函数，例如 relu 或 tanh，最后是**十个数的输出层**。
# 中间没有激活函数的话，三层等于一层（练习 3）。输出用 softmax；也可以保留十个分数，
# 但这时损失要写 `from_logits=True`。Keras 的哪种写法都行：`Sequential`、函数式、子类；
# dropout 和批量归一化也可以用。
#
# **例子。** 取 128 和 64 个单元时，矩阵的形状是 (784, 128)、(128, 64) 和 (64, 10)。
# `keras.Input((28, 28))` 说明一张图片的形状，`keras.layers.Flatten()` 把它变成 784 个数。


# %% task="build_model"
def build_model():
    """Build a new network: input, two hidden layers, ten outputs.

    ->  a Keras model, not compiled; of images (n, 28, 28) it makes (n, 10)

    >>> tuple(build_model().output_shape)
    (None, 10)
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 3. `compile_model`
#
# Compiling ties three things to the model: an optimizer (Adam is a good start), a **cross-entropy
# loss**, and the metric `"accuracy"`. Two pairs must fit together:
#
# | labels | loss |
# |---|---|
# | integers `(n,)` | `sparse_categorical_crossentropy` |
# | one-hot rows `(n, 10)` | `categorical_crossentropy` |
#
# | last layer | loss |
# |---|---|
# | softmax | as it is: it takes probabilities |
# | none: scores (logits) | the class of the loss with `from_logits=True` |
#
# **Example.** For the right digit with the probability 0.8, the loss is $-\ln 0.8 = 0.223$. A
# network that knows nothing says 0.1 for each digit: $-\ln 0.1 = 2.303$. A loss that stays at 2.3
# means that nothing is learnt.

# %% [markdown] lang="zh"
# ## 任务 3. `compile_model`
#
# 编译给模型配上三样东西：优化器（Adam 是个好的开始）、**交叉熵损失**，以及指标 `"accuracy"`。
# 有两处必须互相配合：
#
# | 标签 | 损失 |
# |---|---|
# | 整数 `(n,)` | `sparse_categorical_crossentropy` |
# | one-hot 行 `(n, 10)` | `categorical_crossentropy` |
#
# | 最后一层 | 损失 |
# |---|---|
# | softmax | 直接用：它要的是概率 |
# | 无激活：分数（logit） | 用损失类，并写 `from_logits=True` |
#
# **例子。** 正确数字的概率为 0.8 时，损失是 $-\ln 0.8 = 0.223$。什么也不懂的网络给每个数字 0.1：
# $-\ln 0.1 = 2.303$。损失一直停在 2.3，就说明什么也没学到。


# %% task="compile_model"
def compile_model(model):
    """Give a model its optimizer, its loss and the metric "accuracy".

    model: as build_model made it  ->  the same model, compiled

    >>> compile_model(build_model()).compiled
    True
    """
    ### BEGIN SOLUTION
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 4. `fit`
#
# Train the model on `x` and `y` for that many epochs, and let it validate on `x_val` and `y_val`
# after each. Return the History that `model.fit` returns. Its attribute `history` is a dictionary
# with four lists, one number an epoch: `loss`, `accuracy`, `val_loss`, `val_accuracy`. The last
# two are there only if there is validation data.
#
# **Example.** 5,000 digits in mini-batches of 32 make $\lceil 5000 / 32 \rceil = 157$ steps an
# epoch. The course's network reaches 0.93 on unseen digits after ten epochs. For full points
# yours must reach 0.91 after ten epochs on the course split, for half of them 0.88; the better of
# two trainings counts.

# %% [markdown] lang="zh"
# ## 任务 4. `fit`
#
# 用 `x` 和 `y` 训练模型，训练 `epochs` 个轮次，每个轮次之后用 `x_val` 和 `y_val` 验证。
# 返回 `model.fit` 返回的 History。它的属性 `history` 是一个字典，有四个列表，每个轮次一个数：
# `loss`、`accuracy`、`val_loss`、`val_accuracy`。有验证数据时才有后两个。
#
# **例子。** 5000 个数字分成每批 32 个，每个轮次有 $\lceil 5000 / 32 \rceil = 157$ 步。
# 本课的网络十个轮次之后在没见过的数字上达到 0.93。要得满分，
# 你的网络在课程划分上训练十个轮次后要达到 0.91；达到 0.88 得一半。训练两次，取较好的一次。


# %% task="fit"
def fit(model, x, y, x_val, y_val, epochs):
    """Train a compiled model, and validate it after each epoch.

    x, y: as load gives them for training   x_val, y_val: the same for validation   epochs: >= 1
    ->  the History of model.fit

    >>> x, y = np.zeros((4, 28, 28)), np.array([1, 2, 3, 4])
    >>> history = fit(compile_model(build_model()), x, y, x, y, epochs=2)
    >>> [len(history.history[key]) for key in ("loss", "val_accuracy")]
    [2, 2]
    """
    ### BEGIN SOLUTION
    return model.fit(x, y, epochs=epochs, validation_data=(x_val, y_val), verbose=0)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 5. `plot_history`
#
# Draw the four series of a history over the epochs: the two losses and the two accuracies, each
# as one curve, in one figure; two coordinate systems side by side read well. A **legend** says
# which curve is which, wherever there is more than one. Return the figure. Where the training loss
# still falls and the validation loss rises, overfitting begins (exercise 9).
#
# **Example.** For `{"loss": [1.2, 0.7], …}` there is a curve through the values 1.2 and 0.7.

# %% [markdown] lang="zh"
# ## 任务 5. `plot_history`
#
# 把 history 的四个序列对轮次画出来：两个损失和两个准确率，各一条曲线，在同一张图里；
# 左右两个坐标系看起来最清楚。一个坐标系里不止一条曲线时，要用**图例**说明哪条是哪条。返回这张图。
# 训练损失还在下降、验证损失却回升的地方，就开始过拟合了（练习 9）。
#
# **例子。** 对 `{"loss": [1.2, 0.7], …}`，有一条曲线经过 1.2 和 0.7。


# %% task="plot_history"
def plot_history(history):
    """Draw loss, val_loss, accuracy and val_accuracy over the epochs.

    history: the History of model.fit  ->  a matplotlib figure with four curves and a legend

    >>> x, y = np.zeros((4, 28, 28)), np.array([1, 2, 3, 4])
    >>> history = fit(compile_model(build_model()), x, y, x, y, epochs=2)
    >>> sum(len(axes.lines) for axes in plot_history(history).axes)
    4
    """
    ### BEGIN SOLUTION
    figure, panels = plt.subplots(1, 2)
    for axes, key in zip(panels, ("loss", "accuracy"), strict=True):
        axes.plot(history.history[key], label="training")
        axes.plot(history.history[f"val_{key}"], label="validation")
        axes.set(xlabel="epoch", ylabel=key)
        axes.legend()
    return figure
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 6. `first10`
#
# Which digits does the model see in the first ten pictures of `x`? The model gives ten numbers
# for each picture; its answer is the *place* of the greatest. Older programs call
# `predict_classes`, which no longer exists: use `predict` and `np.argmax`.
#
# **Example.** Of the outputs $(0.1,\ 0.2,\ 0.6,\ 0.1,\ 0, \dots)$ the greatest is 0.6 and stands
# in place 2, counted from 0, so the answer is the digit 2.

# %% [markdown] lang="zh"
# ## 任务 6. `first10`
#
# 模型认为 `x` 的前十张图片各是什么数字？模型对每张图片给出十个数，最大的那个数的*位置*就是答案。
# 旧程序里的 `predict_classes` 已经不存在了：用 `predict` 和 `np.argmax`。
#
# **例子。** 输出 $(0.1,\ 0.2,\ 0.6,\ 0.1,\ 0, \dots)$ 里最大的是 0.6，从 0 数起在第 2 位，
# 所以答案是数字 2。


# %% task="first10"
def first10(model, x):
    """Say which digits a model sees in the first ten images.

    x: (n, 28, 28) or (n, 784) as load gives it, n >= 10  ->  (10,) of integers 0 to 9

    >>> first10(build_model(), np.zeros((12, 28, 28))).shape
    (10,)
    """
    ### BEGIN SOLUTION
    return np.argmax(model.predict(x[:10], verbose=0), axis=1)
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 7. `accuracy`
#
# Return the share of the images whose digit the model says rightly: a number from 0 to 1. Compare
# the prediction with the labels `y` that you are given. A result of exactly 1.0 is a reason to
# look twice: did you compare the prediction with itself?
#
# **Example.** Predicted $(7, 2, 1, 0)$, right $(7, 2, 1, 6)$: three of four, so $0.75$.

# %% [markdown] lang="zh"
# ## 任务 7. `accuracy`
#
# 返回模型说对的图片所占的比例：0 到 1 之间的一个数。要拿预测与传入的标签 `y` 比较。
# 如果结果恰好是 1.0，就要再看一眼：是不是拿预测与它自己比较了？
#
# **例子。** 预测 $(7, 2, 1, 0)$，正确的是 $(7, 2, 1, 6)$：四个对了三个，所以是 $0.75$。


# %% task="accuracy"
def accuracy(model, x, y):
    """Measure the share of right answers of a compiled model.

    x: images as load gives them   y: their labels, in the form in which load gives them
    ->  a number from 0 to 1

    >>> x, y = np.zeros((4, 28, 28)), np.array([3, 3, 3, 3])
    >>> float(accuracy(compile_model(build_model()), x, y)) in (0.0, 1.0)
    True
    """
    ### BEGIN SOLUTION
    return model.evaluate(x, y, verbose=0)[1]
    ### END SOLUTION


# %% [markdown] lang="en"
# ## All together
#
# This runs when you start the file as a script, or run the cell in a notebook; it takes some
# seconds.

# %% [markdown] lang="zh"
# ## 合到一起
#
# 把文件当作脚本运行，或者在笔记本里运行这个单元格，就会执行下面的程序；需要几秒钟。

# %%
if __name__ == "__main__":
    (x_train, y_train), (x_test, y_test) = load()
    model = compile_model(build_model())
    history = fit(model, x_train, y_train, x_test, y_test, epochs=10)
    plot_history(history)
    plt.show()
    print("first ten:", first10(model, x_test), "right:", y_test[:10])
    print(f"test accuracy: {accuracy(model, x_test, y_test):.4f}")
