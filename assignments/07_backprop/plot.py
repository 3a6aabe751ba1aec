"""Where on the way through the network does an error begin? A map of relative errors by layer."""

import numpy as np

from autograder.checks import heat, lack, line, numbers, panel, picture, probe, tried

LAYERS = np.arange(1, 4)
LEAST, GREATEST = -16.0, 1.0  # decimal logarithms of the relative errors that are shown
OUTPUTS = np.linspace(0.1, 0.9, 17)
# Close together at -1 and 0, where the slope of relu(x * x + x) jumps.
PLACES = np.sort(np.append(np.linspace(-2, 2, 33), [-1.001, 0.001]))


def plot(student, reference):
    """Draw the errors of all layers, the losses with their slopes, and a derivative by Var."""
    X, Y, params = network()
    _, cache = reference.forward(X, params)
    dout = np.array([[1.0, -2.0], [0.5, 1.5], [-1.0, 0.25], [2.0, -0.5]])
    told = tried(student.forward, X, params)
    found = tried(student.backward, cache, params, dout)
    step = tried(student.train_step, X, Y, params, "mse", 0.5)
    return picture(
        errors("forward", ("Z", "A"), second(told), cache),
        errors("backward", ("W", "b"), found, reference.backward(cache, params, dout)),
        errors(
            "train_step",
            ("W", "b"),
            second(step),
            reference.train_step(X, Y, params, "mse", 0.5)[1],
        ),
        *(losses(student, reference, kind) for kind in ("mse", "bce", "ce")),
        by_var(student, reference),
    )


def network():
    """Four samples, their targets, and three layers with weights of different sizes."""
    X = np.array([[1.0, -0.5], [0.3, 2.0], [-1.2, 0.4], [0.7, 0.9]])
    Y = np.array([[0.5, -1.0], [1.0, 0.0], [-0.5, 0.5], [0.2, 0.3]])
    sizes = (2, 4, 3, 2)
    params = []
    for i, f in enumerate(("tanh", "sigmoid", "linear")):
        W = np.cos(1.0 + np.arange(sizes[i] * sizes[i + 1])).reshape(sizes[i], sizes[i + 1])
        params.append({"W": W, "b": 0.1 * np.arange(sizes[i + 1]), "f": f})
    return X, Y, params


def second(returned):
    """The second of the two things that a function returned."""
    fits = isinstance(returned, tuple | list) and len(returned) == 2
    return returned[1] if fits else returned


def errors(task, names, returned, wanted):
    """A map: how wrong is each array of each layer? What has no number stays white."""
    fits = isinstance(returned, list | tuple) and len(returned) == len(LAYERS)
    grid = np.full((len(LAYERS), len(names)), np.nan)
    for i in range(len(LAYERS) if fits else 0):
        for j, name in enumerate(names):
            layer = returned[i] if isinstance(returned[i], dict) else {}
            grid[i, j] = error(layer.get(name), np.asarray(wanted[i][name]))
    return panel(
        heat(
            "learner", range(len(names)), LAYERS, grid, names=names, ends=(LEAST, GREATEST),
            label="plot_relative"
        ) if fits else lack(returned),
        title=f"plot_{task}",
        ylabel="plot_layer",
        task=task,
    )  # fmt: skip


def error(got, wanted):
    """The decimal logarithm of the relative error of an array."""
    got = numbers(got, *wanted.shape)
    if got is None or np.isnan(got).any():
        return np.nan
    relative = np.abs(got - wanted).max() / np.abs(wanted).max()
    return float(np.clip(np.log10(max(relative, 1e-300)), LEAST, GREATEST))


def over_outputs(program, kind, outputs):
    """The loss of one sample and its slope in its first output, while that output moves."""
    import numpy as np

    Y = np.array([[1.0]]) if kind != "ce" else np.array([[1.0, 0.0]])
    values, slopes = [], []
    for out in outputs:
        row = [[out]] if kind != "ce" else [[out, 0.5]]
        value, dout = program.loss(Y, np.array(row), kind)
        values.append(float(value))
        slopes.append(float(np.asarray(dout)[0, 0]))
    return values, slopes


def losses(student, reference, kind):
    """A loss over the output, and its slope."""
    wanted = probe(reference, over_outputs)(kind, OUTPUTS)
    told = tried(probe(student, over_outputs), kind, OUTPUTS)
    got = [told, told] if told is None else told
    labels = ("plot_value", "plot_slope")
    return panel(
        *(line("target", OUTPUTS, wanted[i], group=i) for i in (0, 1)),
        *(line("learner", OUTPUTS, got[i], group=i, label=labels[i]) for i in (0, 1)),
        title=f'loss(…, "{kind}")',
        xlabel="out",
        task="loss",
    )


def through_var(program, places):
    """The value and the derivative of relu(x * x + x) at some places, by the program's Var."""
    values, slopes = [], []
    for place in places:
        x = program.Var(float(place))
        y = (x * x + x).relu()
        y.backward()
        values.append(float(y.value))
        slopes.append(float(x.grad))
    return values, slopes


def by_var(student, reference):
    """Var's value and derivative, as curves."""
    wanted = probe(reference, through_var)(PLACES)
    told = tried(probe(student, through_var), PLACES)
    got = [told, told] if told is None else told
    labels = ("plot_value", "plot_slope")
    return panel(
        *(line("target", PLACES, wanted[i], group=i) for i in (0, 1)),
        *(line("learner", PLACES, got[i], group=i, label=labels[i]) for i in (0, 1)),
        title="plot_var",
        xlabel="x",
        task="Var",
    )
