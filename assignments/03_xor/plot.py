"""A hidden layer moves the four corners to where one line can divide them."""

import numpy as np

from autograder.checks import (
    code,
    contour,
    heat,
    lack,
    line,
    numbers,
    panel,
    picture,
    points,
    tried,
)

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
CLASSES = ([0, 3], [1, 2])  # the rows that XOR answers by 0, and by 1
PLACES = np.linspace(-0.65, 1.65, 44)  # beyond the frame: a smooth line needs neighbours
GRID = np.array([[x, y] for y in PLACES for x in PLACES])
SQUARE = {"equal": True, "frame": (-0.4, 1.4, -0.4, 1.4)}
NET = [
    (np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])),
    (np.array([1.0, 1.0]), -1.5),
]
DEEP = [
    (np.array([[2.0, -1.0, 3.0]]), np.array([0.5, 1.0, -2.0])),
    (np.array([[1.0], [2.0], [-1.5]]), np.array([0.3])),
]


def plot(student, reference):
    """Draw both spaces, the network's answers, a deep curve, and a collapsed line."""
    return picture(
        input_space(student),
        hidden_space(student, reference),
        answers(student, reference),
        deep_curve(student, reference),
        collapsed(student, reference),
    )


def corners(places=CORNERS):
    """The four corners, in two classes."""
    return (
        points("data", *places[CLASSES[0]].T, label="plot_zero", group=1),
        points("data", *places[CLASSES[1]].T, label="plot_one"),
    )


def input_space(student):
    """Where does each of the learner's hidden units change its answer?"""
    told = tried(student.hidden, GRID)
    units = numbers(told, len(GRID), 2)
    return panel(
        *corners(),
        *([lack(told)] if units is None else (edge(units[:, i], i) for i in (0, 1))),
        title="plot_input",
        xlabel="x1",
        ylabel="x2",
        task="hidden",
        **SQUARE,
    )


def edge(unit, group):
    """The line at which one hidden unit goes from 0 to 1."""
    label = ("plot_unit_0", "plot_unit_1")[group]
    grid = smooth(unit.reshape(len(PLACES), -1))
    return contour("learner", PLACES, PLACES, grid, levels=(0.5,), group=group, label=label)


def smooth(grid):
    """The mean over near neighbours: the border between 0 and 1 without the grid's stairs."""
    near = np.array([1, 8, 28, 56, 70, 56, 28, 8, 1]) / 256
    wide = np.pad(grid, 4, mode="edge")
    for axis in (0, 1):
        wide = np.apply_along_axis(np.convolve, axis, wide, near, "valid")
    return wide


def hidden_space(student, reference):
    """Where do the corners arrive? One line divides them there."""
    told = tried(student.hidden, CORNERS)
    moved = numbers(told, 4, 2)
    wanted = reference.hidden(CORNERS)
    return panel(
        *(points("target", *wanted[CLASSES[i]].T, group=1 - i) for i in (0, 1)),
        line("data", [0.1, 1.4], [1.4, 0.1], label="plot_output", group=1),
        *([lack(told)] if moved is None else arrivals(moved)),
        title="plot_hidden",
        xlabel="h1",
        ylabel="h2",
        task="hidden",
        **SQUARE,
    )


def arrivals(moved):
    """The learner's corners in hidden space, in two classes."""
    return (points("learner", *moved[CLASSES[i]].T, group=1 - i) for i in (0, 1))


def answers(student, reference):
    """Where does the whole network answer 1?"""
    shape = len(PLACES), len(PLACES)
    told = tried(student.xor_net, GRID, NET)
    got = numbers(told, len(GRID))
    wanted = smooth(np.reshape(reference.xor_net(GRID, NET), shape))
    shown = told if got is None else got.reshape(shape)
    return panel(
        heat("learner", PLACES, PLACES, shown, ends=(0, 1)),
        contour("target", PLACES, PLACES, wanted, levels=(0.5,)),
        *corners(),
        title="plot_answers",
        xlabel="x1",
        ylabel="x2",
        task="xor_net",
        **SQUARE,
    )


def bent(z):
    """An activation, run beside the program."""
    import numpy as np

    return np.tanh(z)


def same(z):
    """No activation."""
    return z


def deep_curve(student, reference):
    """A network of two layers from one input to one output."""
    x = np.linspace(-2, 2, 41)
    asked = x[:, None], DEEP, [code(bent), code(same)]
    return panel(
        line("target", x, np.ravel(reference.mlp_forward(*asked)[0])),
        line("learner", x, column(tried(student.mlp_forward, *asked))),
        title="mlp_forward",
        xlabel="x",
        task="mlp_forward",
    )


def column(returned):
    """Take the output of the network out of what mlp_forward returned."""
    if not isinstance(returned, tuple | list) or not returned:
        return returned
    out = numbers(returned[0], -1, 1)
    return returned[0] if out is None else out[:, 0]


def collapsed(student, reference):
    """Two linear layers are one straight line."""
    x = np.linspace(-2, 2, 5)
    return panel(
        line("target", x, straight(reference.collapse_linear(DEEP), x)),
        line("learner", x, straight(tried(student.collapse_linear, DEEP), x)),
        title="collapse_linear",
        xlabel="x",
        task="collapse_linear",
    )


def straight(returned, x):
    """The line of the layer that collapse_linear returned."""
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        return returned
    W, b = numbers(returned[0], 1, 1), numbers(returned[1], 1)
    return "" if W is None or b is None else x * W[0, 0] + b[0]
