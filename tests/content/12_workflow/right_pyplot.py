"""Right, with pyplot's current figure, pickle, and lists where pairs are asked for."""

import pickle
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np


def split(X, y, rng):
    first = {row.tobytes(): i for i, row in reversed(list(enumerate(X)))}
    numbers = np.array(sorted(first.values()))
    rng.shuffle(numbers)
    m = len(numbers)
    a, b = m - 2 * (m // 5), m - m // 5
    cut = {"train": numbers[:a], "validation": numbers[a:b], "test": numbers[b:]}
    return {name: [np.take(X, rows, axis=0), np.take(y, rows)] for name, rows in cut.items()}


def standardize_fit(X):
    m = np.average(X, axis=0)
    s = np.sqrt(np.average(np.square(X - m), axis=0))
    s[s == 0] = 1
    return [m, s]


def standardize_apply(X, stats):
    return np.divide(np.subtract(X, stats[0]), stats[1])


def prepare(parts):
    m, s = standardize_fit(parts["train"][0])
    new = dict(parts)
    for name in ["train", "validation", "test"]:
        new[name] = [standardize_apply(parts[name][0], (m, s)), parts[name][1].copy()]
    return [new, [m, s]]


def accuracy(y, predicted):
    return 1 - np.count_nonzero(y - predicted) / len(y)


def baseline(y_train, y):
    counts = Counter(y_train.tolist())
    top = max(counts.values())
    c = min(k for k, v in counts.items() if v == top)
    return y.tolist().count(c) / len(y)


def best_epoch(history):
    return history["val_loss"].index(min(history["val_loss"]))


def diagnose(history, target):
    if history["loss"][-1] > target:
        answer = "underfitting"
    elif history["val_loss"][-1] > target:
        answer = "overfitting"
    else:
        answer = "good"
    return answer


def plot_curves(history):
    plt.figure()
    for i, name in enumerate(["loss", "accuracy"]):
        plt.subplot(1, 2, i + 1)
        plt.title(name)
        plt.plot(history["val_" + name], "o-", label="validation")
        plt.plot(history[name], label="train")
        plt.xlabel("epoch")
        plt.ylabel(name)
        plt.grid(True)
        plt.legend()
    plt.tight_layout()
    fig = plt.gcf()
    plt.show()
    return fig


def choose(parts, configs, fit, loss):
    tried = []
    for number, config in enumerate(configs):
        model = fit(config, *parts["train"], *parts["validation"])
        tried.append((loss(model, *parts["validation"]), number, model))
    value, best, model = min(tried, key=lambda each: each[0])
    return [best, model, np.array([each[0] for each in tried])]


def report(X, y, configs, fit, loss, predict, rng):
    parts, stats = prepare(split(X, y, rng))
    best, model, losses = choose(parts, configs, fit, loss)
    X_test, y_test = parts["test"]
    return dict(
        config=configs[best],
        model=model,
        stats=stats,
        validation_loss=losses[best],
        baseline=baseline(parts["train"][1], y_test),
        test_accuracy=accuracy(y_test, predict(model, X_test)),
        n_test=len(y_test),
    )


def save(path, model, stats):
    with open(path, "wb") as f:
        pickle.dump((model, stats), f)


def load(path):
    with open(path, "rb") as f:
        return pickle.load(f)
