# %% [markdown]
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
#
# **Limits.** When your work is checked, one call of a function may compute for 60 s and the
# whole file for 120 s, with 2048 MiB of memory. What libraries take to be imported does
# not count.

# %%
import torch
from torch import nn

# %% [markdown]
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


# %%
def xor_data():
    """The four points of XOR and their labels, as float32 tensors.

    ->  (x, y)   x: (4, 2), the rows 00, 01, 10, 11   y: (4, 1)

    >>> x, y = xor_data()
    >>> x[2], y[2], x.dtype
    (tensor([1., 0.]), tensor([1.]), torch.float32)
    """
    raise NotImplementedError("xor_data")


# %% [markdown]
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

# %%
ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}


# %%
class XORNet(nn.Module):
    """Two inputs, one hidden layer, one logit.

    hidden: the number of hidden units   act: "tanh", "relu" or "sigmoid"
    XORNet(...)(x):  x: (n, 2)  ->  logits (n, 1)

    >>> XORNet(hidden=3, act="relu")(torch.zeros(5, 2)).shape
    torch.Size([5, 1])
    """

    def __init__(self, hidden=8, act="tanh"):
        super().__init__()
        raise NotImplementedError("XORNet")

    def forward(self, x):
        raise NotImplementedError("XORNet")


# %% [markdown]
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


# %%
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
    raise NotImplementedError("train_step")


# %% [markdown]
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


# %%
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
    raise NotImplementedError("train")


# %% [markdown]
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


# %%
def predict(model, x):
    """The answers of a network that gives logits: 0 or 1 for each row.

    model: x (n, d) -> logits (n, 1)   x: (n, d)  ->  (n, 1), of the numbers 0 and 1

    >>> predict(nn.Identity(), torch.tensor([[-0.1], [0.4], [2.0]]))
    tensor([[0.],
            [1.],
            [1.]])
    """
    raise NotImplementedError("predict")


# %% [markdown]
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
# **Figure (plateaus.png).** Four starts of the same network, the same code and the same data.
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


# %%
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
    raise NotImplementedError("train_with_restarts")


# %% [markdown]
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
