"""Right, with np.delete and masks: the test rows are taken out first, then the others."""

import io

import matplotlib.pyplot as plt
import numpy as np


def split(X, y, rng):
    _, index = np.unique(X, return_index=True, axis=0)
    index.sort()
    X, y = X[index], y[index]
    k = len(X) // 5
    is_test = np.zeros(len(X), dtype=bool)
    is_test[rng.choice(len(X), size=k, replace=False)] = True
    rest = np.flatnonzero(~is_test)
    val = rng.choice(rest, size=k, replace=False)
    train = np.setdiff1d(rest, val)
    return {
        "test": (X[is_test], y[is_test]),
        "validation": (X[val], y[val]),
        "train": (X[train], y[train]),
    }


def standardize_fit(X):
    mean, std = X.mean(0), X.std(0)
    return mean, std + (std == 0)


def standardize_apply(X, stats):
    X = X.copy()
    X -= stats[0]
    X /= stats[1]
    return X


def prepare(parts):
    stats = standardize_fit(parts["train"][0])

    def turn(part):
        return standardize_apply(part[0], stats), part[1]

    return dict(zip(parts, map(turn, parts.values()))), stats


def accuracy(y, predicted):
    return (y == predicted).mean()


def baseline(y_train, y):
    counts = np.zeros(max(y_train.max(), y.max()) + 1)
    np.add.at(counts, y_train, 1)
    return (y == counts.argmax()).mean()


def best_epoch(history):
    return min(range(len(history["val_loss"])), key=lambda e: (history["val_loss"][e], e))


def diagnose(history, target):
    for name, answer in (("loss", "underfitting"), ("val_loss", "overfitting")):
        if history[name][-1] > target:
            return answer
    return "good"


def curve(ax, train, validation, name):
    ax.set_title(f"{name} over epochs")
    ax.set_xlabel("epoch")
    ax.set_ylabel(name)
    (one,) = ax.plot(train, color="tab:blue")
    (other,) = ax.plot(validation, color="tab:orange")
    ax.axhline(0, lw=0.5)
    one.set_label("train")
    other.set_label("validation")
    ax.legend([one, other], ["train", "validation"])


def plot_curves(history):
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3), constrained_layout=True)
    curve(left, history["loss"], history["val_loss"], "loss")
    curve(right, history["accuracy"], history["val_accuracy"], "accuracy")
    return fig


def choose(parts, configs, fit, loss):
    train, val = parts["train"], parts["validation"]
    models = list(map(lambda config: fit(config, train[0], train[1], val[0], val[1]), configs))
    losses = list(map(lambda model: float(loss(model, val[0], val[1])), models))
    best = losses.index(min(losses))
    return best, models[best], tuple(losses)


def report(X, y, configs, fit, loss, predict, rng):
    new, stats = prepare(split(X, y, rng))
    test = new.pop("test")
    best, model, losses = choose(new, configs, fit, loss)
    answer = {"config": configs[best], "model": model, "stats": stats}
    answer["validation_loss"] = loss(model, *new["validation"])
    answer["test_accuracy"] = accuracy(test[1], predict(model, test[0]))
    answer["baseline"] = baseline(new["train"][1], test[1])
    return answer


def save(path, model, stats):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **model, mean=stats[0], std=stats[1])
    with open(path, "wb") as file:
        file.write(buffer.getvalue())


def load(path):
    file = dict(np.load(path))
    stats = (file.pop("mean"), file.pop("std"))
    return file, stats
