"""Pictures: data from plot.py, drawn as SVG in the reader's language."""

import re
import time
import xml.etree.ElementTree as ET

import msgspec
import numpy as np
import pytest

from autograder.catalogue import load_exercise
from autograder.checks import (
    band,
    bars,
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
from autograder.errors import CourseError
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.grading.plotting import painter_of
from autograder.model import Mark, Plot, Result, Score, to_json
from autograder.plugin.bench import open_bench
from autograder.report.marks import COLOURS, draw_mark
from autograder.report.pictures import for_task, plot_svg
from autograder.report.scales import Axis, Box
from autograder.report.svg import Drawing, wrapped
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.proxy import Exchange, Student
from autograder.wire.protocol import Call, Loaded, Name, Part, Program, Stopped

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
    assert line("learner", X, None) == "no_answer"
    assert line("learner", X, "nonsense") == "other_form"
    assert line("learner", X, X[:3]) == "other_form"
    assert line("learner", X, X.astype(object)) == "other_form"
    assert heat("learner", X, X, np.ones((5, 4))) == "other_form"
    assert contour("learner", X, X, None) == "no_answer"
    assert band("learner", X, X, None) == "no_answer"


def test_a_mark_of_millions_of_numbers_is_refused():
    assert line("learner", np.ones(10**7), np.ones(10**7)) == "other_form"


@pytest.mark.parametrize("value", [None, "text", [[1], [2, 3]], 1j, X, {}, object()])
def test_numbers_takes_only_real_numbers_of_the_shape(value):
    assert numbers(value, 2, -1) is None
    assert lack(value) == ("no_answer" if value is None else "other_form")


def test_numbers_of_any_size_along_an_axis_are_taken():
    assert numbers([[1, True]], -1, 2).tolist() == [[1.0, 1.0]]
    assert numbers(3) == 3.0


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
        panel(contour("learner", X, X, np.outer(X, X))),
    )
    root = ET.fromstring(svg_of(plot, neuron))
    assert root.tag.endswith("svg")
    panels = [e for e in root.iter() if e.get("class") == "panel"]
    assert [shapes(panel) for panel in panels] == [
        {"polyline", "circle", "polygon"},
        {"rect"},
        {"image", "text"},
        {"polyline"},
        {"path"},
    ]


def shapes(panel):
    """Name what is drawn on a panel's paper."""
    paper = next(element for element in panel if element.tag.endswith("}svg"))
    return {element.tag.partition("}")[2] for element in paper}


def texts_in(svg):
    return [element.text for element in ET.fromstring(svg).iter() if element.tag.endswith("text")]


def test_a_panel_says_in_the_reader_s_language_what_it_lacks(neuron):
    plot = picture(panel(line("target", X, X), line("learner", X, None)))
    assert "No answer of yours to draw: the call" in svg_of(plot, neuron)
    assert "没有可画的结果" in svg_of(plot, neuron, "zh")
    plot = picture(panel(line("target", X, X), line("learner", X, "text")))
    assert "cannot be drawn" in svg_of(plot, neuron)


def test_a_panel_without_any_mark_says_why(neuron):
    assert "No answer of yours" in svg_of(picture(panel(line("learner", X, None))), neuron)


def test_a_panel_says_that_there_are_gaps(neuron):
    gone = line("learner", X, [0, np.nan, 1, 1, 1])
    assert "Gaps in yours" in svg_of(picture(panel(line("target", X, X), gone)), neuron)
    below = line("learner", X, X - 0.5)
    plot = picture(panel(line("target", X, X + 1), below, logarithmic=True))
    assert "Gaps in yours" in svg_of(plot, neuron)


def test_a_target_stays_in_sight_when_a_learner_s_curve_runs_away(neuron):
    plot = picture(panel(line("target", X, X), line("learner", X, X * 1e9)))
    svg = svg_of(plot, neuron)
    assert "lies outside" in svg
    assert "1" in texts_in(svg)
    assert "1e9" not in texts_in(svg)
    assert "lies outside" not in svg_of(picture(panel(line("learner", X, X * 1e9))), neuron)


def test_a_panel_says_whether_a_part_or_all_of_a_curve_lies_outside(neuron):
    target = line("target", X, X)
    beyond = picture(panel(target, line("learner", X, X + 100)))
    assert "All of yours lies outside" in svg_of(beyond, neuron)
    assert "全都" in svg_of(beyond, neuron, "zh")
    crossing = picture(panel(target, line("learner", X, 1e9 * (X - 0.5))))
    assert "A part of yours lies outside" in svg_of(crossing, neuron)


def test_few_cells_of_a_map_hold_their_numbers_and_many_do_not(neuron):
    few = heat("learner", [0, 1], [0, 1], [[0.126, -0.25], [np.nan, 1e20]], ends=(-0.25, 0.25))
    told = texts_in(svg_of(picture(panel(few)), neuron))
    assert {"0.13", "1e20"} <= set(told)
    assert told.count("\u22120.25") == 2  # in its cell, and at the end of the colours
    many = np.linspace(0.3, 0.4, 49).reshape(7, 7)
    svg = svg_of(picture(panel(heat("learner", range(7), range(7), many))), neuron)
    assert "0.35" not in texts_in(svg)


def test_a_frame_with_its_top_below_shows_a_map_as_a_matrix_is_written(neuron):
    rows = heat("learner", range(2), range(2), [[1, 2], [3, 4]])

    def heights(**frame):
        root = ET.fromstring(svg_of(picture(panel(rows, **frame)), neuron))
        cells = [e for e in root.iter() if e.tag.endswith("text") and e.get("fill") != "#444444"]
        return {e.text: float(e.get("y")) for e in cells if float(e.get("font-size")) == 10}

    assert heights()["1"] > heights()["3"]
    above = heights(frame=(-0.5, 1.5, 1.5, -0.5))
    assert above["1"] < above["3"]


def test_bars_stand_on_the_frame_and_counts_have_whole_numbers(neuron):
    svg = svg_of(picture(panel(bars("learner", ["a", "b"], [1, 2]))), neuron)
    assert [t for t in texts_in(svg) if t and t.isdigit()] == ["0", "1", "2"]
    bar = next(e for e in ET.fromstring(svg).iter() if e.get("fill-opacity") == "0.9")
    assert float(bar.get("y")) + float(bar.get("height")) == pytest.approx(190)
    assert "0.5" in texts_in(svg_of(picture(panel(bars("learner", ["a", "b"], [0.5, 2]))), neuron))
    steps = line("learner", range(12), np.linspace(0, 1, 12))
    assert "2.5" not in texts_in(svg_of(picture(panel(steps)), neuron))


def test_a_contour_lies_where_the_height_is():
    mark = contour("data", X, X, np.add.outer(X, 0 * X), levels=(0.4,))
    box = Box(100, 100, Axis(0, 1), Axis(0, 1))
    paper = Drawing()
    draw_mark(paper, box, mark, panel(mark))
    path = ET.fromstring(str(paper)).get("d")
    heights = {float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)}
    assert heights == {60.0}


def test_many_drawings_stand_in_one_page_under_a_policy_without_styles(neuron):
    plot = picture(panel(heat("learner", X, X, np.outer(X, X)), line("data", X, X)))
    svg = svg_of(plot, neuron)
    assert " id=" not in svg
    assert "style" not in svg


def test_a_class_is_drawn_in_moments(neuron):
    curve = line("learner", np.linspace(0, 1, 61), np.linspace(0, 1, 61) ** 2)
    plot = picture(*(panel(line("target", X, X), curve, title="t") for _ in range(12)))
    begun = time.process_time()
    for _ in range(20):
        svg_of(plot, neuron)
    assert time.process_time() - begun < 2  # a plotting library takes twenty


@pytest.mark.parametrize(
    ("axis", "wanted"),
    [
        (Axis(-5.4, 5.4), [-5, -2.5, 0, 2.5, 5]),
        (Axis(0, 0.31), [0, 0.1, 0.2, 0.3]),
        (Axis(-3, 2, logarithmic=True), [0.001, 0.01, 0.1, 1, 10, 100]),
        (Axis(0, np.log10(20), logarithmic=True), [1, 10]),
    ],
)
def test_ticks_are_round_numbers(axis, wanted):
    assert axis.ticks() == pytest.approx(wanted)


@pytest.mark.parametrize("y", [[0] * 5, [3] * 5, [1e-300] * 5, [-1e29] * 5, [None] * 5])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_flat_or_empty_curve_has_axes(neuron, y, logarithmic):
    mark = Mark("line", "learner", tuple(X.tolist()), tuple(y))
    assert "polyline" in svg_of(picture(panel(mark, logarithmic=logarithmic)), neuron) or not any(
        value and (value > 0 or not logarithmic) for value in y
    )


def test_a_text_is_cut_at_blanks_and_between_chinese_characters():
    assert wrapped("one two three", 50) == ["one two", "three"]
    assert wrapped("一二三，四五", 35) == ["一二", "三，四", "五"]


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


def test_no_text_of_a_learner_makes_a_broken_drawing(neuron):
    names = ["\x00\x1b[2J", "\ufffe", "\ud800", "]]>", "\u202e&amp;"]
    svg = svg_of(picture(panel(bars("learner", names, range(5)))), neuron)
    assert ET.fromstring(svg.encode("utf-8")) is not None


def test_a_label_that_means_two_things_is_explained_at_each(neuron):
    plot = picture(
        panel(line("data", X, X, label="train")),
        panel(line("learner", X, X, label="train")),
    )
    assert texts_in(svg_of(plot, neuron)).count("train") == 2
    plot = picture(*(panel(line("data", X, X, label="train")) for _ in range(2)))
    assert texts_in(svg_of(plot, neuron)).count("train") == 1


def test_a_legend_shows_what_is_drawn_in_several_ways_in_each_of_them(neuron):
    plot = picture(panel(line("target", X, X)), panel(bars("target", ["a"], [1])))
    root = ET.fromstring(svg_of(plot, neuron))
    samples = [e for e in root if e.tag.rpartition("}")[2] in ("polyline", "rect")]
    assert len(samples) == 3  # the paper, a line, a bar
    assert texts_in(svg_of(plot, neuron)).count("target") == 1


def test_a_legend_shows_each_of_several_curves_upon_its_own_target(neuron):
    plot = picture(
        panel(
            *(line("target", X, X + g, group=g) for g in (0, 1)),
            *(line("learner", X, X + g, group=g, label=f"curve {g}") for g in (0, 1)),
        )
    )
    root = ET.fromstring(svg_of(plot, neuron))
    inside = next(e for e in root if e.get("class") == "panel")
    colours = [e.get("stroke") for e in inside if e.tag.endswith("polyline")]
    targets, learners = COLOURS["target"], COLOURS["learner"]
    assert colours == [targets[0], learners[0], targets[1], learners[1]]


def test_the_same_picture_is_the_same_bytes(neuron):
    plot = picture(panel(line("target", X, X)))
    assert svg_of(plot, neuron) == svg_of(plot, neuron)


def test_a_picture_of_nothing_is_none(neuron):
    assert svg_of(None, neuron) is None
    assert svg_of(Plot(()), neuron) is None
    assert svg_of(picture(panel()), neuron) is None


@pytest.mark.parametrize(
    ("task", "drawn"), [("relu", ["relu"]), ("neuron", [""]), ("sigmoid", ["sigmoid"])]
)
def test_a_panel_that_shows_several_tasks_stands_with_the_last_one_only(neuron, task, drawn):
    assert neuron.tasks[-1].name == "neuron"
    plot = picture(*(panel(line("target", X, X), task=task) for task in ("sigmoid", "relu", "")))
    assert [p.task for p in for_task(result_with(plot), neuron, task).plot.panels] == drawn


def test_four_panels_stand_two_by_two(neuron):
    four = picture(*(panel(line("target", X, X), title=str(n)) for n in range(4)))
    assert ET.fromstring(svg_of(four, neuron)).get("width") == "600"


# ---- in the loop ----


def graded(exercise, source):
    results = []
    entry = Entry("ada", "work.py", Program("work", (Part("work.py", source),)), draws=True)
    run_checks(open_bench(exercise), Sandbox("none"), [entry], results.append, whole=False)
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
    assert tanh.lacks == ("no_answer",)


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


class Hanging:
    """A session in which every call runs out of time, and is counted."""

    def __init__(self):
        self.calls = []

    def load(self):
        return Loaded({})

    def call(self, call):
        self.calls.append(call.target.name)
        return Stopped("wall", 2.0)

    def close(self):
        pass


def test_a_picture_waits_for_few_functions_that_hang(neuron):
    hanging = Hanging()
    reference = open_bench(neuron).reference
    paint = painter_of(neuron)
    plot = paint(hanging, reference, ())
    assert len(hanging.calls) == 2
    assert all(each.lacks == ("no_answer",) for each in plot.panels)


def test_what_ran_out_of_time_in_a_check_is_not_asked_again(neuron):
    hanging = Hanging()
    late = Stopped("wall", 2.0)
    asked = [Exchange(Call(Name(task.name), (X,)), late) for task in neuron.tasks]
    painter_of(neuron)(hanging, open_bench(neuron).reference, asked)
    assert hanging.calls == []
