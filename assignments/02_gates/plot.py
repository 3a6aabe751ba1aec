"""One neuron is one line: the learner's lines and answers at the four corners of the square."""

import numpy as np

from autograder.checks import lack, line, numbers, panel, picture, points, tried

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
    told = tried(student.gate, grid, W, B)
    got = numbers(told, len(grid))
    return panel(
        border("target", W, B),
        lack(told) if got is None else shown("learner", grid, got, label="plot_says_one"),
        title="plot_gate",
        **names("gate"),
    )


def gate(student, name):
    """The line of a gate, and the corners at which a neuron with these weights answers 1."""
    told = tried(student.weights_for, name)
    found = weights(told)
    return panel(
        points("data", *CORNERS.T, label="plot_corner"),
        shown("target", CORNERS, np.array(GATES[name]), label="plot_must_be_one"),
        *((lack(told),) if found is None else neuron(*found)),
        title=name,
        **names("weights_for"),
    )


def neuron(w, b):
    """The learner's line, and the corners on its side where the neuron answers 1."""
    answer = CORNERS @ w + b >= 0
    return shown("learner", CORNERS, answer, label="plot_is_one"), border("learner", w, b)


def learned(student, reference):
    """The line at which the perceptron rule arrives for AND."""
    asked = CORNERS, np.array(GATES["AND"], dtype=float), 1.0, 20
    told = tried(student.train_perceptron, *asked)
    found = weights(told)
    return panel(
        points("data", *CORNERS.T, label="plot_corner"),
        shown("target", CORNERS, asked[1], label="plot_must_be_one"),
        border("target", *weights(reference.train_perceptron(*asked))),
        *((lack(told),) if found is None else neuron(*found)),
        title="plot_learned",
        **names("train_perceptron"),
    )


def names(task):
    """The axes of every panel here are the two inputs."""
    return {"xlabel": "x1", "ylabel": "x2", "task": task, "equal": True, "frame": FRAME}


def weights(returned):
    """Take two weights and a bias out of what a program returned; None where there are none."""
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        return None
    w, b = numbers(returned[0], 2), numbers(returned[1])
    return None if w is None or b is None else (w, float(b))


def shown(who, places, answer, **more):
    """The places where the answer is 1, if there are any."""
    chosen = places[np.asarray(answer) == 1]
    return points(who, *chosen.T, **more) if len(chosen) else None


def border(who, w, b):
    """The part of the line w · x + b = 0 that lies in the frame, if there is any."""
    ends = []
    for i in (0, 1):
        for edge in (LOW, HIGH):
            if w[1 - i] != 0:
                end = np.empty(2)
                end[i], end[1 - i] = edge, -(w[i] * edge + b) / w[1 - i]
                ends.append(end)
    inside = [end for end in ends if np.all((end >= LOW - 1e-9) & (end <= HIGH + 1e-9))]
    return line(who, *np.array([inside[0], inside[-1]]).T) if len(inside) > 1 else None
