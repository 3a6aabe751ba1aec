"""Checks that learners never see."""

import re
from functools import cache
from pathlib import Path

import numpy as np

from autograder.checks import CallFailed, expect, figures, loaded, probe, task
from autograder.checks.digits import (
    dense_stack,
    forward,
    history_object,
    left_behind,
    outputs,
    structure,
    trained_history,
    workbench,
)
from autograder.checks.leftovers import says_share, says_ten, without_bars
from autograder.checks.stopped import why_stopped

TRAININGS = (1, 2)  # seeds; the better of the two counts, and a script has only its own
FULL, HALF = 0.91, 0.88  # the reference reaches 0.934 with a standard deviation of 0.0076


PARAMETERS = ("model", "history", "x", "y", "x_val", "y_val", "epochs")


# ---- asking, and naming what stopped the program ----


def asked(student, function, *args, shows=""):
    """Run a probe, and say what it is about where the exception itself tells."""
    try:
        return probe(student, function, shows=shows)(*args)
    except CallFailed as failed:
        demand_nothing_known(student, failed.exchange.outcome)
        raise


def bench_of(student):
    return probe(student, workbench).kept()


def demand_nothing_known(student, outcome):
    """Demand that a program was not stopped by what an exception's text gives away."""
    names = {*loaded(student).names, *PARAMETERS}
    reason, facts = why_stopped(outcome, names)
    if reason in ("name", "missing"):  # because something has failed before
        earlier = [why_stopped(each.outcome, names) for each in loaded(student).failures]
        reason, facts = next((each for each in earlier if each[0]), (reason, facts))
    says = "stopped_by" if facts.get("line") else "stopped_on_use"
    expect(reason != "removed", says, misconception="A11.6", **facts)
    expect(reason != "size", says, misconception="A11.5", **facts)
    expect(reason != "labels", says, misconception="A11.3", **facts)
    expect(reason != "key", says, misconception="A11.7", **facts)
    expect(reason != "name", says, misconception="A11.9", **facts)
    expect(reason != "glued", says, misconception="A11.10", **facts)


def demand_whole(student):
    """Demand that a script, of which something is missing, did not break off before."""
    for failure in loaded(student).failures:
        demand_nothing_known(student, failure.outcome)


def is_script(module, bench):
    return bench.script


@cache
def hidden_digits():
    """4,000 digits and their labels; the labels never go near a learner's program."""
    with np.load(Path(__file__).parent / "hidden_digits.npz", allow_pickle=False) as arrays:
        return arrays["x"], arrays["y"].astype(int)


def answers(student, bench, seed, raw):
    """What a learner's trained model says of images: (n, 10).

    Computed here from its weights where it is a dense stack, else asked for.
    """
    stack = None
    if not asked(student, is_script, bench):
        stack = asked(student, dense_stack, bench, seed, shows="asks_trained")
    if stack:
        return forward(raw / 255, [tuple(layer) for layer in stack])
    return asked(student, outputs, bench, seed, raw, shows="asks_trained")


# ---- fit: accuracy on digits that nobody has seen ----


def best_accuracy(student, floor):
    bench = bench_of(student)
    raw, labels = hidden_digits()
    seeds = TRAININGS[:1] if asked(student, is_script, bench) else TRAININGS
    best = 0.0
    for seed in seeds:
        said = answers(student, bench, seed, raw)
        expect(said.shape == (len(raw), 10), "output_shape", n=len(raw), got=str(said.shape))
        best = max(best, float(np.mean(said.argmax(axis=1) == labels)))
        if best >= floor:
            break
    return best


def demand_floor(best, floor):
    """Demand an accuracy; what was reached is rounded down, so that it never looks like enough."""
    expect(best >= floor, "floor", reached=int(100 * best) / 100, floor=floor)


@task("fit", points=15, kind="runs")
def test_the_trained_model_recognises_unseen_digits(student):
    demand_floor(best_accuracy(student, HALF), HALF)


@task("fit", points=15, kind="runs")
def test_the_trained_model_recognises_unseen_digits_well(student):
    demand_floor(best_accuracy(student, FULL), FULL)


# ---- plot_history ----


@task("plot_history", points=10)
def test_plot_history_draws_the_history_that_it_is_given(student, rng):
    bench = bench_of(student)
    if asked(student, is_script, bench):
        found, series = figures(student), asked(student, trained_history, bench, 0)
    else:
        keys = ("loss", "accuracy", "val_loss", "val_accuracy")
        series = {key: [float(value) for value in rng.uniform(0.1, 1, size=7)] for key in keys}
        found = drawn(student, series)
    lines = [line.y for figure in found for line in figure.lines]
    if not lines:
        demand_whole(student)
    expect(lines, "no_figure")
    for key, values in series.items():
        if "loss" in key or "acc" in key:
            there = [y.shape == np.shape(values) and np.allclose(y, values) for y in lines]
            expect(any(there), "no_curve", key=key)


def drawn(student, series):
    history = probe(student, history_object).kept(series)
    try:
        return figures(student, "plot_history", history, shows="asks_plot")
    except CallFailed as failed:
        demand_nothing_known(student, failed.exchange.outcome)
        raise


# ---- first10 and accuracy, of the very model that was trained ----


def own_ten(module, bench, seed, raw):
    import numpy as np

    model = bench.trained(seed)[0]
    return np.asarray(module.first10(model, bench.shaped(raw, model)))


def own_share(module, bench, seed, raw, labels):
    import numpy as np

    model = bench.trained(seed)[0]
    value = module.accuracy(model, bench.shaped(raw, model), bench.labelled(labels))
    return float(np.asarray(value))


def left_by(student, bench):
    facts = asked(student, left_behind, bench, shows="asks_script")
    return {**facts, "printed": without_bars(loaded(student).output)}


@task("first10", points=10, kind="runs")
def test_first10_says_what_the_trained_model_says(student, rng):
    bench = bench_of(student)
    if asked(student, is_script, bench):
        left = left_by(student, bench)
        wanted = [int(each) for each in left["outputs"][:10].argmax(axis=1)]
        there = says_ten(left["tens"], left["printed"], wanted)
        if not there:
            demand_whole(student)
        expect(there, "no_ten", wanted=str(wanted))
        return
    raw = rng.permutation(hidden_digits()[0])[:25]
    got = asked(student, own_ten, bench, TRAININGS[0], raw, shows="asks_first10")
    scores = answers(student, bench, TRAININGS[0], raw)[:10]
    right = got.shape == (10,) and np.all((got >= 0) & (got < 10))
    wanted = str(scores.argmax(axis=1))
    # Two classes that are as likely but for rounding are both right.
    near = right and np.all(scores[np.arange(10), got] >= scores.max(axis=1) - 1e-4)
    expect(near, "ten_wrong", got=str(got), wanted=wanted)


def demand_share_of_script(student, left):
    wanted = float(np.mean(left["outputs"].argmax(axis=1) == left["labels"]))
    numbers = left["numbers"]
    said = says_share(numbers, left["printed"], wanted)
    # Of the training digits all may be right; and what fit prints in passing claims nothing.
    perfect = any(
        re.search("(?i)^(?!.*train).*acc", key) and 1.0 in numbers[key] for key in numbers
    )
    claimed = says_share(numbers, re.sub(r"\bval_\w+: [\d.e+-]+", "", left["printed"]), wanted)
    itself = perfect and not claimed and wanted != 1
    expect(not itself, "itself", misconception="A11.8", wanted=round(wanted, 4))
    if not said:
        demand_whole(student)
    expect(said, "no_share", wanted=round(wanted, 4))


@task("accuracy", points=6)
def test_accuracy_is_what_the_grader_finds_too(student, rng):
    bench = bench_of(student)
    if asked(student, is_script, bench):
        demand_share_of_script(student, left_by(student, bench))
        return
    # A third of the labels is wrong on purpose: what is told may not come from the digits alone.
    picks = rng.permutation(4000)[:300]
    raw, labels = hidden_digits()[0][picks], rng.integers(0, 10, size=300)
    scores = answers(student, bench, TRAININGS[0], raw)
    seen = scores.argmax(axis=1)
    labels[100:] = seen[100:]
    ask = (student, own_share, bench, TRAININGS[0], raw)
    got = asked(*ask, labels, shows="asks_accuracy")
    wanted = float(np.mean(seen == labels))
    itself = got == 1 != wanted and asked(*ask, (seen + 1) % 10, shows="asks_accuracy") == 1
    expect(not itself, "itself", misconception="A11.8", wanted=round(wanted, 4))
    # Rounding may decide otherwise between two classes that are as likely.
    top = np.sort(scores, axis=1)
    unsure = float(np.mean(top[:, -1] - top[:, -2] < 1e-5))
    close = abs(got - wanted) <= 1e-6 + unsure
    expect(close, "share_wrong", got=round(got, 6), wanted=round(wanted, 6))
