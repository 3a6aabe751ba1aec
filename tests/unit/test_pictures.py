"""Pictures: data from plot.py, drawn as SVG in the reader's language."""

import xml.etree.ElementTree as ET

import msgspec
import numpy as np
import pytest

from autograder.catalogue import load_exercise
from autograder.checks import band, bars, heat, line, panel, picture, points, tried
from autograder.errors import CourseError
from autograder.grading.loop import Entry, run_checks
from autograder.grading.plotting import painter_of
from autograder.model import Plot, Result, Score, to_json
from autograder.plugin.bench import open_bench
from autograder.report.pictures import for_task, plot_svg
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.proxy import Student
from autograder.wire.protocol import Part, Program

X = np.linspace(0, 1, 5)


@pytest.fixture(scope="module")
def neuron(pytestconfig):
    return load_exercise(pytestconfig.rootpath / "solutions" / "01_neuron")


def result_with(plot):
    return Result("01_neuron", "ada", "neuron.py", Score(60, 0), plot=plot)


def svg_of(plot, neuron, language="en"):
    return plot_svg(result_with(plot), neuron, language)


def test_what_a_learner_s_program_cannot_give_is_left_out():
    student = Student(InProcessSession.of("def f(x):\n    raise ValueError", "work"))
    assert tried(student.f, X) is None
    assert line("learner", X, None) is None
    assert line("learner", X, "nonsense") is None
    assert line("learner", X, X[:3]) is None
    assert line("learner", X, np.ones(10_000_000)[:5].astype(object)) is None
    assert heat("learner", X, X, np.ones((5, 4))) is None
    assert band("learner", X, X, None) is None


@pytest.mark.parametrize("values", [None, "text", X[:2]])
def test_a_target_that_cannot_be_drawn_is_the_author_s_mistake(values):
    with pytest.raises(CourseError, match=r"plot\.py"):
        line("target", X, values)


def test_numbers_no_axis_can_hold_are_gaps_that_json_can_hold():
    mark = line("learner", X, [0, np.nan, np.inf, -1e300, 1])
    assert mark.y == (0, None, None, None, 1)
    made = result_with(picture(panel(mark)))
    assert msgspec.json.decode(to_json(made), type=Result) == made


def test_every_kind_of_mark_is_drawn(neuron):
    plot = picture(
        panel(line("target", X, X), points("learner", X, X**2), band("data", X, X - 1, X + 1)),
        panel(bars("target", ["a", "b"], [1, 2]), bars("learner", ["a", "b"], [2, 1])),
        panel(heat("learner", X, X, np.outer(X, X)), equal=True),
        panel(line("learner", X, X + 1), logarithmic=True),
    )
    root = ET.fromstring(svg_of(plot, neuron))
    assert root.tag.endswith("svg")
    assert len([e for e in root.iter() if e.get("id", "").startswith("axes_")]) >= 4


def test_the_legend_speaks_the_reader_s_language(neuron):
    plot = picture(panel(line("target", X, X), line("learner", X, X)))
    assert ">yours<" in svg_of(plot, neuron)
    assert ">你的<" in svg_of(plot, neuron, "zh")


def test_a_learner_s_names_are_text_and_nothing_else(neuron):
    names = ["<script>alert(1)</script>", "$\\frac{$", "a" * 10_000]
    svg = svg_of(picture(panel(bars("learner", names, [1, 2, 3]))), neuron)
    assert "<script" not in svg
    assert "alert(1)" in svg
    assert "a" * 100 not in svg


def test_the_same_picture_is_the_same_bytes(neuron):
    plot = picture(panel(line("target", X, X)))
    assert svg_of(plot, neuron) == svg_of(plot, neuron)


def test_a_picture_of_nothing_is_none(neuron):
    assert svg_of(None, neuron) is None
    assert svg_of(Plot(()), neuron) is None
    assert svg_of(picture(panel()), neuron) is None


def test_a_task_s_picture_has_its_own_panels_and_the_common_ones():
    plot = picture(*(panel(line("target", X, X), task=task) for task in ("sigmoid", "relu", "")))
    assert [p.task for p in for_task(result_with(plot), "relu").plot.panels] == ["relu", ""]


# ---- in the loop ----


def graded(exercise, source):
    results = []
    entry = Entry("ada", "work.py", Program("work", (Part("work.py", source),)), draws=True)
    run_checks(open_bench(exercise), Sandbox("none"), [entry], results.append)
    return results[0]


def exercise_with(neuron, folder, text):
    for name in ("exercise.toml", "neuron.py", "misconceptions.py", "test_public.py"):
        (folder / name).write_text((neuron.folder / name).read_text())
    (folder / "plot.py").write_text(text)
    return load_exercise(folder)


def test_a_submission_is_drawn_beside_the_target(neuron):
    result = graded(neuron, "import numpy as np\ndef relu(z):\n    return np.abs(z)\n")
    relu = next(p for p in result.plot.panels if p.task == "relu")
    assert {mark.who for mark in relu.marks} == {"learner", "target"}
    tanh = next(p for p in result.plot.panels if p.task == "tanh")
    assert {mark.who for mark in tanh.marks} == {"target"}


def test_a_picture_that_fails_costs_no_points(neuron, tmp_path):
    exercise = exercise_with(neuron, tmp_path, "def plot(student, reference):\n    return 1 / 0\n")
    result = graded(exercise, neuron.source.read_text())
    assert result.plot is None
    assert result.score.points > 0
    assert [note.name for note in result.notes] == ["note.no_picture"]


@pytest.mark.parametrize("text", ["x = (", "import nothing_like_it", "x = 1"])
def test_a_broken_plot_py_is_a_located_error(neuron, tmp_path, text):
    exercise = exercise_with(neuron, tmp_path, text)
    with pytest.raises(CourseError, match=r"plot\.py"):
        painter_of(exercise)


def test_what_a_probe_has_told_a_check_is_not_asked_again(neuron, tmp_path):
    text = """
from autograder.checks import bars, panel, picture, probe
def count(module):
    module.calls = getattr(module, "calls", 0) + 1
    return module.calls
def plot(student, reference):
    return picture(panel(bars("learner", ["calls"], [probe(student, count)()])))
"""
    exercise = exercise_with(neuron, tmp_path, text)
    (tmp_path / "test_public.py").write_text(
        "from autograder.checks import probe, task\n"
        "def count(module):\n"
        '    module.calls = getattr(module, "calls", 0) + 1\n'
        "    return module.calls\n"
        '@task("sigmoid", points=1)\n'
        "def test_sigmoid(student):\n"
        "    probe(student, count)()\n"
    )
    assert graded(exercise, "").plot.panels[0].marks[0].y == (1,)
