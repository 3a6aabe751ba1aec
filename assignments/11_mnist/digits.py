# %% [markdown]
# # 11. Handwritten digits: a network for MNIST in TensorFlow
#
# Everything you have built by hand in this course now comes together, with Keras doing the work:
# layers, softmax, cross-entropy, gradient descent by mini-batches. The task is a classic. MNIST
# holds small grey pictures of handwritten digits, and the network is to say which digit each
# picture shows.
#
# **Figure (samples.png).** The first twenty training pictures of this course with their labels. No
# two of them write the same digit in the same way, and here and there it takes a second look.
#
# **The network.** A picture of 28×28 pixels is flattened to 784 numbers. Two hidden layers and an
# output of ten numbers follow, one for each digit:
#
# $$ x \in [0,1]^{784} \;\to\; a_1 = \mathrm{relu}(x W_1 + b_1)
# \;\to\; a_2 = \mathrm{relu}(a_1 W_2 + b_2)
# \;\to\; p = \mathrm{softmax}(a_2 W_3 + b_3) \in [0,1]^{10}. $$
#
# **Figure (flow.png).** The way of one picture, with 128 and 64 hidden units. Its 28 rows are laid
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
#
# **Limits.** When your work is checked, one call of a function may compute for 60 s and the
# whole file for 300 s, with 3072 MiB of memory. What libraries take to be imported does
# not count.

# %%
from contextlib import suppress

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

keras = tf.keras

with suppress(ImportError):  # without the internet, load_data() then gives the course's digits
    from autograder.data import offline_mnist

    offline_mnist()

# %% [markdown]
# ## Task 1. `load`
#
# A pixel comes as an integer from 0 (paper) to 255 (ink). A network learns badly from such large
# numbers: measured here, it ends at 0.88 where it could be at 0.93. So **divide all pixels by
# 255, exactly once**. The pictures keep their order. Their shape may stay `(n, 28, 28)`, or you
# may flatten them here to `(n, 784)`. The labels stay integers `(n,)`; one-hot rows `(n, 10)` are
# allowed if your loss takes them.
#
# **Example.** A pixel of 51 becomes $51 / 255 = 0.2$; 0 stays 0 and 255 becomes 1.


# %%
def load():
    """Load MNIST with pixels from 0 to 1.

    ->  ((x_train, y_train), (x_test, y_test)), x: (n, 28, 28) or (n, 784), y: (n,) of 0 to 9

    >>> (x_train, y_train), (x_test, y_test) = load()
    >>> float(x_train.min()), float(x_train.max())
    (0.0, 1.0)
    """
    raise NotImplementedError("load")


# %% [markdown]
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


# %%
def build_model():
    """Build a new network: input, two hidden layers, ten outputs.

    ->  a Keras model, not compiled; of images (n, 28, 28) it makes (n, 10)

    >>> tuple(build_model().output_shape)
    (None, 10)
    """
    raise NotImplementedError("build_model")


# %% [markdown]
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


# %%
def compile_model(model):
    """Give a model its optimizer, its loss and the metric "accuracy".

    model: as build_model made it  ->  the same model, compiled

    >>> compile_model(build_model()).compiled
    True
    """
    raise NotImplementedError("compile_model")


# %% [markdown]
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


# %%
def fit(model, x, y, x_val, y_val, epochs):
    """Train a compiled model, and validate it after each epoch.

    x, y: as load gives them for training   x_val, y_val: the same for validation   epochs: >= 1
    ->  the History of model.fit

    >>> x, y = np.zeros((4, 28, 28)), np.array([1, 2, 3, 4])
    >>> history = fit(compile_model(build_model()), x, y, x, y, epochs=2)
    >>> [len(history.history[key]) for key in ("loss", "val_accuracy")]
    [2, 2]
    """
    raise NotImplementedError("fit")


# %% [markdown]
# ## Task 5. `plot_history`
#
# Draw the four series of a history over the epochs: the two losses and the two accuracies, each
# as one curve, in one figure; two coordinate systems side by side read well. A **legend** says
# which curve is which, wherever there is more than one. Return the figure. Where the training loss
# still falls and the validation loss rises, overfitting begins (exercise 9).
#
# **Example.** For `{"loss": [1.2, 0.7], …}` there is a curve through the values 1.2 and 0.7.


# %%
def plot_history(history):
    """Draw loss, val_loss, accuracy and val_accuracy over the epochs.

    history: the History of model.fit  ->  a matplotlib figure with four curves and a legend

    >>> x, y = np.zeros((4, 28, 28)), np.array([1, 2, 3, 4])
    >>> history = fit(compile_model(build_model()), x, y, x, y, epochs=2)
    >>> sum(len(axes.lines) for axes in plot_history(history).axes)
    4
    """
    raise NotImplementedError("plot_history")


# %% [markdown]
# ## Task 6. `first10`
#
# Which digits does the model see in the first ten pictures of `x`? The model gives ten numbers
# for each picture; its answer is the *place* of the greatest. Older programs call
# `predict_classes`, which no longer exists: use `predict` and `np.argmax`.
#
# **Example.** Of the outputs $(0.1,\ 0.2,\ 0.6,\ 0.1,\ 0, \dots)$ the greatest is 0.6 and stands
# in place 2, counted from 0, so the answer is the digit 2.


# %%
def first10(model, x):
    """Say which digits a model sees in the first ten images.

    x: (n, 28, 28) or (n, 784) as load gives it, n >= 10  ->  (10,) of integers 0 to 9

    >>> first10(build_model(), np.zeros((12, 28, 28))).shape
    (10,)
    """
    raise NotImplementedError("first10")


# %% [markdown]
# ## Task 7. `accuracy`
#
# Return the share of the images whose digit the model says rightly: a number from 0 to 1. Compare
# the prediction with the labels `y` that you are given. A result of exactly 1.0 is a reason to
# look twice: did you compare the prediction with itself?
#
# **Example.** Predicted $(7, 2, 1, 0)$, right $(7, 2, 1, 6)$: three of four, so $0.75$.


# %%
def accuracy(model, x, y):
    """Measure the share of right answers of a compiled model.

    x: images as load gives them   y: their labels, in the form in which load gives them
    ->  a number from 0 to 1

    >>> x, y = np.zeros((4, 28, 28)), np.array([3, 3, 3, 3])
    >>> float(accuracy(compile_model(build_model()), x, y)) in (0.0, 1.0)
    True
    """
    raise NotImplementedError("accuracy")


# %% [markdown]
# ## All together
#
# This runs when you start the file as a script, or run the cell in a notebook; it takes some
# seconds.

# %%
if __name__ == "__main__":
    (x_train, y_train), (x_test, y_test) = load()
    model = compile_model(build_model())
    history = fit(model, x_train, y_train, x_test, y_test, epochs=10)
    plot_history(history)
    plt.show()
    print("first ten:", first10(model, x_test), "right:", y_test[:10])
    print(f"test accuracy: {accuracy(model, x_test, y_test):.4f}")
