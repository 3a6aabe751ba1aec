"""The curves of ten epochs, over the band in which the course's own network lies."""

import numpy as np

from autograder.checks import band, lack, line, numbers, panel, picture, probe, tried
from autograder.checks.digits import trained_history, workbench

SEED = 1  # the first training of the checks, so that a class is not trained once more for this
LONGEST = 200  # epochs
EPOCHS = range(1, 11)
HEIGHTS = {"loss": (0, 1), "accuracy": (0.7, 1)}
# The lowest and the highest validation value of each epoch, in 20 trainings of the reference on
# the course split: seeds 1 to 20 of keras.utils.set_random_seed, TensorFlow 2.21.
USUAL = {
    "val_loss": (
        (0.306, 0.249, 0.235, 0.230, 0.221, 0.215, 0.204, 0.194, 0.210, 0.204),
        (0.368, 0.335, 0.325, 0.306, 0.299, 0.291, 0.277, 0.282, 0.292, 0.283),
    ),
    "val_accuracy": (
        (0.882, 0.899, 0.901, 0.906, 0.910, 0.915, 0.915, 0.914, 0.915, 0.921),
        (0.917, 0.926, 0.932, 0.934, 0.938, 0.942, 0.943, 0.943, 0.942, 0.942),
    ),
}


def plot(student, reference):
    """Draw training and validation values over the epochs: the losses, and the accuracies."""
    told = tried(lambda: probe(student, trained_history)(probe(student, workbench).kept(), SEED))
    return picture(curves(told, "loss"), curves(told, "accuracy"))


def curves(told, key):
    """Draw one series and its validation series, whatever their length, over the usual band."""
    own = [
        series(told, key, "plot_training", group=0),
        series(told, f"val_{key}", "plot_validation", group=1),
    ]
    last = max([10, *(len(each.x) for each in own if not isinstance(each, str))])
    return panel(
        band("target", EPOCHS, *USUAL[f"val_{key}"], label="plot_usual"),
        *own,
        title=f"plot_{key}",
        xlabel="plot_epoch",
        task="fit",
        frame=(0.5, last + 0.5, *HEIGHTS[key]),
    )


def series(told, key, label, *, group):
    """One curve of a history; the reason where it has none."""
    values = told.get(key) if isinstance(told, dict) else None
    heights = None if values is None else numbers(values, -1)
    if heights is None or len(heights) > LONGEST:
        return lack(values)
    return line("learner", np.arange(1, len(heights) + 1), heights, label=label, group=group)
