"""Each loss and its slope against the error of one sample, up to an outlier's."""

import numpy as np

from autograder.checks import bars, line, numbers, panel, picture, probe, tried

# Close together near 0, where the slope of l1 jumps, and where a loss of probabilities is steep.
ERRORS = np.sort(np.append(np.linspace(-8, 8, 33), [-1e-3, 1e-3]))
OTHERS = np.array([0.5, -0.5, 1.0, -1.0, 0.25, 0.75, -0.25])
SHARES = np.linspace(0.15, 0.99, 25) ** 2
LOGITS = np.linspace(-6, 6, 25)
REGRESSION = ("l1", "l2", "mse", "rmse")


def plot(student, reference):
    """Draw losses and their slopes, then how much one outlier moves the four of regression."""
    drawn = [curves(student, reference, name, *asked) for name, asked in questions().items()]
    return picture(*(each for pair, _, _ in drawn for each in pair), outlier(drawn[:4]))


def questions():
    """For each loss: the positions across, what stands below them, targets and predictions."""
    y = np.linspace(0, 7, 8)
    predictions = [y + np.append(OTHERS, error) for error in ERRORS]
    asked = dict.fromkeys(REGRESSION, (ERRORS, "plot_error", y, predictions))
    halves = [np.array([0.5, p]) for p in SHARES]
    asked["bce"] = (SHARES, "plot_p", np.array([0.0, 1.0]), halves)
    rows = [np.array([[0.5, 0.5], [1 - p, p]]) for p in SHARES]
    asked["ce_sparse"] = (SHARES, "plot_p", np.array([0, 1]), rows)
    asked["ce_onehot"] = (SHARES, "plot_p", np.array([[1.0, 0.0], [0.0, 1.0]]), rows)
    scores = [np.array([[0.0, 0.0], [0.0, z]]) for z in LOGITS]
    asked["ce_from_logits"] = (LOGITS, "plot_logit", np.array([0, 1]), scores)
    return asked


def at_each(program, name, y, predictions):
    """Run a loss or its slope at each prediction, beside the program; of a slope, the last one.

    What is no single number for each prediction is only named: it may be large.
    """
    import numpy as np

    values = [getattr(program, name)(y, p) for p in predictions]
    if name.startswith("d_"):
        return [np.asarray(value).reshape(len(y), -1)[-1, -1] for value in values]
    return values if all(np.ndim(value) == 0 for value in values) else "no single numbers"


def curves(student, reference, name, x, below, y, predictions):
    """Two panels, and the values of target and learner."""
    panels, values = [], []
    for each in (name, f"d_{name}"):
        told = probe(reference, at_each)(each, y, predictions)
        got = tried(probe(student, at_each), each, y, predictions)
        values.append((told, got))
        panels.append(
            panel(
                line("target", x, told),
                line("learner", x, got),
                title=each,
                xlabel=below,
                task=each,
            )
        )
    return panels, *values


def outlier(drawn):
    """How many times greater the loss becomes when one error of 0 grows to 8."""
    middle = len(ERRORS) // 2
    wanted = [told[-1] / told[middle] for _, (told, _), _ in drawn]
    found = [numbers(got, len(ERRORS)) for _, (_, got), _ in drawn]
    times = [np.nan if v is None or v[middle] == 0 else v[-1] / v[middle] for v in found]
    nothing = all(v is None for v in found)
    return panel(
        bars("target", REGRESSION, wanted),
        bars("learner", REGRESSION, None if nothing else times),
        title="plot_outlier",
        ylabel="plot_times",
    )
