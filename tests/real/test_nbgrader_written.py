"""A question in words goes through nbgrader as a manually graded cell, beside what checks grade."""

import math

import nbgrader_course as c
import pytest
from nbgrader_course import NAME

from tests.real.installed import need

need("nbgrader")
pytestmark = pytest.mark.real

LISTED = """
[[written]]
name = "why"
points = 5
title.en = "Why twice?"
title.zh = "为什么是两倍？"

[misconceptions."""
ASKED = """
# %% [markdown] lang="en" written="why"
# Why is it twice as much?

# %% [markdown] lang="zh" written="why"
# 为什么是两倍？
"""
HOSTILE = "Because of <script>alert(1)</script> $2 + 2$."


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    root = c.make_course(tmp_path_factory.mktemp("written"))
    folder = root / "solutions" / NAME
    for name, change in (
        ("exercise.toml", lambda text: text.replace("[misconceptions.", LISTED, 1)),
        ("tiny.py", lambda text: text.rstrip("\n") + "\n" + ASKED),
    ):
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    c.run(root, "-m", "autograder.cli", "build")
    c.nbgrader(root, "generate_assignment", NAME, "--force")
    answers = {
        "double": "def double(z):\n    return 2 * z",
        "total": "def total(z):\n    return z.sum()",
    }
    written = c.answered(c.released(root), **answers)
    c.cell_of(written, "answer-why")["source"] = [HOSTILE]
    c.submit(root, "ann", written)
    c.submit(root, "bob", c.answered(c.released(root), **answers))
    c.nbgrader(root, "autograde", NAME)
    return root


def grade_of(root, student, name="answer-why"):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        grade = book.find_grade(name, "tiny", NAME, student)
        return grade.auto_score, grade.needs_manual_grade, grade.max_score


def test_an_answer_waits_for_a_person_and_one_that_was_not_written_has_nothing(graded):
    assert grade_of(graded, "ann") == (None, True, 5)
    assert grade_of(graded, "bob") == (0.0, False, 5)
    assert grade_of(graded, "ann", "check-double")[0] == 4


def test_what_was_answered_is_shown_harmless_with_its_formula(graded):
    notebook = graded / "autograded" / "ann" / NAME / "tiny.ipynb"
    text = notebook.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "Because of" in text
    assert "<math" in text


def test_what_a_person_gives_counts_and_survives_another_grading(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        grade = book.find_grade("answer-why", "tiny", NAME, "ann")
        grade.manual_score, grade.needs_manual_grade = 4.5, False
        book.db.commit()
    c.run(graded, "-m", "autograder.cli", "nbgrader", "autograde", NAME, "--force")
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        submission = book.find_submission(NAME, "ann")
        assert math.isclose(submission.score, 10.5)
        assert submission.max_score == 11
        assert not book.find_grade("answer-why", "tiny", NAME, "ann").needs_manual_grade
