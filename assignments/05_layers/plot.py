"""Softmax at three temperatures, and what else makes probabilities of scores."""

import numpy as np

from autograder.checks import bars, code, heat, line, numbers, panel, picture, tried

SCORES = np.array([2.0, 1.0, 0.5, -1.0])
NAMES = ["z0", "z1", "z2", "z3"]
TEMPERATURES = (0.5, 1.0, 4.0)
NET = [
    {"W": np.array([[1.0, -1.0, 2.0]]), "b": np.array([0.0, 0.5, -2.0])},
    {"W": np.array([[1.0], [-1.5], [-1.0]]), "b": np.array([0.5])},
]


def plot(student, reference):
    """Draw softmax bars, then the curves of the other tasks."""
    return picture(
        *temperatures(student, reference),
        log_probabilities(student, reference),
        *(jacobian(who, program) for who, program in (("target", reference), ("learner", student))),
        inverse(student, reference),
        one_unit(student, reference),
        *network(student, reference),
    )


def temperatures(student, reference):
    """The same scores, divided by a temperature: cold is sure, hot is undecided."""
    Z = np.array([SCORES / t for t in TEMPERATURES])
    wanted, told = reference.softmax(Z), tried(student.softmax, Z)
    got = numbers(told, *Z.shape)
    for i, t in enumerate(TEMPERATURES):
        yield panel(
            bars("target", NAMES, wanted[i]),
            bars("learner", NAMES, told if got is None else got[i]),
            title=f"softmax(z / {t:g})",
            ylabel="p",
            task="softmax",
            frame=(-0.55, 3.45, 0, 1),
        )


def log_probabilities(student, reference):
    """The logarithm of a probability while its score moves."""
    z = np.linspace(-8, 8, 33)
    Z = np.stack([z, np.zeros_like(z)], axis=1)
    told = tried(student.log_softmax, Z)
    got = numbers(told, *Z.shape)
    return panel(
        line("target", z, reference.log_softmax(Z)[:, 0]),
        line("learner", z, told if got is None else got[:, 0]),
        title="log_softmax",
        xlabel="z",
        task="log_softmax",
    )


def jacobian(who, program):
    """The slopes of all probabilities, as a map."""
    places = np.arange(4)
    slopes = tried(program.softmax_jacobian, SCORES)
    return panel(
        heat(who, places, places, slopes, ends=(-0.25, 0.25)),
        title=f"plot_jacobian_{who}",
        xlabel="j",
        ylabel="i",
        task="softmax_jacobian",
        frame=(-0.5, 3.5, 3.5, -0.5),  # as a matrix is written: row 0 above
    )


def inverse(student, reference):
    """The logit over the probability."""
    p = np.linspace(0.01, 0.99, 50)
    return panel(
        line("target", p, reference.logit(p)),
        line("learner", p, tried(student.logit, p)),
        title="logit",
        xlabel="p",
        task="logit",
    )


def one_unit(student, reference):
    """One output unit: the probability of yes over its score."""
    z = np.linspace(-6, 6, 49)
    told = tried(student.probabilities, z[:, None])
    got = numbers(told, len(z), 1)
    return panel(
        line("target", z, np.ravel(reference.probabilities(z[:, None]))),
        line("learner", z, told if got is None else got[:, 0]),
        title="plot_one_unit",
        xlabel="z",
        task="probabilities",
    )


def rectified(z):
    """An activation, run beside the program."""
    import numpy as np

    return np.maximum(z, 0.0)


def network(student, reference):
    """One layer's neurons, and a whole network, from one input."""
    x = np.linspace(-3, 3, 49)
    W, b = NET[0]["W"], NET[0]["b"]
    wanted = reference.layer(x[:, None], W, b, code(rectified))
    told = tried(student.layer, x[:, None], W, b, code(rectified))
    got = numbers(told, len(x), 3)
    yield panel(
        *(line("target", x, wanted[:, i], group=i) for i in range(3)),
        *(
            line("learner", x, told if got is None else got[:, i], group=i, label=f"{i}")
            for i in range(3)
        ),
        title="plot_layer",
        xlabel="x",
        task="layer",
    )
    told = tried(student.forward, x[:, None], NET)
    got = numbers(told, len(x), 1)
    yield panel(
        line("target", x, np.ravel(reference.forward(x[:, None], NET))),
        line("learner", x, told if got is None else got[:, 0]),
        title="forward",
        xlabel="x",
        task="forward",
    )
