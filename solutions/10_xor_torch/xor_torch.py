# %% [markdown] lang="en"
# # 10. XOR in PyTorch
#
# In exercise 3 you chose the weights of an XOR network by hand. Now the network finds them itself,
# and PyTorch does what you wrote in exercises 7 and 8: it keeps the graph, walks back through it
# and moves the weights. What remains is a loop of four lines. Each of them can be forgotten or put
# in the wrong place, and often the result *still looks right*: a loop that never clears its
# gradients solves XOR 99 times in 100. So your loop is compared number by number with the right
# one. No `params` are passed here: a PyTorch network keeps its own, and `model.parameters()` lists
# them.
#
# **What this network puts out: logits.** The last layer is linear; its output $z$ is any number,
# the **logit**. The probability of the answer 1 is $p = \sigma(z)$, and $p > \frac12$ exactly where
# $z > 0$. The loss `nn.BCEWithLogitsLoss` takes the logits and *contains the sigmoid*:
#
# $$ L = -\frac{1}{n} \sum_{i} \bigl( y_i \ln p_i + (1 - y_i) \ln (1 - p_i) \bigr),
# \qquad p_i = \sigma(z_i). $$
#
# The lecture notes write a sigmoid at the end of the network and use `nn.BCELoss`. That is the same
# mathematics in two pieces; in one piece it is safe for large $z$. Never do both: a sigmoid *and*
# `BCEWithLogitsLoss` squash twice, and the loss can then not fall below 0.503.
#
# **Conventions of the course.** Rows are samples: `x (n, 2)`, and one output for each row:
# `(n, 1)`. Everything is `float32`, PyTorch's own type. A loss is a mean over the samples. Note
# that `nn.Linear(d_in, d_out)` keeps its weight as `(d_out, d_in)`, the transpose of this course's
# `W`.
#
# **You have a plain script already?** A file that trains a network on XOR at its top level and
# leaves it there under the name `model` is graded as well, by what it leaves behind, for up to **60
# of the 100 points**: 6 if `model` takes float32 rows of shape `(n, 2)` and gives one number for
# each, a logit or a probability; 14 for a hidden layer with an activation; 20 if its last step was
# right, which shows in the gradients of the parameters at that step; 12 if it has learnt XOR; 8 for
# four right answers. It need not be lucky: a script that sets no seed of its own is run from the
# seeds 1 to 25 until one run has learnt XOR, and that run counts. The last 40 points are about what
# your functions do in many runs: for them, write the functions.
#
# **What to do.** Replace each line `raise NotImplementedError(...)` by your own code. Then run
# `gradeflow check 10_xor_torch`. If you are stuck, `gradeflow hint train_step` (or any other task)
# helps you one step further.

# %% [markdown] lang="zh"
# # 10. 用 PyTorch 实现 XOR
#
# 在练习 3 里，XOR 网络的权重是你亲手选的。现在让网络自己去找，而你在练习 7、8 里写过的那些事由
# PyTorch 来做：保存计算图，沿着图往回走，移动权重。剩下的只是一个四行的循环。每一行都可能忘掉，
# 或者放错地方，而结果*看上去往往还是对的*：一个从来不清零梯度的循环，100 次里有 99 次也能解出 XOR。
# 所以这里会把你的循环和正确的循环一个数一个数地比较。这里不用传入 `params`：PyTorch
# 的网络自己保存参数，`model.parameters()` 会把它们列出来。
#
# **这个网络输出的是 logit。** 最后一层是线性的，它的输出 $z$ 可以是任何数，叫做 **logit**。
# 答案为 1 的概率是 $p = \sigma(z)$，而 $p > \frac12$ 恰好等价于 $z > 0$。损失
# `nn.BCEWithLogitsLoss` 接收 logit，*里面已经含有 sigmoid*：
#
# $$ L = -\frac{1}{n} \sum_{i} \bigl( y_i \ln p_i + (1 - y_i) \ln (1 - p_i) \bigr),
# \qquad p_i = \sigma(z_i). $$
#
# 讲义里在网络末尾加一个 sigmoid，再用 `nn.BCELoss`。数学上是一样的，只是分成了两块；
# 合成一块之后，$z$ 很大时也不会出问题。千万不要两个都用：sigmoid *加上* `BCEWithLogitsLoss`
# 等于压缩了两次，损失就再也降不到 0.503 以下。
#
# **本课约定。** 每一行是一个样本：`x (n, 2)`，每行一个输出：`(n, 1)`。全部用 `float32`，这是
# PyTorch 自己的默认类型。损失是对样本取的平均。注意 `nn.Linear(d_in, d_out)` 把权重存成
# `(d_out, d_in)`，正好是本课的 `W` 的转置。
#
# **已经有一个普通脚本了？** 如果一个文件在顶层训练 XOR 网络，并把它以 `model` 这个名字留在那里，
# 也会按它留下的东西评分，最多得 **100 分中的 60 分**：`model` 接收形状为 `(n, 2)` 的 float32
# 数据，每行输出一个数（logit 或概率），6 分；有带激活函数的隐藏层，14 分；
# 最后一步训练是对的（看这一步里参数的梯度），20 分；学会了 XOR，12 分；四个答案都对，8 分。
# 脚本不必靠运气：如果它没有自己设种子，就依次从种子 1 到 25 运行，直到有一次学会 XOR，
# 以那一次为准。剩下的 40 分考察你的函数多次运行的表现：要得到这些分，请写出各个函数。
#
# **怎么做。** 把每一行 `raise NotImplementedError(...)` 换成你自己的代码，然后运行
# `gradeflow check 10_xor_torch`。卡住的时候，
# `gradeflow hint train_step`（或者别的任务名）会给你下一步的提示。

# %%
import torch
from torch import nn

# %% [markdown] lang="en"
# ## Task 1. `xor_data`
#
# Return the four points of XOR and their labels as two tensors: `x` of shape `(4, 2)`, with the
# rows $(0,0), (0,1), (1,0), (1,1)$ in this order, and `y` of shape `(4, 1)`. Two things matter:
#
# * **The type.** `torch.tensor([0, 1])` has integers in it, and no layer and no loss takes them. It
#   must be `torch.float32`.
# * **The shape of `y`.** The network's output is `(4, 1)`. With a `y` of shape `(4,)` some losses
#   refuse, and others (`nn.MSELoss`) silently compare each output with *each* label, 16 pairs.
#
# **Example.** The third row of `x` is $(1, 0)$, and the third row of `y` is $(1)$: the point, and
# the answer of XOR there.

# %% [markdown] lang="zh"
# ## 任务 1. `xor_data`
#
# 返回 XOR 的四个点和它们的标签，两个张量：`x` 的形状是 `(4, 2)`，各行依次是 $(0,0)$、$(0,1)$、
# $(1,0)$、$(1,1)$；`y` 的形状是 `(4, 1)`。有两点要注意：
#
# * **类型。** `torch.tensor([0, 1])` 里面是整数，任何层、任何损失都不接受。类型必须是
#   `torch.float32`。
# * **`y` 的形状。** 网络的输出是 `(4, 1)`。如果 `y` 的形状是 `(4,)`，有的损失会报错；
#   有的（`nn.MSELoss`）则悄悄地把每个输出和*每个*标签相比，一共 16 对。
#
# **例子。** `x` 的第三行是 $(1, 0)$，`y` 的第三行是 $(1)$：一个点，以及 XOR 在那里的答案。


# %% task="xor_data"
def xor_data():
    """The four points of XOR and their labels, as float32 tensors.

    ->  (x, y)   x: (4, 2), the rows 00, 01, 10, 11   y: (4, 1)

    >>> x, y = xor_data()
    >>> x[2], y[2], x.dtype
    (tensor([1., 0.]), tensor([1.]), torch.float32)
    """
    ### BEGIN SOLUTION
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    return x, y
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 2. `XORNet`
#
# A network in PyTorch is a class. `__init__` makes the layers, `forward` says what happens to a
# batch `x`. Yours has 2 inputs, one hidden layer of `hidden` units with the activation `act`, and
# one output, the logit:
#
# $$ z = f(x W_1 + b_1)\, W_2 + b_2. $$
#
# Make the two layers with `nn.Linear` and leave their random start to PyTorch: do not choose
# weights, and do not set a seed. The activations by name are given in `ACTIVATIONS`. There is none
# after the last layer. And there must be one after the first: without it the network is one single
# linear layer, and you know from exercise 3 what that means for XOR.
#
# **Example.** Take relu, for the first layer the weights
# $\begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}$ and $b_1 = (0, -1)$, for the second $(1, -2)$ and
# $b_2 = -0.5$. Then the logits of the four points are $-0.5,\ 0.5,\ 0.5,\ -0.5$. That is XOR.

# %% [markdown] lang="zh"
# ## 任务 2. `XORNet`
#
# 在 PyTorch 里，网络是一个类。`__init__` 建立各层，`forward` 说明一批数据 `x` 怎样流过去。
# 你的网络有 2 个输入；一个隐藏层，有 `hidden` 个单元，激活函数是 `act`；还有一个输出，即 logit：
#
# $$ z = f(x W_1 + b_1)\, W_2 + b_2. $$
#
# 两层都用 `nn.Linear` 来建，随机的初始值交给 PyTorch：不要自己选权重，也不要设种子。
# 激活函数已按名字放在 `ACTIVATIONS` 里。最后一层之后没有激活函数，而第一层之后必须有：
# 没有它，整个网络就只是一个线性层；从练习 3 你已经知道，这对 XOR 意味着什么。
#
# **例子。** 第一层的权重是 $\begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}$，$b_1 = (0, -1)$；
# 第二层的权重是 $(1, -2)$，$b_2 = -0.5$；激活函数是 relu。这时四个点的 logit 是
# $-0.5,\ 0.5,\ 0.5,\ -0.5$，这就是 XOR。

# %%
ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}


# %% task="XORNet"
class XORNet(nn.Module):
    """Two inputs, one hidden layer, one logit.

    hidden: the number of hidden units   act: "tanh", "relu" or "sigmoid"
    XORNet(...)(x):  x: (n, 2)  ->  logits (n, 1)

    >>> XORNet(hidden=3, act="relu")(torch.zeros(5, 2)).shape
    torch.Size([5, 1])
    """

    def __init__(self, hidden=8, act="tanh"):
        super().__init__()
        ### BEGIN SOLUTION
        self.first = nn.Linear(2, hidden)
        self.last = nn.Linear(hidden, 1)
        self.activation = ACTIVATIONS[act]
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.last(self.activation(self.first(x)))
        ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 3. `train_step`
#
# One step of training with everything given: a network `model`, a batch `x` with its labels `y`, an
# optimizer `opt` that knows the network's parameters, and a `loss`, a function of outputs and
# labels. The step is always the same:
#
# 1. Clear the old gradients. PyTorch **adds** each new gradient to what is in `.grad` already;
#    without clearing, step 2 walks along the sum of the gradients of steps 1 and 2.
# 2. Run the network on the *whole* batch, and let `loss` compare outputs and labels. What the
#    network puts out goes into `loss` as it is: no sigmoid, no `squeeze`.
# 3. Walk back: `backward` fills the `.grad` of every parameter.
# 4. Let the optimizer make its step.
#
# Return the loss of step 2, that is, from *before* the weights moved, as an ordinary Python number
# (`.item()` makes one of a tensor). Your function must work with any network, optimizer and loss.
#
# **Example.** A single linear neuron with $w = (1, 2)$ and $b = 0$, one sample $x = (1, 1)$ with
# $y = 1$, `nn.MSELoss()` and `SGD` with `lr=0.1`: the output is $3$, the loss $4$, its gradient
# $2 \cdot 2 \cdot (1, 1)$ for $w$ and $4$ for $b$. After the step $w = (0.6,\ 1.6)$ and $b = -0.4$;
# a second step has the loss $0.64$ and leads to $w = (0.44,\ 1.44)$, $b = -0.56$.

# %% [markdown] lang="zh"
# ## 任务 3. `train_step`
#
# 走一步训练，要用的东西都已给好：网络 `model`，一批数据 `x` 和标签 `y`，认识网络参数的优化器
# `opt`，以及损失 `loss`（一个函数，参数是输出和标签）。这一步总是一样的：
#
# 1. 清零旧的梯度。PyTorch 会把新的梯度**加到** `.grad` 里已有的值上；不清零的话，第 2
#    步走的方向就是第 1、2 步的梯度之和。
# 2. 让网络处理*整*批数据，再用 `loss` 比较输出和标签。网络输出什么，就原样交给 `loss`：
#    不加 sigmoid，也不用 `squeeze`。
# 3. 往回走：`backward` 填好每个参数的 `.grad`。
# 4. 让优化器走一步。
#
# 返回第 2 步算出的损失，也就是权重移动*之前*的损失，类型是普通的 Python 数（`.item()`
# 可以把张量变成这样的数）。你的函数要适用于任何网络、优化器和损失。
#
# **例子。** 一个线性神经元，$w = (1, 2)$，$b = 0$；一个样本 $x = (1, 1)$，$y = 1$；损失是
# `nn.MSELoss()`，优化器是 `lr=0.1` 的 `SGD`：输出是 $3$，损失是 $4$；对 $w$ 的梯度是
# $2 \cdot 2 \cdot (1, 1)$，对 $b$ 的梯度是 $4$。走一步之后 $w = (0.6,\ 1.6)$，$b = -0.4$；
# 再走一步，损失是 $0.64$，之后 $w = (0.44,\ 1.44)$，$b = -0.56$。


# %% task="train_step"
def train_step(model, x, y, opt, loss):
    """One step of training: gradients, then a step of the optimizer.

    model: any network   x: (n, d)   y: (n, k), shaped like model(x)
    opt: an optimizer of the network's parameters   loss: loss(outputs, labels) -> a tensor
    ->  the loss before the step, a Python float

    >>> model = nn.Linear(2, 1)
    >>> model.weight.data, model.bias.data = torch.tensor([[1.0, 2.0]]), torch.zeros(1)
    >>> opt = torch.optim.SGD([*model.parameters()], lr=0.1)
    >>> train_step(model, torch.ones(1, 2), torch.ones(1, 1), opt, nn.MSELoss())
    4.0
    >>> model.weight.data
    tensor([[0.6000, 1.6000]])
    """
    ### BEGIN SOLUTION
    opt.zero_grad()
    value = loss(model(x), y)
    value.backward()
    opt.step()
    return value.item()
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 4. `train`
#
# Train a network that gives logits, from its present weights, for `epochs` epochs. Use plain
# `torch.optim.SGD` (without momentum) with the learning rate `lr`, and `nn.BCEWithLogitsLoss`. All
# samples are one batch, so an epoch is one step. Make the optimizer *once*, of **all** parameters
# of *this* model: it moves what it was given, and nothing else.
#
# Return the **history**, a list with the loss of each epoch: `epochs` Python numbers, the first one
# from before any weight has moved. The network itself is changed; it is not returned.
#
# **Example.** At first a network knows nothing, and the loss is near $\ln 2 \approx 0.693$: every
# answer has the probability $\frac12$. With the default values, eight tanh units learn XOR from
# practically every random start (20,000 of 20,000 that were tried), and the last loss is below 0.1.
# Your program is run on 20 fixed seeds, 1 to 20, and must learn XOR on at least 18 of them. The
# first five you see at once.

# %% [markdown] lang="zh"
# ## 任务 4. `train`
#
# 训练一个输出 logit 的网络，从它现在的权重开始，共 `epochs` 个轮次。用普通的
# `torch.optim.SGD`（不带动量），学习率为 `lr`；损失用 `nn.BCEWithLogitsLoss`。所有样本合成一批，
# 所以一个轮次就是一步。优化器只建*一次*，交给它*这个*模型的**全部**参数：给了它什么，它就移动什么，
# 别的一概不动。
#
# 返回 **history**：一个列表，里面是每个轮次的损失，共 `epochs` 个 Python 数，
# 第一个是权重还没有移动时的损失。网络本身会被改变，不必返回。
#
# **例子。** 一开始网络什么都不知道，每个答案的概率都是 $\frac12$，损失在 $\ln 2 \approx 0.693$
# 附近。用默认的参数值，八个 tanh 单元几乎从任何随机初始值都能学会 XOR（试了 20000 次，20000
# 次都成功），最后的损失小于 0.1。你的程序会用 20 个固定的种子（1 到 20）运行，至少要有 18 个学会
# XOR。前五个的结果马上就能看到。


# %% task="train"
def train(model, x, y, epochs=100, lr=2.0):
    """Train a network that gives logits, on all samples at once; it changes its weights.

    model: x (n, d) -> logits (n, 1)   x: (n, d)   y: (n, 1)
    epochs: how many steps   lr: the learning rate of SGD
    ->  history: a list of the losses, one Python float for each epoch

    >>> x, y = xor_data()
    >>> history = train(XORNet(), x, y)
    >>> len(history), history[-1] < 0.1
    (100, True)
    """
    ### BEGIN SOLUTION
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    loss = nn.BCEWithLogitsLoss()
    return [train_step(model, x, y, opt, loss) for _ in range(epochs)]
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 5. `predict`
#
# Turn logits into answers: 1 where the *probability* is above $\frac12$, else 0 (also at exactly
# $\frac12$), as a tensor with one answer for each row. Where does a *logit* have to lie for that?
# Look at the table.
#
# | logit $z$ | $-2$ | $-0.1$ | $0$ | $0.1$ | $0.4$ | $2$ |
# |---|---|---|---|---|---|---|
# | probability $\sigma(z)$ | 0.12 | 0.48 | 0.50 | 0.52 | 0.60 | 0.88 |
# | answer | 0 | 0 | 0 | 1 | 1 | 1 |
#
# **Example.** The logit $0.4$ means the probability $\sigma(0.4) \approx 0.60 > \frac12$, so the
# answer is 1, although $0.4 < \frac12$.

# %% [markdown] lang="zh"
# ## 任务 5. `predict`
#
# 把 logit 变成答案：*概率*大于 $\frac12$ 的地方是 1，否则是 0（恰好等于 $\frac12$ 时也是 0）；
# 返回一个张量，每行一个答案。那么 *logit* 应该在什么范围？看下面的表。
#
# | logit $z$ | $-2$ | $-0.1$ | $0$ | $0.1$ | $0.4$ | $2$ |
# |---|---|---|---|---|---|---|
# | 概率 $\sigma(z)$ | 0.12 | 0.48 | 0.50 | 0.52 | 0.60 | 0.88 |
# | 答案 | 0 | 0 | 0 | 1 | 1 | 1 |
#
# **例子。** logit 为 $0.4$ 时，概率是 $\sigma(0.4) \approx 0.60 > \frac12$，所以答案是 1，尽管
# $0.4 < \frac12$。


# %% task="predict"
def predict(model, x):
    """The answers of a network that gives logits: 0 or 1 for each row.

    model: x (n, d) -> logits (n, 1)   x: (n, d)  ->  (n, 1), of the numbers 0 and 1

    >>> predict(nn.Identity(), torch.tensor([[-0.1], [0.4], [2.0]]))
    tensor([[0.],
            [1.],
            [1.]])
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        return (model(x) > 0).float()
    ### END SOLUTION


# %% [markdown] lang="en"
# ## Task 6. `train_with_restarts`
#
# The network of the lecture notes is as small as can be: 2 inputs, **2** relu units, 1 output. It
# can do XOR, you saw its weights in task 2. But *finding* them from a random start succeeds only
# 244 times in 1,000, with 1,000 epochs at a learning rate of 0.1. In the other cases the code is
# right and the start was bad: a relu unit that gives 0 for all four points has the slope 0 there
# and never wakes up ("dead relu"), and the loss comes to rest on a plateau:
#
# | final loss | what the network does |
# |---|---|
# | $0.693 = \ln 2$ | all four points get $p = \frac12$ |
# | $0.477$ | one point is right, the other three share one answer, $\frac13$ or $\frac23$ |
# | $0.347 = \frac12 \ln 2$ | two points are right, the other two get $\frac12$ |
#
# ![Four losses over 1,000 epochs, all beginning between 0.69 and 0.8. One stays at 0.693, one comes
# to rest at 0.477 and one at 0.347; only the last goes on falling to nearly 0.](plateaus.png)
#
# **Figure.** Four starts of the same network, the same code and the same data.
# Three come to rest, one on each plateau (dotted). The fourth finds the way down.
#
# More epochs do not help, another optimizer does not help. Two things do: more units, or **another
# start**. Write the second. In a loop: make a *new* `XORNet(2, "relu")`, train it with your `train`
# for 1,000 epochs with `lr=0.1`, and stop as soon as it answers all four points right. At most
# `max_tries` networks. Return the network and how many you have trained. If none was right, return
# the last one.
#
# **Example.** Three starts fail, the fourth succeeds: return the fourth network, and 4. Of 25
# starts at least one succeeds in 999 of 1,000 cases: $1 - 0.756^{25} \approx 0.999$.

# %% [markdown] lang="zh"
# ## 任务 6. `train_with_restarts`
#
# 讲义里的网络小得不能再小：2 个输入，**2** 个 relu 单元，1 个输出。它能做 XOR，任务 2
# 里你已经见过那样的权重。但是要从随机的初始值出发*找到*它们（1000 个轮次，学习率 0.1），1000
# 次里只有 244 次成功。其余的时候，代码是对的，只是初始值不好：
# 如果一个 relu 单元在四个点上都输出 0，那里的导数也是 0，它就永远醒不过来（“relu 死亡”），
# 损失停在一个平台上：
#
# | 最后的损失 | 网络的状态 |
# |---|---|
# | $0.693 = \ln 2$ | 四个点都得到 $p = \frac12$ |
# | $0.477$ | 一个点对了，另外三个点的答案相同，$\frac13$ 或 $\frac23$ |
# | $0.347 = \frac12 \ln 2$ | 两个点对了，另外两个得到 $\frac12$ |
#
# ![四条损失曲线，横轴是 1000 个轮次，都从 0.69 到 0.8 之间开始。一条停在 0.693，一条停在 0.477，
# 一条停在 0.347，只有最后一条一直降到接近 0。](plateaus.png)
#
# **图。** 同一个网络、同样的代码、同样的数据，四个不同的初始值。三个停了下来，
# 每个平台（点线）上一个；第四个找到了下去的路。
#
# 多训练几个轮次没有用，换优化器也没有用。有用的办法有两个：增加单元，或者**换一个初始值**。
# 这里写第二个办法。循环：建一个*新的* `XORNet(2, "relu")`，用你的 `train` 训练 1000 个轮次，
# `lr=0.1`；只要四个点全答对了，就停下来。最多训练 `max_tries` 个网络。返回网络，
# 以及一共训练了几个。如果一个都没有成功，就返回最后一个。
#
# **例子。** 前三个初始值失败，第四个成功：返回第四个网络和 4。25 个初始值里至少有一个成功，1000
# 次里有 999 次：$1 - 0.756^{25} \approx 0.999$。


# %% figure="plateaus"
def draw_plateaus(fig):
    fig.set_size_inches(7.2, 3.2)
    ax = fig.subplots()
    for level, name in [(0.693, r"\ln 2"), (0.477, "0.477"), (0.347, r"\frac{1}{2} \ln 2")]:
        ax.axhline(level, color="0.75", lw=1, ls=":")
        ax.text(1015, level, f"${name}$", va="center", fontsize=12)
    for seed, colour in [(6, "C1"), (10, "C3"), (42, "C2"), (14, "C0")]:
        torch.manual_seed(seed)
        ax.plot(train(XORNet(2, "relu"), *xor_data(), epochs=1000, lr=0.1), colour)
    ax.set(xlim=(0, 1000), ylim=(0, 0.85), yticks=[0, 0.2, 0.4, 0.6, 0.8])


# %% task="train_with_restarts"
def train_with_restarts(max_tries=25):
    """Train fresh networks XORNet(2, "relu") until one of them answers XOR right.

    max_tries: how many networks at most, 1 or more
    ->  (model, tries)   model: the first one that is right, else the last
        tries: how many were trained

    >>> _ = torch.manual_seed(7)
    >>> model, tries = train_with_restarts()
    >>> predict(model, xor_data()[0]).flatten(), 1 <= tries <= 25
    (tensor([0., 1., 1., 0.]), True)
    """
    ### BEGIN SOLUTION
    points, labels = xor_data()
    for tries in range(1, max_tries + 1):
        model = XORNet(2, "relu")
        train(model, points, labels, epochs=1000, lr=0.1)
        if torch.equal(predict(model, points), labels):
            return model, tries
    return model, max_tries
    ### END SOLUTION


# %% [markdown] lang="en"
# **Look at it.** Take the `#` away and run these lines when everything works: the loss over 100
# epochs for 20 starts, with eight tanh units and with the notes' two relu units. The plateaus show.
#
# ```python
# # import matplotlib.pyplot as plt
# # for column, (hidden, act) in enumerate([(8, "tanh"), (2, "relu")]):
# #     plt.subplot(1, 2, column + 1, title=f"{hidden} {act}", xlabel="epoch", ylabel="loss")
# #     for seed in range(1, 21):
# #         torch.manual_seed(seed)
# #         plt.plot(train(XORNet(hidden, act), *xor_data()))
# # plt.show()
# ```

# %% [markdown] lang="zh"
# **看一看。** 全部写好之后，把 `#` 去掉再运行下面几行：20 个初始值、100 个轮次的损失曲线，
# 左边是八个 tanh 单元，右边是讲义的两个 relu 单元。那些平台一眼就能看到。
#
# ```python
# # import matplotlib.pyplot as plt
# # for column, (hidden, act) in enumerate([(8, "tanh"), (2, "relu")]):
# #     plt.subplot(1, 2, column + 1, title=f"{hidden} {act}", xlabel="epoch", ylabel="loss")
# #     for seed in range(1, 21):
# #         torch.manual_seed(seed)
# #         plt.plot(train(XORNet(hidden, act), *xor_data()))
# # plt.show()
# ```
