"""Where nbgrader alone gives a wrong score, or none: each fault shown, and gone with our engine.

One class is handed in twice, to a course that nbgrader grades alone and to one of ours. The tests
of nbgrader alone are here so that a fault which it mends one day is noticed.
"""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor

import nbgrader_course as c
import nbgrader_stock as stock
import pytest
from nbgrader_course import DOUBLE, NAME, TOTAL

pytestmark = pytest.mark.real

WARNS = "import logging\ndef double(z):\n    logging.warning('slow')\n    return 2 * z\n"
SHOWS = "import sys\ndef double(z):\n    sys.displayhook(4.0)\n    return 0 * z\n"
EMPTIES = "get_ipython().input_transformers_cleanup.append(lambda lines: [])\n"
EXITS = "import os\nos._exit(0)\n"

# What is handed in, by learner; the last two are graded last, since nbgrader goes by the alphabet.
ANSWERS = {
    "a_right": {"double": DOUBLE, "total": TOTAL},
    "b_warns": {"double": WARNS, "total": TOTAL},
    "c_nan": {"double": DOUBLE, "total": "def total(z):\n    return float('nan')\n"},
    "d_negative": {"double": DOUBLE, "total": "def total(z):\n    return 9.0\n"},
    "e_numpy": {"double": DOUBLE, "total": "def total(z):\n    return np.float64(7.5)\n"},
    "f_empties": {"double": EMPTIES},
    "g_shows": {"double": SHOWS, "total": TOTAL},
    "h_exits": {"double": EXITS, "total": TOTAL},
    "i_deletes": {"double": DOUBLE, "total": TOTAL},
    "y_duplicates": {"double": DOUBLE, "total": TOTAL},
    "z_innocent": {"double": DOUBLE, "total": TOTAL},
}
FULL = {"double": 4.0, "total": 2.0}
# The fault, and scores: nbgrader alone, which is wrong, and with our engine.
FAULTS = {
    "b_warns": ("a warning takes every point", {**FULL, "double": 0.0}, FULL),
    "c_nan": ("not-a-number is full marks", FULL, {**FULL, "total": 0.0}),
    "d_negative": ("a negative score is full marks", FULL, {**FULL, "total": 0.0}),
    "e_numpy": ("half a point of NumPy's is full marks", FULL, {**FULL, "total": 0.0}),
    "f_empties": ("who empties the cells below passes", FULL, {"double": 0.0, "total": 0.0}),
    "g_shows": ("a score shown before the failing assert counts", FULL, {**FULL, "double": 0.0}),
    "h_exits": (
        "who ends the process loses what was right, too",
        {"double": None, "total": None},
        {**FULL, "double": 0.0},
    ),
    "i_deletes": ("a deleted check is gone", {**FULL, "total": None}, FULL),
    "y_duplicates": ("a copied cell is not graded", {"double": None, "total": None}, FULL),
    "z_innocent": ("and the class ends there", None, FULL),
}


def hand_in(root, notebook):
    for student, answers in ANSWERS.items():
        made = c.answered(notebook, **answers)
        if student == "i_deletes":
            made["cells"].remove(c.cell_of(made, "check-total"))
        if student == "y_duplicates":
            copy = json.loads(json.dumps(c.cell_of(made, "double")))
            made["cells"].append(copy | {"id": "a-copy"})
        c.submit(root, student, made)


def graded_alone(root):
    stock.make_course(root)
    hand_in(root, stock.released(root))
    c.nbgrader(root, "autograde", NAME, fails=True)
    c.nbgrader(root, "generate_feedback", NAME, "--student", "a_right")
    return root


def graded_by_ours(root):
    c.make_course(root)
    hand_in(root, c.released(root))
    c.nbgrader(root, "autograde", NAME)
    c.nbgrader(root, "generate_feedback", NAME, "--student", "a_right")
    return root


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The two courses, graded side by side: it is nbgrader's start-up that takes the time."""
    roots = [tmp_path_factory.mktemp(name) for name in ("alone", "ours")]
    with ThreadPoolExecutor(2) as pool:
        return list(
            pool.map(lambda grade, root: grade(root), (graded_alone, graded_by_ours), roots)
        )


@pytest.fixture
def alone(both):
    """The course whose class nbgrader has graded alone."""
    return both[0]


@pytest.fixture
def ours(both):
    """The course whose class the same command has graded with our engine."""
    return both[1]


@pytest.mark.parametrize("student", FAULTS)
def test_nbgrader_alone_has_this_fault(alone, student):
    fault, scores, _ = FAULTS[student]
    assert c.scores(alone).get(student) == scores, fault


@pytest.mark.parametrize("student", FAULTS)
def test_with_our_engine_it_is_gone(ours, student):
    fault, _, scores = FAULTS[student]
    assert c.scores(ours)[student] == scores, fault


def test_what_is_right_is_right_with_both(alone, ours):
    assert c.scores(alone)["a_right"] == c.scores(ours)["a_right"] == FULL


def page(root):
    return (root / "feedback" / "a_right" / NAME / "tiny.html").read_text(encoding="utf-8")


def test_nbgraders_feedback_shows_hidden_tests_and_ours_does_not(alone, ours):
    assert "4711" in page(alone)
    assert c.SECRET in page(alone)
    assert "4711" not in page(ours)
    assert c.SECRET not in page(ours)


def exported(root, plugin):
    """Export a gradebook; return each learner's line, by column."""
    path = root / "grades.csv"
    plugin.to = str(path)
    with c.opened(root) as book:
        plugin.export(book)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {line.get("student_id") or line["learner"]: line for line in csv.DictReader(lines)}


def test_who_ended_the_process_is_exported_as_a_zero_and_by_us_as_crashed(alone, ours):
    from nbgrader.plugins import CsvExportPlugin

    from autograder.nbgrader.exporter import GradeFlowExporter

    assert float(exported(alone, CsvExportPlugin())["h_exits"]["score"]) == 0.0
    results = str(ours / "build" / "nbgrader" / "results")
    line = exported(ours, GradeFlowExporter(results=results))["h_exits"]
    assert (line["state"], float(line["points"])) == ("crashed", 2.0)
