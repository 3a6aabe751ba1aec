"""Three ways downhill on one landscape: by the whole set, by mini-batches, by single samples."""

import numpy as np

from autograder.checks import Seed, bars, code, contour, line, numbers, panel, picture, probe, tried

MODES = ("batch", "mini-batch", "sgd")
X = np.array([-1.5, -1.2, -0.8, -0.5, -0.2, 0.1, 0.4, 0.6, 0.9, 1.1, 1.4, 1.6])[:, None]
Y = 1.5 * X[:, 0] + 0.5 + np.tile([0.4, -0.3, 0.2, -0.4, 0.3, -0.2], 2)
START = {"w": np.array([-1.0]), "b": 2.0}
LR, EPOCHS, SIZE = 0.1, 12, 4
SLOPES, SHIFTS = np.linspace(-1.3, 2.1, 29), np.linspace(0.1, 2.6, 21)
SHOWN = 48  # updates, of 144 that single samples make
COUNTED = ((10, 4, 5), (12, 5, 4), (10, 1, 3), (10, 16, 6))
DEALT = (10, 4, 7)  # rows, size of a batch, seed


def plot(student, reference):
    """Draw the paths of the three modes, their losses, and what the smaller tasks do."""
    runs = [(run(reference, mode), tried(run, student, mode)) for mode in MODES]
    return picture(
        paths(runs),
        falling(runs),
        slopes(student, reference),
        rows_used(student),
        counted(student, reference),
    )


def linear(Xs, ys, params):
    """Mean squared error of a linear neuron, and its gradients; runs beside the program."""
    error = Xs @ params["w"] + params["b"] - ys
    grads = {"w": 2 * Xs.T @ error / len(Xs), "b": 2 * error.mean()}
    return (error**2).mean(), grads


def watched(program, X, y, start, mode, f, lr, epochs, size, rng):
    """Train, and write down where each update began, and the losses."""
    import numpy as np

    seen = []

    def spy(Xs, ys, now):
        seen.append([float(np.ravel(now["w"])[0]), float(np.ravel(now["b"])[0])])
        return f(Xs, ys, now)

    _, history = program.train(X, y, start, mode, spy, lr, epochs, size, rng)
    return seen[:1000], [float(loss) for loss in history[:1000]]


def run(program, mode):
    """The path of a mode in (w, b), and its history."""
    return probe(program, watched)(X, Y, START, mode, code(linear), LR, EPOCHS, SIZE, Seed(3))


def parts(told):
    """The path of shape (updates, 2) and the history of a run, each None if there is none."""
    if told is None:
        return None, None
    places, losses = numbers(told[0], -1, 2), numbers(told[1], -1)
    return places, losses


def paths(runs):
    """The three paths over the lines of equal loss."""
    w, b = np.meshgrid(SLOPES, SHIFTS)
    errors = w[..., None] * X[:, 0] + b[..., None] - Y
    marks = []
    for group, wanted, told in below_each_other(runs):
        right, got = parts(wanted)[0][:SHOWN], parts(told)[0]
        columns = (told, told) if got is None else got[:SHOWN].T
        marks.append(line("target", *right.T, group=group))
        marks.append(line("learner", *columns, group=group, label=f"plot_{MODES[group]}"))
    return panel(
        contour("data", SLOPES, SHIFTS, np.mean(errors**2, axis=-1)),
        *marks,
        title="plot_paths",
        xlabel="w",
        ylabel="b",
        task="train",
        frame=(SLOPES[0], SLOPES[-1], SHIFTS[0], SHIFTS[-1]),
    )


def below_each_other(runs):
    """The runs with their numbers, the restless first, so that they do not cover the others."""
    return ((group, *runs[group]) for group in (2, 1, 0))


def falling(runs):
    """The loss of each update, for the three modes."""
    marks = []
    for group, wanted, told in below_each_other(runs):
        right, got = parts(wanted)[1][:SHOWN], parts(told)[1]
        marks.append(line("target", np.arange(len(right)), right, group=group))
        steps = np.arange(0 if got is None else min(len(got), SHOWN))
        shown = told if got is None else got[:SHOWN]
        marks.append(line("learner", steps, shown, group=group, label=f"plot_{MODES[group]}"))
    return panel(
        *marks,
        title="plot_losses",
        xlabel="plot_updates",
        ylabel="plot_loss",
        task="train",
        logarithmic=True,
    )


def over_w(program, X, y, places):
    """The loss and its slope in w, while w moves; runs beside the program."""
    import numpy as np

    values, slopes = [], []
    for w in places:
        value, grads = program.mse_grads(X, y, {"w": np.array([w]), "b": 0.5})
        values.append(float(value))
        slopes.append(float(np.ravel(grads["w"])[0]))
    return values, slopes


def slopes(student, reference):
    """The loss of a linear neuron over its weight, and its slope."""
    places = np.linspace(-1, 4, 26)
    wanted = probe(reference, over_w)(X, Y, places)
    told = tried(probe(student, over_w), X, Y, places)
    got = [told, told] if told is None else told
    labels = ("plot_value", "plot_slope")
    return panel(
        *(line("target", places, wanted[i], group=i) for i in (0, 1)),
        *(line("learner", places, got[i], group=i, label=labels[i]) for i in (0, 1)),
        title="mse_grads",
        xlabel="w",
        task="mse_grads",
    )


def rows_used(student):
    """How often one epoch uses each row: once."""
    n, size, seed = DEALT
    told = tried(student.batches, n, size, Seed(seed))
    pieces = told if isinstance(told, list | tuple) else [told]
    rows = [numbers(piece, -1) for piece in pieces]
    known = bool(rows) and all(each is not None for each in rows)
    flat = np.concatenate(rows) if known else np.zeros(0)
    times = [int(np.sum(flat == row)) for row in range(n)]
    return panel(
        bars("target", range(n), np.ones(n)),
        bars("learner", range(n), times if known else told),
        title="plot_rows",
        xlabel="plot_row",
        ylabel="plot_times",
        task="batches",
    )


def counted(student, reference):
    """The number of updates for some sets, sizes and epochs."""
    told = [tried(student.count_updates, *each) for each in COUNTED]
    values = [numbers(each) for each in told]
    nothing = all(each is None for each in told)
    heights = [np.nan if value is None else float(value) for value in values]
    names = [", ".join(map(str, each)) for each in COUNTED]
    return panel(
        bars("target", names, [float(reference.count_updates(*each)) for each in COUNTED]),
        bars("learner", names, None if nothing else heights),
        title="count_updates",
        xlabel="n, size, epochs",
        task="count_updates",
    )
