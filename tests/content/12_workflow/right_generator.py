"""Right, with generators, comprehensions, and lambdas as far as they go."""

from pathlib import Path
from zipfile import ZipFile

import numpy as np
from matplotlib import pyplot as plt

rms = lambda D: (D**2).mean(axis=0) ** 0.5  # noqa: E731
share = lambda hits: sum(map(bool, hits)) / len(hits)  # noqa: E731


def pieces(rows, *sizes):
    start = 0
    for size in sizes:
        yield rows[start : start + size]
        start += size
    yield rows[start:]


def split(X, y, rng):
    order = np.lexsort(X.T)
    new = [True, *np.any(np.diff(X[order], axis=0) != 0, axis=1)]
    rows = rng.permuted(order[np.array(new)])
    fifth = len(rows) // 5
    names = ("validation", "test", "train")
    return {name: (X[p], y[p]) for name, p in zip(names, pieces(rows, fifth, fifth))}


def standardize_fit(X):
    mean = X.mean(axis=0)
    return mean, np.where(np.ptp(X, axis=0) == 0, 1, rms(X - mean))


def standardize_apply(X, stats):
    columns = zip(X.T, *stats)
    return np.column_stack([(column - m) / s for column, m, s in columns])


def prepare(parts):
    (X, _), stats = parts["train"], None
    stats = standardize_fit(X)
    return {k: (standardize_apply(v[0], stats), v[1]) for k, v in parts.items()}, stats


def accuracy(y, predicted):
    return share([a == b for a, b in zip(y, predicted)])


def baseline(y_train, y):
    values, counts = np.unique(y_train, return_counts=True)
    _, c = min((-n, v) for v, n in zip(values.tolist(), counts.tolist()))
    return share(y == c)


def best_epoch(history):
    return next(e for e, v in enumerate(history["val_loss"]) if v == min(history["val_loss"]))


def diagnose(history, target):
    match history["loss"][-1] <= target, history["val_loss"][-1] <= target:
        case False, _:
            return "underfitting"
        case True, False:
            return "overfitting"
        case _:
            return "good"


def plot_curves(history):
    fig, axes = plt.subplot_mosaic([["loss", "accuracy"]])
    for name, ax in axes.items():
        for prefix, label in {"": "train", "val_": "validation"}.items():
            ax.plot(history[prefix + name], label=label)
        ax.set(xlabel="epoch", ylabel=name)
        ax.legend(title="part")
    return fig


def trials(parts, configs, fit, loss):
    for i, config in enumerate(configs):
        model = fit(config, *parts["train"], *parts["validation"])
        yield i, model, loss(model, *parts["validation"])


def choose(parts, configs, fit, loss):
    numbers, models, losses = zip(*trials(parts, configs, fit, loss))
    best = min(numbers, key=lambda i: losses[i])
    return best, models[best], list(losses)


def report(X, y, configs, fit, loss, predict, rng):
    parts, stats = prepare(split(X, y, rng))
    best, model, losses = choose(parts, configs, fit, loss)
    X_test, y_test = parts["test"]
    names = ("config", "model", "stats", "validation_loss", "baseline", "test_accuracy")
    values = (configs[best], model, stats, losses[best])
    measured = baseline(parts["train"][1], y_test), accuracy(y_test, predict(model, X_test))
    return dict(zip(names, values + measured))


def save(path, model, stats):
    named = {**model, "stats/0": stats[0], "stats/1": stats[1]}
    with ZipFile(path, "w") as archive:
        for name, array in named.items():
            with archive.open(name, "w") as file:
                np.save(file, array)


def load(path):
    assert Path(path).exists()
    found = {}
    with ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as file:
                found[name] = np.load(file)
    return {k: v for k, v in found.items() if "/" not in k}, (found["stats/0"], found["stats/1"])
