"""Late, extended, excused: read from deadlines.toml, applied to a table, never to a result."""

from datetime import datetime

import pytest

from autograder.catalogue.deadlines import LateRule, deadlines_of
from autograder.errors import CourseError, GradeFlowError
from autograder.export.dates import dates_of, read_moodle_date
from autograder.export.late import penalty_percent, settled
from autograder.grading.journal import Handed
from autograder.model import Cell, CellState, ClassTable, Column, Row, RowState

EXERCISES = ("01_tiny", "02_more")
TEXT = """
timezone = "Europe/Berlin"
[late]
percent_per_day = 10
most_percent = 50
grace_minutes = 15
closed_after_days = 7
[exercises.01_tiny]
due = 2026-11-20T23:59:00
excused = ["eve"]
[exercises.01_tiny.extended]
"bob@uni.edu" = 2026-11-27T23:59:00
"""


def written(tmp_path, text=TEXT):
    (tmp_path / "deadlines.toml").write_text(text, encoding="utf-8")
    return tmp_path


def row(learner, points=60.0, **fields):
    state = RowState.GRADED if points is not None else RowState.WITHHELD
    return Row(learner, state, points, (Cell(CellState.PASSED, points),), **fields)


def table(*rows):
    return ClassTable("01_tiny", 60.0, (Column("double", 60.0),), rows)


def handed(learner, when="", *, late=False):
    return Handed(learner, "", (), "", "", when, late)


def after(tmp_path, when, *, late=False, **fields):
    deadline = deadlines_of(written(tmp_path), EXERCISES)["01_tiny"]
    learner = fields.pop("learner", "ann")
    done = settled(
        table(row(learner, **fields)), deadline, {learner: handed(learner, when, late=late)}
    )
    return done.table.rows[0], done


@pytest.mark.parametrize(
    ("when", "points"),
    [
        ("2026-11-20T23:59:00", 60.0),
        ("2026-11-21T00:14:00", 60.0),  # within the grace of a quarter of an hour
        ("2026-11-21T00:15:00", 54.0),  # a day has begun
        ("2026-11-22T23:58:00", 48.0),
        ("2026-11-27T23:58:00", 30.0),  # no more than half is taken
        ("2026-11-27T23:59:01", 0.0),  # closed
        ("2026-11-20T22:59:00+00:00", 60.0),  # the same moment, told in UTC
        ("2026-11-20T23:59:00+00:00", 54.0),
    ],
)
def test_a_day_that_has_begun_costs_a_share_of_what_is_possible(tmp_path, when, points):
    found, _ = after(tmp_path, when)
    assert found.points == points
    assert found.late_penalty == 60.0 - points
    assert found.late == (points < 60)


def test_no_more_is_taken_than_there_is(tmp_path):
    found, _ = after(tmp_path, "2026-11-24T12:00:00", points=5.0)
    assert (found.points, found.late_penalty) == (0.0, 5.0)


def test_who_has_an_extension_is_late_only_after_it(tmp_path):
    mail = {"learner": "l7", "email": "bob@uni.edu"}
    assert after(tmp_path, "2026-11-27T12:00:00", **mail)[0].points == 60.0
    assert after(tmp_path, "2026-11-28T12:00:00", **mail)[0].points == 54.0


def test_who_is_excused_has_no_score_and_none_is_missing(tmp_path):
    found, _ = after(tmp_path, "2026-11-20T12:00:00", learner="eve")
    assert (found.state, found.points) == (RowState.EXCUSED, None)
    assert {cell.state for cell in found.cells} == {CellState.EXCUSED}


def test_without_a_date_nothing_is_taken_and_it_is_told(tmp_path):
    found, done = after(tmp_path, "")
    assert found.points == 60.0
    assert done.undated == ("ann",)


def test_what_the_platform_calls_late_without_a_date_is_told_and_not_guessed(tmp_path):
    found, done = after(tmp_path, "", late=True)
    assert (found.late, found.points) == (True, 60.0)
    assert done.late_by_unknown == ("ann",)


def test_a_score_that_is_withheld_stays_withheld_whenever_it_was_handed_in(tmp_path):
    found, _ = after(tmp_path, "2026-11-25T12:00:00", points=None)
    assert (found.state, found.points, found.late_penalty) == (RowState.WITHHELD, None, 0.0)


def test_a_name_that_nobody_has_is_told(tmp_path):
    _, done = after(tmp_path, "2026-11-20T12:00:00")
    assert done.unknown == ("bob@uni.edu", "eve")


def test_without_deadlines_nothing_is_taken(tmp_path):
    assert deadlines_of(tmp_path, EXERCISES) == {}
    done = settled(table(row("ann")), None, {"ann": handed("ann", "2026-12-24", late=True)})
    assert (done.table.rows[0].points, done.table.rows[0].late) == (60.0, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[exercises.01_tinny]\ndue = 2026-11-20T23:59:00", "did you mean '01_tiny'"),
        ('timezone = "Mars/Base"', "no time zone 'Mars/Base'"),
        ("[late]\npercent_per_day = -1", "percent_per_day must be"),
        ("[late]\npercent_per_day = nan", "percent_per_day must be"),
        ("[late]\npercent = 10", "unknown field `percent`"),
        ("[exercises.01_tiny]\ndue = 2026-11-20", "datetime"),
        ("[exercises.01_tiny.extended]\nann = 2026-11-20T10:00:00", "is never due"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_with_its_place(tmp_path, text, told):
    with pytest.raises(CourseError) as error:
        deadlines_of(written(tmp_path, text), EXERCISES)
    assert told in str(error.value)
    assert "deadlines.toml" in str(error.value)


def test_an_exercise_may_have_a_rule_of_its_own(tmp_path):
    own = TEXT + "[exercises.02_more]\ndue = 2026-12-01T12:00:00Z\nlate = {percent_per_day = 1}\n"
    found = deadlines_of(written(tmp_path, own), EXERCISES)["02_more"]
    assert found.rule == LateRule(percent_per_day=1)
    assert found.due == datetime.fromisoformat("2026-12-01T12:00:00+00:00")


def test_a_rule_that_says_nothing_takes_nothing():
    assert penalty_percent(1e9, LateRule()) == 0.0


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Wednesday, 12 November 2025, 10:15 AM", "2025-11-12T10:15:00"),
        ("Wednesday, 12 November 2025, 12:05 AM", "2025-11-12T00:05:00"),
        ("12 November 2025, 12:05 PM", "2025-11-12T12:05:00"),
        ("Monday, 3 November 2025, 23:42", "2025-11-03T23:42:00"),
        ("2025年11月12日 星期三 10:15", "2025-11-12T10:15:00"),
        ("2025年11月12日 下午 10:15", "2025-11-12T22:15:00"),
        ("Mittwoch, 12. November 2025, 10:15", ""),
        ("31 February 2025, 10:15", ""),
        ("12 Smarch 2025, 10:15", ""),
    ],
)
def test_a_date_of_moodle_s_is_read(text, date):
    assert read_moodle_date(text) == date


def test_dates_of_a_grading_worksheet_are_found_by_moodle_s_number(tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_text(
        "Identifier,Full name,Last modified (submission)\n"
        'Participant 901,Ann Lee,"Wednesday, 12 November 2025, 10:15 AM"\n'
        "Participant 902,Bob Kim,-\n",
        encoding="utf-8",
    )
    assert dates_of(path, ["Ann Lee_901", "Bob Kim_902", "cem"]) == {
        "Ann Lee_901": "2025-11-12T10:15:00"
    }


def test_dates_of_a_table_of_one_s_own(tmp_path):
    path = tmp_path / "dates.csv"
    path.write_text("learner,handed_in\nann,2026-11-20 23:59\n", encoding="utf-8")
    assert dates_of(path, ["ann"]) == {"ann": "2026-11-20T23:59:00"}


@pytest.mark.parametrize("text", ["learner\nann\n", "learner,handed_in\nann,gestern\n"])
def test_a_table_without_dates_or_with_unknown_ones_is_refused(tmp_path, text):
    path = tmp_path / "dates.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GradeFlowError, match=r"dates\.csv"):
        dates_of(path, ["ann"])
