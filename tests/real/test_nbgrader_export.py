"""``nbgrader export`` with our exporter, on a real gradebook."""

import csv
import json
import shutil
from pathlib import Path

import nbgrader_course as c
import pytest

from autograder.model import Evidence, Result, Score, to_json

pytestmark = [
    pytest.mark.real,
    # nbgrader adds a submission before the session knows it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

EXPORTER = "autograder.nbgrader.exporter.GradeFlowExporter"
TASKS = {"sigmoid": 4.0, "tanh": 2.0}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Fill a gradebook: right, zero, half graded, nothing handed in, by hand, late."""
    root = tmp_path_factory.mktemp("course")
    c.nbgrader(root, "db", "student", "add", "dan")
    scores = {
        "ann": (4.0, 2.0),
        "bob": (0.0, 0.0),
        "cem": (4.0, None),
        "eve": (0.0, 0.0),
        "fay": (None, None),
    }
    with c.opened(root) as book:
        book.add_assignment("01_tiny")
        book.add_notebook("tiny", "01_tiny")
        for task, points in TASKS.items():
            book.add_grade_cell(
                f"check-{task}", "tiny", "01_tiny", max_score=points, cell_type="code"
            )
        for learner, given in scores.items():
            book.add_student(learner, first_name="=Ann", last_name="Lee", email=f"{learner}@x.edu")
            book.add_submission("01_tiny", learner)
            for task, points in zip(TASKS, given, strict=True):
                grade = book.find_grade(f"check-{task}", "tiny", "01_tiny", learner)
                grade.auto_score, grade.needs_manual_grade = points, points is None
        by_hand = book.find_grade("check-sigmoid", "tiny", "01_tiny", "bob")
        by_hand.manual_score, by_hand.extra_credit = 3.0, 0.5
        book.find_submission_notebook("tiny", "01_tiny", "ann").late_submission_penalty = 1.5
        book.db.commit()
    stored = {
        "eve": Result("01_tiny", "eve", "f", Score(6.0, 0.0), load=(Evidence("raised"),)),
        "fay": Result("01_tiny", "fay", "f", Score(6.0), problem=Evidence("fault")),
    }
    for learner, result in stored.items():
        path = root / "results" / "01_tiny" / f"{learner}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_json(result))
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    return root


@pytest.fixture
def course(filled, tmp_path):
    """A copy that a test may change."""
    return Path(shutil.copytree(filled, tmp_path / "course"))


def export(course, *arguments, fails=False):
    return c.nbgrader(course, "export", *arguments, fails=fails)


def test_the_stock_exporter_gives_0_to_four_different_things_and_ours_tells_them_apart(course):
    export(course, "--to", "stock.csv")
    with (course / "stock.csv").open(newline="") as stream:
        stock = {row["student_id"]: row["score"] for row in csv.DictReader(stream)}
    assert [stock[each] for each in ("dan", "eve", "fay")] == ["0.0"] * 3

    export(course, f"--exporter={EXPORTER}", "--to", "ours.csv")
    with (course / "ours.csv").open(encoding="utf-8-sig", newline="") as stream:
        ours = {row["learner"]: row for row in csv.DictReader(stream)}
    told = {
        who: (row["state"], row["points"], row["sigmoid"], row["tanh"]) for who, row in ours.items()
    }
    assert told == {
        "ann": ("graded", "4.5", "4", "2"),  # 1.5 for being late
        "bob": ("graded", "3.5", "3.5", "0"),  # a person's points, and the extra
        "cem": ("ungraded", "", "4", ""),
        "dan": ("not_submitted", "", "", ""),
        "eve": ("crashed", "0", "0", "0"),
        "fay": ("withheld", "", "", ""),
    }
    assert ours["ann"]["late_penalty"] == "1.5"
    assert ours["ann"]["name"] == "'=Ann Lee"


def test_students_can_be_chosen_and_the_table_written_as_json(course):
    export(course, f"--exporter={EXPORTER}", "--to", "g.json", "--student=['bob']")
    (table,) = json.loads((course / "g.json").read_text(encoding="utf-8"))["tables"]
    assert [row["learner"] for row in table["rows"]] == ["bob"]
    assert [column["task"] for column in table["columns"]] == ["sigmoid", "tanh"]


def test_an_unknown_assignment_is_one_sentence(course):
    said = export(course, f"--exporter={EXPORTER}", "--assignment=['99']", fails=True)
    assert "There is no assignment '99'. There are: 01_tiny." in said
    assert "Traceback" not in said


def test_a_damaged_result_stops_the_export(course):
    (course / "results" / "01_tiny" / "ann.json").write_bytes(b"{")
    said = export(course, f"--exporter={EXPORTER}", "--to", "x.csv", fails=True)
    assert "ann.json is damaged" in said
    assert not (course / "x.csv").exists()
