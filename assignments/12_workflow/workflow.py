# %% [markdown]
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
# **Figure (parts.png).** Ten rows are dealt out in random order, each to one part and no other.
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
#
# **Limits.** When your work is checked, one call of a function may compute for 5 s and the
# whole file for 40 s, with 1024 MiB of memory. What libraries take to be imported does
# not count.

# %%
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown]
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


# %%
def split(X, y, rng):
    """Deal the rows, each kept only once, out to three parts in random order.

    X: (n, d)   y: (n,)   rng: np.random.Generator
    ->  {"train": (X, y), "validation": (X, y), "test": (X, y)}, each X (k, d) with its y (k,)

    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [1.0]]), np.array([0, 1, 0, 1, 0, 1])
    >>> parts = split(X, y, np.random.default_rng(0))
    >>> [len(parts[name][0]) for name in ("train", "validation", "test")]
    [3, 1, 1]
    """
    raise NotImplementedError("split")


# %% [markdown]
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


# %%
def standardize_fit(X):
    """Mean and standard deviation of each column; 1 where a column never changes.

    X: (n, d)  ->  (mean, std)   mean: (d,)   std: (d,)

    >>> standardize_fit(np.array([[2.0, 7.0], [6.0, 7.0]]))
    (array([4., 7.]), array([2., 1.]))
    """
    raise NotImplementedError("standardize_fit")


# %% [markdown]
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


# %%
def standardize_apply(X, stats):
    """Shift and scale each column by the given mean and standard deviation.

    X: (n, d)   stats: (mean, std), each (d,)  ->  (n, d), a new array

    >>> standardize_apply(np.array([[6.0, 7.0]]), (np.array([4.0, 7.0]), np.array([2.0, 1.0])))
    array([[1., 0.]])
    """
    raise NotImplementedError("standardize_apply")


# %% [markdown]
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


# %%
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
    raise NotImplementedError("prepare")


# %% [markdown]
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


# %%
def accuracy(y, predicted):
    """The share of rows whose predicted class is the true one.

    y: (n,)   predicted: (n,)  ->  a number from 0 to 1

    >>> float(accuracy(np.array([0, 2, 1, 2]), np.array([0, 1, 1, 0])))
    0.5
    """
    raise NotImplementedError("accuracy")


# %% [markdown]
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


# %%
def baseline(y_train, y):
    """The accuracy on y of always answering the most frequent class of y_train.

    y_train: (k,)   y: (n,)  ->  a number from 0 to 1

    >>> float(baseline(np.array([1, 1, 0, 2]), np.array([0, 1, 0, 0])))
    0.25
    """
    raise NotImplementedError("baseline")


# %% [markdown]
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
# **Figure (valley.png).** The training loss (solid) and the validation loss (dashed) of a history
# that was made up. The dot is the best epoch, 24. It is not the last one, and it is found on the
# dashed line.
#
# **Example.** `"loss"` is 0.9, 0.5, 0.3, 0.2 and `"val_loss"` is 1.0, 0.6, 0.7, 0.8: epoch 1 (the
# second one, for they are counted from 0).


# %%
def best_epoch(history):
    """The epoch with the smallest validation loss, the earliest of several, counted from 0.

    history: {"loss": [...], "val_loss": [...], "accuracy": [...], "val_accuracy": [...]}
    ->  a whole number

    >>> int(best_epoch({"loss": [0.9, 0.5, 0.3, 0.2], "val_loss": [1.0, 0.6, 0.7, 0.8]}))
    1
    """
    raise NotImplementedError("best_epoch")


# %% [markdown]
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


# %%
def diagnose(history, target):
    """Tell by the losses of the last epoch whether a network under- or overfits.

    history: as in best_epoch   target: a number, the loss to be content with
    ->  "underfitting", "overfitting" or "good"

    >>> diagnose({"loss": [0.9, 0.5, 0.3, 0.2], "val_loss": [1.0, 0.6, 0.7, 0.8]}, 0.4)
    'overfitting'
    """
    raise NotImplementedError("diagnose")


# %% [markdown]
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


# %%
def plot_curves(history):
    """Draw the losses on the left and the accuracies on the right, over the epochs.

    history: {"loss": [...], "val_loss": [...], "accuracy": [...], "val_accuracy": [...]}
    ->  a matplotlib figure

    >>> history = {"loss": [0.9, 0.5], "val_loss": [1.0, 0.7]}
    >>> history |= {"accuracy": [0.6, 0.8], "val_accuracy": [0.5, 0.7]}
    >>> len(plot_curves(history).axes)
    2
    """
    raise NotImplementedError("plot_curves")


# %% [markdown]
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


# %%
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
    raise NotImplementedError("choose")


# %% [markdown]
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


# %%
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
    raise NotImplementedError("report")


# %% [markdown]
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


# %%
def save(path, model, stats):
    """Write a model and its statistics to one file.

    path: a text that ends in .npz   model: {name: array}   stats: (mean, std), each (d,)

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "net.npz")
    >>> save(path, {"W": np.eye(2)}, (np.zeros(2), np.ones(2)))
    >>> load(path)[0]["W"].shape
    (2, 2)
    """
    raise NotImplementedError("save")


def load(path):
    """Read what save has written.

    path: a text that ends in .npz  ->  (model, stats)   model: {name: array}   stats: (mean, std)
    """
    raise NotImplementedError("save")


# %% [markdown]
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
