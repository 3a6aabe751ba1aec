"""What a penalty does to weights and to overfitting, and what dropout does to units."""

import numpy as np

from autograder.checks import Seed, bars, line, numbers, panel, picture, probe, tried

PLACES = np.sort(np.append(np.linspace(-2, 2, 33), [-1e-3, 1e-3]))  # the slope of L1 jumps at 0
EDGES = np.linspace(-1.3, 1.3, 14)  # of bins, one of them around 0
MIDDLES = ["−1.2", "", "", "−0.6", "", "", "0", "", "", "0.6", "", "", "1.2"]
UNITS, ROWS = 8, 60
EPOCHS = 150


def plot(student, reference):
    """Draw curves of an overfitting network, histograms, penalties and dropout."""
    return picture(
        *overfitting(student, reference),
        *(histogram(student, reference, kind) for kind in ("l1", "l2")),
        *(penalty(student, reference, name) for name in ("l1_penalty", "l2_penalty")),
        *(kept(student, reference, mode) for mode in ("fixed", "bernoulli")),
    )


def over_weight(program, name, places):
    """A penalty and its slope while one weight moves; runs beside the program."""
    import numpy as np

    values, slopes = [], []
    for w in places:
        params = [(np.array([[w]]), np.array([3.0]))]
        values.append(float(getattr(program, name)(params, 0.5)))
        [(dW, _)] = getattr(program, f"d_{name}")(params, 0.5)
        slopes.append(float(dW[0, 0]))
    return values, slopes


def penalty(student, reference, name):
    """A penalty over one weight, and its slope."""
    wanted = probe(reference, over_weight)(name, PLACES)
    told = tried(probe(student, over_weight), name, PLACES)
    got = [told, told] if told is None else told
    labels = ("plot_penalty", "plot_slope")
    return panel(
        *(line("target", PLACES, wanted[i], group=i) for i in (0, 1)),
        *(line("learner", PLACES, got[i], group=i, label=labels[i]) for i in (0, 1)),
        title=name,
        xlabel="w",
        task=name,
    )


def shrunk(program, W, kind):
    """Twelve proximal steps; runs beside the program."""
    import numpy as np

    params = [(W, np.zeros(W.shape[1]))]
    for _ in range(12):
        params = program.proximal_step(params, 0.5, 0.06, kind)
    return params[0][0]


def histogram(student, reference, kind):
    """The weights before and after: L1 leaves exact zeros, L2 only smaller ones."""
    W = np.sin(np.arange(1.0, 145.0) ** 2).reshape(12, 12)
    told = tried(probe(student, shrunk), W, kind)
    return panel(
        bars("data", MIDDLES, counts(W), label="plot_before", group=2),
        bars("target", MIDDLES, counts(probe(reference, shrunk)(W, kind))),
        bars("learner", MIDDLES, counts(told)),
        title=f"plot_weights_{kind}",
        xlabel="w",
        ylabel="plot_weights",
        task="proximal_step",
    )


def counts(W):
    """How many weights lie in each bin, or beyond it; of what is no array of weights, itself."""
    weights = numbers(W, 12, 12)
    if weights is None:
        return W
    weights = weights[np.isfinite(weights)]
    return np.histogram(np.clip(weights, EDGES[0], EDGES[-1]), EDGES)[0]


def trained(program, X, y, X_val, y_val, lam, kind, epochs):
    """Train a linear neuron with a penalty, and write down its loss on the validation part."""
    import numpy as np

    W, b, losses = np.zeros((X.shape[1], 1)), np.zeros(1), []
    for _ in range(epochs):
        losses.append(float(np.mean((X_val @ W + b - y_val) ** 2)))
        error = X @ W + b - y
        grads = [(2 * X.T @ error / len(X), 2 * error.mean(axis=0))]
        params = [(W, b)]
        _, [(dW, db)] = program.add_penalty(float(np.mean(error**2)), grads, params, lam, kind)
        W, b = W - 0.05 * dW, b - 0.05 * db
    return losses


def overfitting(student, reference):
    """Few samples, many features, of which one counts: the loss on data never trained on."""
    chance = np.sin(np.arange(1.0, 30 * 17 + 1) ** 2).reshape(30, 17)
    X, noise = 1.4 * chance[:, :16], 0.7 * chance[:, 16:]
    y = 1.5 * X[:, :1] + noise
    seen, unseen = (X[:12], y[:12]), (X[12:], y[12:])
    asked = *seen, *unseen
    epochs = np.arange(EPOCHS)
    without = probe(reference, trained)(*asked, 0.0, "l2", EPOCHS)
    on_seen = probe(reference, trained)(*seen, *seen, 0.0, "l2", EPOCHS)
    for kind, lam in (("l1", 0.1), ("l2", 0.4)):
        told = tried(probe(student, trained), *asked, lam, kind, EPOCHS)
        yield panel(
            line("data", epochs, on_seen, label="plot_training", group=1),
            line("data", epochs, without, label="plot_without"),
            line("target", epochs, probe(reference, trained)(*asked, lam, kind, EPOCHS)),
            line("learner", epochs, told),
            title=f"plot_overfitting_{kind}",
            xlabel="plot_epoch",
            ylabel="plot_validation",
            task="add_penalty",
        )


def kept(student, reference, mode):
    """How many of eight units each row keeps."""
    X = np.ones((ROWS, UNITS))
    wanted = reference.dropout_forward(X, 0.25, Seed(5), True, mode)
    told = tried(student.dropout_forward, X, 0.25, Seed(5), True, mode)
    names = [str(number) for number in range(UNITS + 1)]
    return panel(
        bars("target", names, shares(wanted)),
        bars("learner", names, shares(told)),
        title=f"plot_dropout_{mode}",
        xlabel="plot_kept",
        ylabel="plot_rows",
        task="dropout_forward",
    )


def shares(returned):
    """The share of rows that keep 0, 1, ... units; of what is no pair with a mask, itself."""
    fits = isinstance(returned, tuple | list) and len(returned) == 2
    mask = numbers(returned[1], ROWS, UNITS) if fits else None
    if mask is None:
        return returned
    return np.bincount((mask == 1).sum(axis=1), minlength=UNITS + 1) / ROWS
