"""The course's pictures, whatever a learner's functions return."""

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import msgspec
import pytest

from autograder.catalogue import find_course
from autograder.diagnosis.answers import RememberingSession
from autograder.grading.plotting import paint_task, painter_of, panels_of
from autograder.model import Plot, Result, Score, to_json
from autograder.plugin.bench import open_bench
from autograder.report.pictures import for_task, plot_svg
from autograder.sandbox.inprocess import InProcessSession

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))
DRAWN = [name for name in COURSE.exercises if COURSE.authored(name).plotting.is_file()]
LARGEST = 300_000  # characters of a drawing
STRANGE = {
    "nothing": "None",
    "a text": "'<b>$\\\\frac{1}{2}$'",
    "true": "True",
    "no number": "float('nan')",
    "infinity": "np.array([np.inf, -np.inf])",
    "a huge integer": "10**400",
    "a huge array": "np.ones((600, 600))",
    "an empty array": "np.zeros((0, 2))",
    "a ragged list": "[[1.0], [2.0, 3.0]]",
    "a deep list": "[[[[[1.0]]]]]",
    "texts": "np.array(['a', 'b'])",
    "complex numbers": "np.array([1j, 2.0])",
    "a dictionary": "{'train': None, 'W': [], 1: {}}",
    "a pair of nothing": "(None, None)",
    "a pair of gaps": "(np.full((4, 2), np.nan), [np.nan] * 1000)",
    "a pair of dictionaries": "({'train': ([[1.0]],)}, [{'W': 'x'}, 1, None])",
    "its first argument": "args[0]",
    "all arguments": "args",
    "an object": "object()",
    "a function": "(lambda: 1)",
    "an exception": "1 / 0",
}


@cache
def reference_of(name):
    """Open the reference once: one of the exercises trains for seconds."""
    return open_bench(COURSE.authored(name)).reference


@cache
def right_learner(name):
    """Hand in the reference, and remember what it says: it trains as long."""
    exercise = COURSE.authored(name)
    source = exercise.source.read_text(encoding="utf-8")
    return RememberingSession(InProcessSession.of(source, exercise.module, exercise.limits))


def drawn_from(exercise, source):
    session = InProcessSession.of(source, exercise.module, exercise.limits)
    return painter_of(exercise)(session, reference_of(exercise.name), ())


@cache
def of_the_reference(name):
    return painter_of(COURSE.authored(name))(right_learner(name), reference_of(name), ())


def result_with(exercise, plot):
    return Result(exercise.name, "ada", exercise.source.name, Score(1, 0), plot=plot)


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_survives_whatever_functions_return(name, value):
    exercise = COURSE.authored(name)
    source = "import numpy as np\n" + "".join(
        f"def {task.name}(*args, **kwargs):\n    return {value}\n" for task in exercise.tasks
    )
    plot = drawn_from(exercise, source)
    result = result_with(exercise, plot)
    assert msgspec.json.decode(to_json(result), type=Result) == result
    for language in ("en", "zh") if value == "None" else ("en",):  # the words alone differ
        svg = plot_svg(result, exercise, language)
        assert len(svg) < LARGEST
        assert ET.fromstring(svg).tag.endswith("svg")


@pytest.mark.parametrize("name", DRAWN)
def test_of_an_empty_file_every_learner_s_panel_says_that_there_is_no_answer(name):
    exercise = COURSE.authored(name)
    plot = drawn_from(exercise, "")
    right = of_the_reference(name)
    for panel, full in zip(plot.panels, right.panels, strict=True):
        owned = any(mark.who == "learner" for mark in full.marks)
        assert panel.lacks == (("no_answer",) if owned else ())
    svg = plot_svg(result_with(exercise, plot), exercise, "zh")
    assert "没有可画的结果" in svg


@pytest.mark.parametrize("name", DRAWN)
def test_of_the_reference_nothing_is_lacking(name):
    exercise = COURSE.authored(name)
    plot = of_the_reference(name)
    assert [panel.lacks for panel in plot.panels] == [()] * len(plot.panels)
    result = result_with(exercise, plot)
    for language in ("en", "zh"):
        svg = plot_svg(result, exercise, language)
        assert 'fill="#B34700"' not in svg  # no remark either: nothing outside, no gaps
        assert ">plot_" not in svg.replace(">plot_curves", "")
    tasks = {panel.task for panel in plot.panels} - {""}
    assert tasks <= {task.name for task in exercise.tasks}
    assert all(plot_svg(for_task(result, exercise, task), exercise, "en") for task in tasks)


@pytest.mark.parametrize("name", DRAWN)
def test_a_task_drawn_alone_looks_as_in_the_whole_picture(name):
    exercise = COURSE.authored(name)
    whole = of_the_reference(name)
    asked = right_learner(name), reference_of(name), ()
    for task in exercise.tasks:
        alone = paint_task(painter_of(exercise), exercise, task.name, *asked)
        assert (alone or Plot(())) == panels_of(whole, exercise, task.name)
