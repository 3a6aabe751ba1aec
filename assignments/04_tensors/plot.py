"""A curve with its tangent, its derivatives, a way downhill, and what a graph consists of."""

import numpy as np

from autograder.checks import bars, code, lack, line, numbers, panel, picture, points, probe, tried

X = np.linspace(-3.0, 3.0, 61)
AT = 1.2
MOST_OPERATIONS = 8
WALK = (3.0, 0.1, 12)  # from where, how fast, how many steps


def plot(student, reference):
    """Draw what the tasks find out about f(x) = x sin x, and a graph's operations."""
    return picture(
        tangent(student, reference),
        *slopes(student, reference),
        downhill(student, reference),
        operations(student, reference),
    )


def hills(x):
    """f, at one place or entry by entry."""
    import tensorflow as tf

    return x * tf.sin(x)


def tangent(student, reference):
    """f, and the line that touches it with the slope that grad_at finds."""
    told = tried(student.grad_at, code(hills), AT)
    slope = numbers(told)
    near = AT + np.array([-1.2, 1.2])
    height = AT * np.sin(AT)
    wanted = float(reference.grad_at(code(hills), AT))
    return panel(
        line("data", X, X * np.sin(X), label="f(x) = x sin x"),
        points("data", [AT], [height], label=f"x = {AT}"),
        line("target", near, height + wanted * (near - AT)),
        lack(told) if slope is None else line("learner", near, height + slope * (near - AT)),
        title="plot_tangent",
        xlabel="x",
        task="grad_at",
    )


def slopes(student, reference):
    """The first and the second derivative, as curves."""
    wanted = reference.derivatives(code(hills), X)
    told = tried(student.derivatives, code(hills), X)
    pair = told if isinstance(told, tuple | list) and len(told) == 2 else [told, told]
    for i, title in enumerate(("plot_first", "plot_second")):
        yield panel(
            line("target", X, wanted[i]),
            line("learner", X, pair[i]),
            title=title,
            xlabel="x",
            task="derivatives",
        )


def downhill(student, reference):
    """How f falls with each step."""
    start, lr, steps = WALK
    count = np.arange(steps)
    told = tried(student.minimize, code(hills), start, lr, steps)
    known = isinstance(told, tuple | list) and len(told) == 2
    return panel(
        line("target", count, reference.minimize(code(hills), start, lr, steps)[1]),
        line("learner", count, told[1] if known else told),
        title="plot_downhill",
        xlabel="plot_step",
        ylabel="f(x)",
        task="minimize",
    )


def operations_of(program):
    """Count a graph's operations by kind, beside the program; what only passes on is left out."""
    import numpy as np

    graph, _ = program.make_graph(np.ones((3, 2), np.float32), np.ones(2, np.float32))
    graph = getattr(graph, "get_concrete_function", lambda: graph)()
    silent = ("Placeholder", "Const", "NoOp", "Identity", "ReadVariableOp")
    kinds = [str(each.type) for each in graph.graph.get_operations()]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds)) if kind not in silent}


def operations(student, reference):
    """What the traced graph does when it is called."""
    wanted = probe(reference, operations_of)()
    told = tried(probe(student, operations_of))
    found = told if isinstance(told, dict) else {}
    counted = {str(kind): number for kind, number in found.items() if isinstance(number, int)}
    names = list(dict.fromkeys([*wanted, *counted]))[:MOST_OPERATIONS]
    shown = None if told is None else [counted.get(name, 0) for name in names]
    return panel(
        bars("target", names, [wanted.get(name, 0) for name in names]),
        bars("learner", names, shown),
        title="plot_operations",
        ylabel="plot_count",
        task="make_graph",
    )
