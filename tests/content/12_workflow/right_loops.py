"""Right, in plain Python: loops, tuples, sorted lists, and plain numbers."""

import matplotlib.pyplot as plt
import numpy as np


def split(X, y, rng):
    seen = set()
    keep = []
    for i in range(len(X)):
        row = tuple(float(v) for v in X[i])
        if row not in seen:
            seen.add(row)
            keep.append(i)
    rng.shuffle(keep)
    k = int(len(keep) / 5)
    n_train = len(keep) - 2 * k
    parts = {}
    for name, numbers in (
        ("train", keep[:n_train]),
        ("validation", keep[n_train : n_train + k]),
        ("test", keep[n_train + k :]),
    ):
        Xs = np.array([X[i] for i in numbers]).reshape(len(numbers), X.shape[1])
        ys = np.array([y[i] for i in numbers], dtype=int)
        parts[name] = (Xs, ys)
    return parts


def standardize_fit(X):
    n, d = X.shape
    mean, std = np.zeros(d), np.ones(d)
    for j in range(d):
        mean[j] = sum(X[:, j]) / n
        s = (sum((x - mean[j]) ** 2 for x in X[:, j]) / n) ** 0.5
        if s > 0:
            std[j] = s
    return mean, std


def standardize_apply(X, stats):
    out = np.zeros(X.shape)
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            out[i, j] = (X[i, j] - stats[0][j]) / stats[1][j]
    return out


def prepare(parts):
    stats = standardize_fit(parts["train"][0])
    new = {}
    for name in parts:
        X, y = parts[name]
        new[name] = (standardize_apply(X, stats), y)
    return new, stats


def accuracy(y, predicted):
    right = 0
    for a, b in zip(y, predicted):
        if a == b:
            right += 1
    return right / len(y)


def baseline(y_train, y):
    counts = {}
    for c in y_train:
        counts[c] = counts.get(c, 0) + 1
    best = None
    for c in sorted(counts):
        if best is None or counts[c] > counts[best]:
            best = c
    return accuracy(y, [best] * len(y))


def best_epoch(history):
    best = 0
    for epoch, value in enumerate(history["val_loss"]):
        if value < history["val_loss"][best]:
            best = epoch
    return best


def diagnose(history, target):
    train, validation = history["loss"][-1], history["val_loss"][-1]
    if train <= target and validation <= target:
        return "good"
    elif train <= target:
        return "overfitting"
    else:
        return "underfitting"


def plot_curves(history):
    fig = plt.figure(figsize=(10, 4))
    epochs = list(range(len(history["loss"])))
    left = fig.add_subplot(1, 2, 1)
    left.plot(epochs, history["loss"], "b-", label="train")
    left.plot(epochs, history["val_loss"], "r--", label="validation")
    left.axvline(best_epoch(history), color="grey")
    left.set(xlabel="epoch", ylabel="loss", title="Loss")
    left.legend(loc="upper right")
    right = fig.add_subplot(1, 2, 2)
    right.plot(epochs, history["accuracy"], "b-", label="train")
    right.plot(epochs, history["val_accuracy"], "r--", label="validation")
    right.set(xlabel="epoch", ylabel="accuracy", title="Accuracy")
    right.legend(loc="lower right")
    return fig


def choose(parts, configs, fit, loss):
    X, y = parts["train"]
    X_val, y_val = parts["validation"]
    best, best_model, losses = None, None, []
    for i in range(len(configs)):
        model = fit(configs[i], X, y, X_val, y_val)
        losses.append(loss(model, X_val, y_val))
        if best is None or losses[i] < losses[best]:
            best, best_model = i, model
    return best, best_model, losses


def report(X, y, configs, fit, loss, predict, rng):
    parts = split(X, y, rng)
    parts, stats = prepare(parts)
    best, model, losses = choose(parts, configs, fit, loss)
    predicted = predict(model, parts["test"][0])
    result = {}
    result["config"] = configs[best]
    result["model"] = model
    result["stats"] = stats
    result["validation_loss"] = losses[best]
    result["baseline"] = baseline(parts["train"][1], parts["test"][1])
    result["test_accuracy"] = accuracy(parts["test"][1], predicted)
    return result


def save(path, model, stats):
    arrays = {"mean": stats[0], "std": stats[1]}
    for name in model:
        arrays[name] = model[name]
    np.savez(path, **arrays)


def load(path):
    data = np.load(path)
    model = {}
    for name in data.files:
        if name != "mean" and name != "std":
            model[name] = data[name]
    return model, (data["mean"], data["std"])
