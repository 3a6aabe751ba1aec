# loses: prepare
# named: modified
"""Wrong: the new rows are written into parts."""

import matplotlib.pyplot as plt

import numpy as np


def split(X, y, rng):
    _, first = np.unique(X, axis=0, return_index=True)
    rows = rng.permutation(first)
    fifth = len(rows) // 5
    test, validation, train = np.split(rows, [fifth, 2 * fifth])
    return {
        "train": (X[train], y[train]),
        "validation": (X[validation], y[validation]),
        "test": (X[test], y[test]),
    }


def standardize_fit(X):
    std = X.std(axis=0)
    return (X.mean(axis=0), np.where(std == 0, 1.0, std))


def standardize_apply(X, stats):
    mean, std = stats
    return (X - mean) / std


def prepare(parts):
    stats = standardize_fit(parts["train"][0])
    for name, (X, y) in parts.items():
        parts[name] = (standardize_apply(X, stats), y)
    return (parts, stats)


def accuracy(y, predicted):
    return np.mean(y == predicted)


def baseline(y_train, y):
    most_frequent = np.argmax(np.bincount(y_train))
    return np.mean(y == most_frequent)


def best_epoch(history):
    return np.argmin(history["val_loss"])


def diagnose(history, target):
    if history["loss"][-1] > target:
        return "underfitting"
    return "overfitting" if history["val_loss"][-1] > target else "good"


def plot_curves(history):
    fig, (left, right) = plt.subplots(1, 2, layout="tight")
    for ax, name in ((left, "loss"), (right, "accuracy")):
        ax.plot(history[name], label="train")
        ax.plot(history[f"val_{name}"], label="validation")
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.legend()
    return fig


def choose(parts, configs, fit, loss):
    models = [fit(config, *parts["train"], *parts["validation"]) for config in configs]
    losses = [loss(model, *parts["validation"]) for model in models]
    best = np.argmin(losses)
    return (best, models[best], losses)


def report(X, y, configs, fit, loss, predict, rng):
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


def save(path, model, stats):
    mean, std = stats
    np.savez(path, mean=mean, std=std, **model)


def load(path):
    with np.load(path) as file:
        model = {name: file[name] for name in file.files}
    stats = (model.pop("mean"), model.pop("std"))
    return (model, stats)
