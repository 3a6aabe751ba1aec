"""The picture of the call that failed: what came beside what was wanted."""

import re

import msgspec
import numpy as np
import pytest

from autograder.checks import beside, difference
from autograder.model import Verdict, for_learner, to_json
from autograder.report.beside import beside_of
from autograder.report.cell import task_html
from autograder.report.learner import learner_page

MATRIX = np.arange(6.0).reshape(2, 3)
PUBLIC = """
import numpy as np
from autograder.checks import agree, task

@task("double", points=1)
def test_double_doubles(student, reference):
    z = np.linspace(-1, 1, {size}){shape}
    agree(student.double(z), reference.double(z))
"""


def drawn(got, wanted, argument=None):
    return beside(difference(got, wanted), got, wanted, argument)


def test_a_matrix_is_two_maps_of_one_scale_with_the_cells_that_differ_marked():
    got = MATRIX.copy()
    got[1, 2] = 9.0
    mine, right = drawn(got, MATRIX).panels
    assert mine.marks[0].levels == right.marks[0].levels == (0.0, 9.0)
    (dots,) = (mark for mark in mine.marks if mark.kind == "points")
    assert [round(each) for each in (*dots.x, *dots.y)] == [2, 1]


def test_where_most_cells_differ_none_is_marked():
    mine, _ = drawn(MATRIX + 1, MATRIX).panels
    assert [mark.kind for mark in mine.marks] == ["heat"]


def test_the_marks_follow_the_checks_own_tolerance():
    wanted = np.linspace(1, 2, 6).reshape(2, 3)
    got = wanted * (1 + 1e-5)
    got[0, 0] = 5.0
    found = difference(got, wanted, rtol=1e-4)
    (dots,) = (m for m in beside(found, got, wanted).panels[0].marks if m.kind == "points")
    assert len(dots.x) == 1


def test_few_numbers_are_bars_side_by_side():
    (panel,) = drawn(np.ones(3), np.zeros(3)).panels
    assert {(mark.kind, mark.who) for mark in panel.marks} == {
        ("bars", "target"),
        ("bars", "learner"),
    }


def test_many_numbers_are_curves_over_the_argument():
    z = np.linspace(-3, 3, 40)
    (panel,) = drawn(np.tanh(z), np.tanh(2 * z), z).panels
    assert {mark.kind for mark in panel.marks} == {"line"}
    assert panel.marks[0].x[0] == -3.0


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (1.0, 2.0),
        (np.ones(3), np.ones(4)),
        (np.zeros((2, 2, 2)), np.ones((2, 2, 2))),
        (np.zeros(500), np.ones(500)),
        (None, np.ones(3)),
        ("a", np.ones(3)),
        (np.array([True, False]), np.array([1.0, 2.0])),
    ],
)
def test_what_is_no_small_array_of_numbers_has_no_picture(got, wanted):
    assert drawn(got, wanted) is None


def test_what_is_not_finite_is_a_gap_and_breaks_nothing(tiny_exercise):
    got = np.array([[np.nan, np.inf], [1e300, 0.0]])
    found = difference(got, np.ones((2, 2)))
    plot = beside(found, got, np.ones((2, 2)))
    said = beside_of(msgspec.structs.replace(found, beside=plot), tiny_exercise(), "en")
    assert said.svg.startswith("<svg")
    assert "got nan, wanted 1" in said.text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("size", "shape"), [(4, ""), (40, ""), (6, ".reshape(2, 3)")])
def test_a_failed_task_shows_it_below_its_cell_and_says_it(
    tiny_exercise, grade, language, size, shape
):
    exercise = tiny_exercise(public=PUBLIC.format(size=size, shape=shape), hidden="")
    (result,) = grade(exercise, "def double(z):\n    return abs(2 * z)\n")
    page = task_html(exercise.tasks[0], result, exercise, language, points="")
    (text,) = re.findall(r'<img[^>]*alt="([^"]*)"', page)
    first = "[0, 0]" if shape else "[0]"
    told = {
        "en": f"At {first}: got 2, wanted \u22122",
        "zh": f"{first}：得到 2，应为 \u22122",
    }
    assert told[language] in text


def test_a_learner_s_page_shows_it_in_each_language_with_the_check_that_failed(
    tiny_exercise, grade
):
    exercise = tiny_exercise(public=PUBLIC.format(size=2, shape=""), hidden="")
    (result,) = grade(exercise, "def double(z):\n    return abs(2 * z)\n")
    english, chinese = re.findall(
        r'<img class="beside"[^>]*alt="([^"]*)"', learner_page(result, exercise, "en")
    )
    assert "At [0]: got 2" in english
    assert "[0]：得到 2" in chinese


def test_a_right_task_shows_none(tiny_exercise, grade):
    exercise = tiny_exercise(public=PUBLIC.format(size=4, shape=""), hidden="")
    (result,) = grade(exercise, "def double(z):\n    return 2 * z\n")
    assert "<img" not in task_html(exercise.tasks[0], result, exercise, "en", points="")


def test_of_a_hidden_check_nothing_is_drawn_but_its_fresh_example(tiny_exercise, grade, make_entry):
    exercise = tiny_exercise()
    source = "def double(z):\n    return z if z.ndim == 2 else 2 * z\n"
    for examples in (False, True):
        (result,) = grade(exercise, make_entry(source, examples=examples), salt="salt")
        (hidden,) = (c for c in result.checks if c.hidden)
        assert hidden.verdict is Verdict.FAILED
        assert hidden.evidence.beside is None
        assert (hidden.example is not None and hidden.example.beside is not None) == examples
        assert b'"beside"' not in to_json(for_learner(result)) or examples
