"""Right, with a report that does all by itself, and looks at the training part as well."""

import numpy as np
from matplotlib import pyplot

NAMES = "train", "validation", "test"


def split(X, y, rng):
    X, numbers = np.unique(X, axis=0, return_index=True)
    y = y[numbers]
    order = np.argsort(rng.random(len(X)))
    k = len(X) // 5
    edges = {"test": (0, k), "validation": (k, 2 * k), "train": (2 * k, len(X))}
    return {n: (X[order[a:b]], y[order[a:b]]) for n, (a, b) in edges.items()}


def standardize_fit(X):
    mean = X.sum(axis=0) / X.shape[0]
    var = ((X - mean) ** 2).sum(axis=0) / X.shape[0]
    std = np.sqrt(var)
    return mean, np.array([s if s > 1e-12 else 1.0 for s in std])


def standardize_apply(X, stats):
    (mean, std) = stats
    return X / std - mean / std


def prepare(parts):
    stats = standardize_fit(parts["train"][0])
    return {
        "train": (standardize_apply(parts["train"][0], stats), parts["train"][1]),
        "validation": (standardize_apply(parts["validation"][0], stats), parts["validation"][1]),
        "test": (standardize_apply(parts["test"][0], stats), parts["test"][1]),
    }, stats


def accuracy(y, predicted):
    return float((np.asarray(predicted) == np.asarray(y)).sum() / np.size(y))


def baseline(y_train, y):
    classes, counts = np.unique(y_train, return_counts=True)
    return accuracy(y, np.full(y.shape, classes[counts.argmax()]))


def best_epoch(history):
    val = np.array(history["val_loss"])
    return int(np.flatnonzero(val == val.min())[0])


def diagnose(history, target):
    fits = history["loss"][-1] <= target
    generalizes = history["val_loss"][-1] <= target
    return ("good" if generalizes else "overfitting") if fits else "underfitting"


def plot_curves(history):
    figure, axes = pyplot.subplots(nrows=1, ncols=2, sharex=True)
    for axis, key in zip(axes, ["loss", "accuracy"]):
        axis.plot(np.arange(len(history[key])), np.array(history[key]))
        axis.plot(np.arange(len(history[key])), np.array(history["val_" + key]))
        best = best_epoch(history)
        axis.plot([best], [history["val_" + key][best]], "k*")
        lines = axis.get_lines()
        lines[0].set_label("train")
        lines[1].set_label("validation")
        axis.legend()
        axis.set_xlabel("epoch")
        axis.set_ylabel(key)
    figure.suptitle("Learning curves")
    return figure


def choose(parts, configs, fit, loss):
    models, losses, train_losses = [], [], []
    for config in configs:
        (X, y), (X_val, y_val) = parts["train"], parts["validation"]
        model = fit(config, X=X, y=y, X_val=X_val, y_val=y_val)
        models += [model]
        train_losses += [loss(model, X=X, y=y)]
        losses += [loss(model, X=X_val, y=y_val)]
    best = sorted(range(len(losses)), key=losses.__getitem__)[0]
    return best, models[best], losses


def report(X, y, configs, fit, loss, predict, rng):
    raw = split(X, y, rng)
    (X_train, y_train), (X_val, y_val), (X_test, y_test) = (raw[n] for n in NAMES)
    mean, std = standardize_fit(X_train)
    X_train, X_val, X_test = ((each - mean) / std for each in (X_train, X_val, X_test))
    models = [fit(config, X_train, y_train, X_val, y_val) for config in configs]
    losses = [loss(model, X_val, y_val) for model in models]
    best = int(np.argmin(losses))
    print("train", accuracy(y_train, predict(models[best], X_train)))
    print("validation", accuracy(y_val, predict(models[best], X_val)))
    return {
        "config": configs[best],
        "model": models[best],
        "stats": (mean, std),
        "validation_loss": min(losses),
        "baseline": baseline(y_train, y_test),
        "test_accuracy": accuracy(y_test, predict(models[best], X_test)),
    }


def save(path, model, stats):
    names = sorted(model)
    arrays = [model[name] for name in names]
    np.savez(path, *arrays, names=np.array(names), stats=np.array([stats[0], stats[1]]))


def load(path):
    with np.load(path) as file:
        names = file["names"].tolist()
        model = {name: file[f"arr_{i}"] for i, name in enumerate(names)}
        mean, std = file["stats"]
    return model, (mean, std)
