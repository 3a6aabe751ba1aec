"""Learning curves with the chosen epoch, and where the rows went before."""

import numpy as np

from autograder.checks import (
    Seed,
    bars,
    figures,
    lack,
    line,
    numbers,
    panel,
    picture,
    points,
    tried,
)

# As in test_public.py, so that a figure that was drawn for a check is not drawn again.
SHORT = {
    "loss": [0.9, 0.5, 0.3, 0.2],
    "accuracy": [0.4, 0.7, 0.8, 1.0],
    "val_loss": [1.0, 0.6, 0.7, 0.8],
    "val_accuracy": [0.3, 0.6, 0.7, 0.65],
}
EPOCHS = np.arange(25.0)
LONG = {
    "loss": (0.1 + 0.9 * np.exp(-EPOCHS / 6)).tolist(),
    "val_loss": (0.35 + 0.75 * np.exp(-EPOCHS / 4) + 0.0006 * EPOCHS**2).tolist(),
    "accuracy": (0.98 - 0.5 * np.exp(-EPOCHS / 6)).tolist(),
    "val_accuracy": (0.85 - 0.4 * np.exp(-EPOCHS / 4) - 0.003 * EPOCHS).tolist(),
}
NAMES = ("train", "validation", "test")


def plot(student, reference):
    """Draw the chosen epoch, the learner's own figure, the three parts, and scaled rows."""
    return picture(
        chosen(student, reference),
        *own_figure(student),
        parts(student, reference),
        scaled(student, reference),
    )


def chosen(student, reference):
    """The epoch with the smallest validation loss, marked on the curves."""
    best = int(reference.best_epoch(LONG))
    told = tried(student.best_epoch, LONG)
    found = numbers(told)
    return panel(
        line("data", EPOCHS, LONG["loss"], label="train", group=1),
        line("data", EPOCHS, LONG["val_loss"], label="validation"),
        points("target", [best], [LONG["val_loss"][best]]),
        lack(told) if found is None else here(float(found)),
        title="plot_chosen",
        xlabel="plot_epoch",
        ylabel="plot_loss",
        task="best_epoch",
    )


def here(epoch):
    """The learner's epoch, at its height on the curve."""
    return points("learner", [epoch], [np.interp(epoch, EPOCHS, LONG["val_loss"])])


def own_figure(student):
    """The curves that plot_curves draws, beside those that it was given."""
    drawn = tried(figures, student, "plot_curves", SHORT, shows="curves_drawn")
    axes = drawn[0].axes if drawn else ()
    for i, (name, title) in enumerate((("loss", "plot_left"), ("accuracy", "plot_right"))):
        lines = axes[i].lines[:4] if i < len(axes) else ()
        given = SHORT[name], SHORT[f"val_{name}"]
        yield panel(
            *(line("target", np.arange(4), values, group=g) for g, values in enumerate(given)),
            *(own_line(each) for each in lines),
            None if lines else lack(drawn),
            title=title,
            xlabel="plot_epoch",
            task="plot_curves",
        )


def own_line(drawn):
    """A curve of the learner's figure, in the colour of the part that its label names."""
    label = drawn.label.strip()
    group = {"train": 0, "validation": 1}.get(label.lower(), 2)
    return line("learner", drawn.x, drawn.y, group=group, label=label[:20])


def parts(student, reference):
    """How many rows each part has, of 40 different ones and 5 copies."""
    rows = np.stack([np.arange(40.0), (np.arange(40.0) * 7) % 13], axis=1)
    X = np.concatenate([rows, rows[:5]])
    asked = X, np.arange(45) % 2, Seed(4)
    told = tried(student.split, *asked)
    return panel(
        bars("target", NAMES, sizes(reference.split(*asked))),
        bars("learner", NAMES, sizes(told)),
        title="plot_parts",
        ylabel="plot_rows",
        task="split",
    )


def sizes(returned):
    """The rows of each part; of what is no dictionary of parts, itself."""
    if not isinstance(returned, dict):
        return returned
    pairs = [returned.get(name) for name in NAMES]
    firsts = [pair[0] if isinstance(pair, tuple | list) and pair else None for pair in pairs]
    arrays = [numbers(first, -1, 2) for first in firsts]
    return [np.nan if array is None else len(array) for array in arrays]


def scaled(student, reference):
    """The test part after prepare: scaled by what the training part knows."""
    angle = np.arange(10.0)
    X = np.stack([3 + 2 * np.cos(angle), 500 + 300 * np.sin(2 * angle)], axis=1)
    given = {"train": X[:6], "validation": X[6:8], "test": np.array([[9.0, 100.0], [1.0, 900.0]])}
    asked = {name: (rows, np.zeros(len(rows), dtype=int)) for name, rows in given.items()}
    told = tried(student.prepare, asked)
    wanted, found = prepared(reference.prepare(asked)), prepared(told)
    return panel(
        *(points("target", *wanted[name].T, group=g) for g, name in enumerate(NAMES)),
        *(
            [lack(told)]
            if found is None
            else (points("learner", *found[name].T, group=g, label=f"plot_own_{name}")
                  for g, name in enumerate(NAMES))
        ),
        title="plot_scaled",
        xlabel="plot_feature_0",
        ylabel="plot_feature_1",
        task="prepare",
    )  # fmt: skip


def prepared(returned):
    """The rows of the three parts that prepare returned; None where they are not there."""
    fits = isinstance(returned, tuple | list) and len(returned) == 2
    new = returned[0] if fits and isinstance(returned[0], dict) else {}
    pairs = {name: new.get(name) for name in NAMES}
    firsts = {n: p[0] if isinstance(p, tuple | list) and p else None for n, p in pairs.items()}
    rows = {name: numbers(first, -1, 2) for name, first in firsts.items()}
    return None if any(array is None for array in rows.values()) else rows
