"""Wrong variants of 12_workflow: what a learner with each misunderstanding writes."""

import matplotlib.pyplot as plt
import numpy as np

from autograder.diagnosis import misconception

# A12.1 The test part takes part in choices.


@misconception("A12.1")
def choose(parts, configs, fit, loss):
    models = [fit(config, *parts["train"], *parts["validation"]) for config in configs]
    losses = [loss(model, *parts["test"]) for model in models]
    best = np.argmin(losses)
    return best, models[best], losses


@misconception("A12.1")
def choose(parts, configs, fit, loss):
    models = [fit(config, *parts["train"], *parts["test"]) for config in configs]
    losses = [loss(model, *parts["validation"]) for model in models]
    best = np.argmin(losses)
    return best, models[best], losses


@misconception("A12.1")
def choose(parts, configs, fit, loss):
    X = np.concatenate([parts["validation"][0], parts["test"][0]])
    y = np.concatenate([parts["validation"][1], parts["test"][1]])
    models = [fit(config, *parts["train"], *parts["validation"]) for config in configs]
    losses = [loss(model, X, y) for model in models]
    best = np.argmin(losses)
    return best, models[best], losses


@misconception("A12.1")
def report(X, y, configs, fit, loss, predict, rng):
    parts, stats = prepare(split(X, y, rng))
    X_test, y_test = parts["test"]
    models, losses, accuracies = [], [], []
    for config in configs:
        model = fit(config, *parts["train"], *parts["validation"])
        models.append(model)
        losses.append(loss(model, *parts["validation"]))
        accuracies.append(accuracy(y_test, predict(model, X_test)))
    best = np.argmax(accuracies)
    return {
        "config": configs[best],
        "model": models[best],
        "stats": stats,
        "validation_loss": losses[best],
        "baseline": baseline(parts["train"][1], y_test),
        "test_accuracy": accuracies[best],
    }


@misconception("A12.1")
def report(X, y, configs, fit, loss, predict, rng):
    parts, stats = prepare(split(X, y, rng))
    X_test, y_test = parts["test"]
    models, losses, accuracies = [], [], []
    for config in configs:
        model = fit(config, *parts["train"], *parts["validation"])
        models.append(model)
        losses.append(loss(model, *parts["validation"]))
        accuracies.append(accuracy(y_test, predict(model, X_test)))
    best = np.argmin(losses)
    return {
        "config": configs[best],
        "model": models[best],
        "stats": stats,
        "validation_loss": losses[best],
        "baseline": baseline(parts["train"][1], y_test),
        "test_accuracy": accuracies[best],
    }


# A12.2 What is measured is measured on rows that should be unknown.


@misconception("A12.2")
def standardize_apply(X, stats):
    std = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(std == 0, 1.0, std)


@misconception("A12.2")
def prepare(parts):
    new = {name: (standardize_apply(X, standardize_fit(X)), y) for name, (X, y) in parts.items()}
    return new, standardize_fit(parts["train"][0])


@misconception("A12.2")
def prepare(parts):
    stats = standardize_fit(np.concatenate([X for X, _ in parts.values()]))
    return {name: (standardize_apply(X, stats), y) for name, (X, y) in parts.items()}, stats


@misconception("A12.2")
def prepare(parts):
    stats = standardize_fit(np.concatenate([parts["train"][0], parts["validation"][0]]))
    return {name: (standardize_apply(X, stats), y) for name, (X, y) in parts.items()}, stats


@misconception("A12.2")
def report(X, y, configs, fit, loss, predict, rng):
    stats = standardize_fit(X)
    parts = split(standardize_apply(X, stats), y, rng)
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


@misconception("A12.2")
def baseline(y_train, y):
    return np.mean(y == np.argmax(np.bincount(y)))


# A12.3 Curves under the wrong name, or on the wrong axes.


@misconception("A12.3")
def plot_curves(history):
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.5))
    for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
        ax.plot(history[f"val_{name}"], label="train")
        ax.plot(history[name], label="validation")
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.legend()
    return fig


@misconception("A12.3")
def plot_curves(history):
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.5))
    for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
        ax.plot(history[name])
        ax.plot(history[f"val_{name}"])
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.legend(["validation", "train"])
    return fig


@misconception("A12.3")
def plot_curves(history):
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.5))
    for ax, name, title in zip(axes, ("accuracy", "loss"), ("loss", "accuracy"), strict=True):
        ax.plot(history[name], label="train")
        ax.plot(history[f"val_{name}"], label="validation")
        ax.set_xlabel("epoch")
        ax.set_ylabel(title)
        ax.legend()
    return fig


@misconception("A12.3")
def plot_curves(history):
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
    left.plot(history["loss"], label="train")
    left.plot(history["accuracy"], label="validation")
    right.plot(history["val_loss"], label="train")
    right.plot(history["val_accuracy"], label="validation")
    left.set_ylabel("loss")
    right.set_ylabel("accuracy")
    for ax in (left, right):
        ax.set_xlabel("epoch")
        ax.legend()
    return fig


@misconception("A12.3")
def plot_curves(history):
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.5))
    for ax, name, title in zip(axes, ("loss", "accuracy"), ("accuracy", "loss"), strict=True):
        ax.plot(history[name], label="train")
        ax.plot(history[f"val_{name}"], label="validation")
        ax.set_xlabel("epoch")
        ax.set_ylabel(title)
        ax.legend()
    return fig


# A12.4 The choice is made on the training loss.


@misconception("A12.4")
def best_epoch(history):
    return np.argmin(history["loss"])


@misconception("A12.4")
def choose(parts, configs, fit, loss):
    models = [fit(config, *parts["train"], *parts["validation"]) for config in configs]
    losses = [loss(model, *parts["train"]) for model in models]
    best = np.argmin(losses)
    return best, models[best], losses


@misconception("A12.4")
def choose(parts, configs, fit, loss):
    models = [fit(config, *parts["train"], *parts["train"]) for config in configs]
    losses = [loss(model, *parts["validation"]) for model in models]
    best = np.argmin(losses)
    return best, models[best], losses


@misconception("A12.4")
def choose(parts, configs, fit, loss):
    models = [fit(config, *parts["train"], *parts["validation"]) for config in configs]
    losses = [loss(model, *parts["validation"]) for model in models]
    best = np.argmin([loss(model, *parts["train"]) for model in models])
    return best, models[best], losses


# A12.5 No share of right answers.


@misconception("A12.5")
def accuracy(y, predicted):
    return 100 * np.mean(y == predicted)


@misconception("A12.5")
def accuracy(y, predicted):
    return np.sum(y == predicted)


@misconception("A12.5")
def accuracy(y, predicted):
    return 1 - np.mean((y - predicted) ** 2)


@misconception("A12.5")
def accuracy(y, predicted):
    return 1 - np.mean(np.abs(y - predicted))


@misconception("A12.5")
def baseline(y_train, y):
    return 100 * np.mean(y == np.argmax(np.bincount(y_train)))


@misconception("A12.5")
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
        "test_accuracy": 100 * accuracy(y_test, predict(model, X_test)),
    }


@misconception("A12.5")
def report(X, y, configs, fit, loss, predict, rng):
    parts, stats = prepare(split(X, y, rng))
    best, model, losses = choose(parts, configs, fit, loss)
    X_test, y_test = parts["test"]
    predict(model, X_test)
    return {
        "config": configs[best],
        "model": model,
        "stats": stats,
        "validation_loss": losses[best],
        "baseline": baseline(parts["train"][1], y_test),
        "test_accuracy": 1 - losses[best],
    }


# A12.6 The same row on both sides.


@misconception("A12.6")
def split(X, y, rng):
    rows = rng.permutation(len(X))
    fifth = len(rows) // 5
    test, validation, train = np.split(rows, [fifth, 2 * fifth])
    return {
        "train": (X[train], y[train]),
        "validation": (X[validation], y[validation]),
        "test": (X[test], y[test]),
    }


@misconception("A12.6")
def split(X, y, rng):
    _, first = np.unique(X, axis=0, return_index=True)
    rows = rng.permutation(first)
    fifth = len(rows) // 5
    test, validation = rows[:fifth], rows[fifth : 2 * fifth]
    train = rows[fifth:]
    return {
        "train": (X[train], y[train]),
        "validation": (X[validation], y[validation]),
        "test": (X[test], y[test]),
    }


@misconception("A12.6")
def split(X, y, rng):
    _, first = np.unique(X, axis=0, return_index=True)
    fifth = len(first) // 5
    test, validation = rng.permutation(first)[:fifth], rng.permutation(first)[:fifth]
    train = rng.permutation(first)[2 * fifth :]
    return {
        "train": (X[train], y[train]),
        "validation": (X[validation], y[validation]),
        "test": (X[test], y[test]),
    }


@misconception("A12.6")
def split(X, y, rng):
    _, first = np.unique(X, axis=0, return_index=True)
    fifth = len(first) // 5
    rows = rng.choice(first, size=len(first))
    test, validation, train = np.split(rows, [fifth, 2 * fifth])
    return {
        "train": (X[train], y[train]),
        "validation": (X[validation], y[validation]),
        "test": (X[test], y[test]),
    }


@misconception("A12.6")
def report(X, y, configs, fit, loss, predict, rng):
    parts, stats = prepare(split(X, y, rng))
    best, model, losses = choose(parts, configs, fit, loss)
    X_test = np.concatenate([parts["train"][0], parts["test"][0]])
    y_test = np.concatenate([parts["train"][1], parts["test"][1]])
    return {
        "config": configs[best],
        "model": model,
        "stats": stats,
        "validation_loss": losses[best],
        "baseline": baseline(parts["train"][1], y_test),
        "test_accuracy": accuracy(y_test, predict(model, X_test)),
    }
