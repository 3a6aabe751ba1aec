"""One neuron is one line: the learner's lines and answers at the four corners of the square."""

import numpy as np

from autograder.checks import line, numbers, panel, picture, points, tried

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "NOR": [1, 0, 0, 0]}
LOW, HIGH = -0.4, 1.4
FRAME = (LOW, HIGH, LOW, HIGH)
W, B = np.array([1.0, 1.0]), -1.5


def plot(student, reference):
    """Draw where the neuron answers 1, the line of each gate, and the line that was learned."""
    return picture(
        answers(student), *(gate(student, name) for name in GATES), learned(student, reference)
    )


def answers(student):
    """Where does the learner's neuron with AND's weights answer 1? On one side of its line."""
    places = np.linspace(-0.25, 1.25, 13)
    grid = np.array([[x, y] for x in places for y in places])
    got = numbers(tried(student.gate, grid, W, B), len(grid))
    return panel(
        line("target", *segment(W, B)),
        shown("learner", grid, got, label="plot_says_one"),
        title="plot_gate",
        **names("gate"),
    )


def gate(student, name):
    """The line of a gate, and the corners at which a neuron with these weights answers 1."""
    w, b = weights(tried(student.weights_for, name))
    got = None if w is None else np.where(CORNERS @ w + b >= 0, 1.0, 0.0)
    return panel(
        points("data", *CORNERS.T, label="plot_corner"),
        shown("target", CORNERS, np.array(GATES[name]), label="plot_must_be_one"),
        shown("learner", CORNERS, got, label="plot_is_one"),
        line("learner", *segment(w, b)),
        title=name,
        **names("weights_for"),
    )


def learned(student, reference):
    """The line at which the perceptron rule arrives for AND."""
    asked = CORNERS, np.array(GATES["AND"], dtype=float), 1.0, 20
    wanted = weights(reference.train_perceptron(*asked))
    got = weights(tried(student.train_perceptron, *asked))
    return panel(
        points("data", *CORNERS.T, label="plot_corner"),
        line("target", *segment(*wanted)),
        line("learner", *segment(*got)),
        title="plot_learned",
        **names("train_perceptron"),
    )


def names(task):
    """The axes of every panel here are the two inputs."""
    return {"xlabel": "x1", "ylabel": "x2", "task": task, "equal": True, "frame": FRAME}


def weights(returned):
    """Take two weights and a bias out of what a program returned; None and 0 where it is none."""
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        return None, 0.0
    w, b = numbers(returned[0], 2), numbers(returned[1])
    return (None, 0.0) if w is None or b is None else (w, float(b))


def shown(who, places, answer, **more):
    """The places where the answer is 1, if there are any."""
    if answer is None or not np.any(answer == 1):
        return None
    return points(who, *places[answer == 1].T, **more)


def segment(w, b):
    """The part of the line w · x + b = 0 that lies in the frame, as two columns x1 and x2."""
    ends = []
    for i in (0, 1) if w is not None else ():
        for edge in (LOW, HIGH):
            if w[1 - i] != 0:
                end = np.empty(2)
                end[i], end[1 - i] = edge, -(w[i] * edge + b) / w[1 - i]
                ends.append(end)
    inside = [end for end in ends if np.all((end >= LOW - 1e-9) & (end <= HIGH + 1e-9))]
    if len(inside) < 2:
        return None, None
    return np.array([inside[0], inside[-1]]).T
