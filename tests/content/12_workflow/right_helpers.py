"""Right, with repeated choice among what is left, early assertions, and numbers as arrays."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

matplotlib.rcParams["figure.figsize"] = (9, 4)


def distinct(X):
    """The rows that equal no earlier row."""
    equal = (X[:, None, :] == X[None, :, :]).all(axis=2)
    return np.flatnonzero(equal.argmax(axis=1) == np.arange(len(X)))


def draw(rows, count, rng):
    rows = list(rows)
    return [rows.pop(int(rng.integers(len(rows)))) for _ in range(count)], rows


def split(X, y, rng):
    rows = distinct(X)
    k = int(np.floor(len(rows) / 5))
    test, rest = draw(rows, k, rng)
    validation, train = draw(rest, k, rng)
    assert not set(train) & set(test) and not set(train) & set(validation)
    numbers = dict(train=train, validation=validation, test=test)
    return {name: (X[numbers[name]], y[numbers[name]]) for name in numbers}


def standardize_fit(X):
    std = np.std(X, axis=0)
    return np.mean(X, axis=0), np.array(list(map(lambda s: s or 1.0, std)))


def standardize_apply(X, stats):
    return np.array([(row - stats[0]) / stats[1] for row in X])


def prepare(parts):
    X_train, y_train = parts["train"]
    stats = standardize_fit(X_train)
    out = {"train": (standardize_apply(X_train, stats), y_train)}
    for other in ("validation", "test"):
        X, y = parts[other]
        out[other] = standardize_apply(X, stats), y
    return out, stats


def accuracy(y, predicted):
    return np.array(sum(y == predicted) / y.shape[0])


def baseline(y_train, y):
    classes = sorted(set(y_train.tolist()))
    commonest = max(classes, key=y_train.tolist().count)
    return accuracy(y, commonest * np.ones_like(y))


def best_epoch(history):
    return np.nanargmin(history["val_loss"])


def diagnose(history, target):
    *_, train = history["loss"]
    *_, validation = history["val_loss"]
    if train > target:
        return "underfitting"
    if validation > target:
        return "overfitting"
    return "good"


def plot_curves(history):
    fig, axs = plt.subplots(1, 2)
    epoch = np.arange(len(history["loss"]))
    axs[1].plot(epoch, history["accuracy"], label="train")
    axs[1].plot(epoch, history["val_accuracy"], label="validation")
    axs[1].set_ylim(0, 1)
    axs[0].plot(epoch, history["loss"], label="train")
    axs[0].plot(epoch, history["val_loss"], label="validation")
    plt.setp(axs, xlabel="epoch")
    axs[0].set_ylabel("loss")
    axs[1].set_ylabel("accuracy")
    [ax.legend() for ax in axs.flat]
    return fig


def choose(parts, configs, fit, loss):
    smallest, losses = np.inf, []
    for number, config in enumerate(configs):
        candidate = fit(
            config,
            parts["train"][0],
            parts["train"][1],
            parts["validation"][0],
            parts["validation"][1],
        )
        value = loss(candidate, parts["validation"][0], parts["validation"][1])
        losses.append(value)
        if value < smallest:
            smallest, best, model = value, number, candidate
    return best, model, losses


def report(X, y, configs, fit, loss, predict, rng):
    parts = split(X, y, rng)
    new_parts, stats = prepare(parts)
    number, model, losses = choose(new_parts, configs, fit, loss)
    y_train, y_test = parts["train"][1], parts["test"][1]
    X_test = standardize_apply(parts["test"][0], stats)
    predicted = predict(model, X_test)
    return {
        "test_accuracy": accuracy(y_test, predicted),
        "baseline": baseline(y_train, y_test),
        "validation_loss": losses[number],
        "stats": stats,
        "model": model,
        "config": configs[number],
    }


def save(path, model, stats):
    everything = {f"model_{name}": array for name, array in model.items()}
    np.savez(path, stats_0=stats[0], stats_1=stats[1], **everything)


def load(path):
    file = np.load(path)
    names = [name for name in file.files if name.startswith("model_")]
    model = {name[len("model_") :]: file[name] for name in names}
    return model, (file["stats_0"], file["stats_1"])
