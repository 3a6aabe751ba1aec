"""Right, with classes and named tuples behind the functions."""

import json
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np


class Part(NamedTuple):
    X: np.ndarray
    y: np.ndarray


class Scaler:
    def __init__(self, mean, std):
        self.mean, self.std = mean, std

    @classmethod
    def fit(cls, X):
        mean = X.mean(axis=0, keepdims=True)
        std = np.sqrt(np.mean((X - mean) ** 2, axis=0))
        std[np.isclose(std, 0)] = 1.0
        return cls(mean[0], std)

    def __call__(self, X):
        return (X - self.mean[np.newaxis, :]) / self.std[np.newaxis, :]


def split(X, y, rng):
    table = {}
    for row, label in zip(X.tolist(), y.tolist()):
        table[tuple(row)] = label
    rows, labels = np.array(list(table)), np.array(list(table.values()))
    order = rng.permutation(len(rows))
    rows, labels = rows[order], labels[order]
    k = len(rows) // 5
    return {
        "train": Part(rows[: len(rows) - 2 * k], labels[: len(rows) - 2 * k]),
        "validation": Part(rows[len(rows) - 2 * k : len(rows) - k], labels[-2 * k : -k]),
        "test": Part(rows[len(rows) - k :], labels[-k:]),
    }


def standardize_fit(X):
    scaler = Scaler.fit(X)
    return scaler.mean, scaler.std


def standardize_apply(X, stats):
    return Scaler(*stats)(X)


def prepare(parts):
    scaler = Scaler.fit(parts["train"][0])
    new = {name: Part(scaler(part[0]), part[1]) for name, part in parts.items()}
    return new, (scaler.mean, scaler.std)


def accuracy(y, predicted):
    return np.equal(y, predicted).astype(float).mean()


def baseline(y_train, y):
    most = np.bincount(y_train).argmax()
    return accuracy(y, np.repeat(most, len(y)))


def best_epoch(history):
    losses = np.asarray(history["val_loss"])
    return np.where(losses == np.min(losses))[0][0]


def diagnose(history, target):
    under = history["loss"][-1] > target
    over = history["val_loss"][-1] > target
    return {True: "underfitting", False: "overfitting" if over else "good"}[under]


class Picture:
    def __init__(self, history):
        self.history = history
        self.fig = plt.figure()

    def draw(self, place, name):
        ax = self.fig.add_subplot(place)
        for key, label in ((name, "train"), (f"val_{name}", "validation")):
            ax.plot(range(len(self.history[key])), self.history[key], marker=".", label=label)
        plt.xlabel("epoch")
        plt.ylabel(name)
        plt.legend()


def plot_curves(history):
    picture = Picture(history)
    picture.draw(121, "loss")
    picture.draw(122, "accuracy")
    return picture.fig


class Search:
    def __init__(self, parts, fit, loss):
        self.parts, self.fit, self.loss = parts, fit, loss

    def over(self, configs):
        self.models = []
        self.losses = []
        for config in configs:
            self.models.append(self.fit(config, *self.parts["train"], *self.parts["validation"]))
            self.losses.append(self.loss(self.models[-1], *self.parts["validation"]))
        return self

    @property
    def best(self):
        return np.argsort(self.losses, kind="stable")[0]


def choose(parts, configs, fit, loss):
    search = Search(parts, fit, loss).over(configs)
    return search.best, search.models[search.best], search.losses


def report(X, y, configs, fit, loss, predict, rng):
    parts, stats = prepare(split(X, y, rng))
    search = Search(parts, fit, loss).over(configs)
    best = search.best
    result = dict(config=configs[best], model=search.models[best], stats=stats)
    result["validation_loss"] = search.losses[best]
    test = parts["test"]
    result.update(
        baseline=baseline(parts["train"].y, test.y),
        test_accuracy=accuracy(test.y, predict(search.models[best], test.X)),
    )
    return result


def save(path, model, stats):
    told = {name: np.asarray(array).tolist() for name, array in model.items()}
    with open(path, "w") as file:
        json.dump({"model": told, "stats": [each.tolist() for each in stats]}, file)


def load(path):
    with open(path) as file:
        told = json.load(file)
    model = {name: np.array(values) for name, values in told["model"].items()}
    return model, tuple(np.array(each) for each in told["stats"])
