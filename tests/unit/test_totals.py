"""The totals of a course."""

import csv
import io

import pytest

from autograder.catalogue import find_course
from autograder.errors import CourseError
from autograder.export.sheet import to_csv
from autograder.export.totals import totals_of, totals_sheet
from autograder.model import ClassTable, Row, RowState


def table(exercise, possible, **points):
    rows = []
    for learner, given in points.items():
        state = given if isinstance(given, RowState) else RowState.GRADED
        number = None if isinstance(given, RowState) else float(given)
        rows.append(Row(learner, state, number, ()))
    return ClassTable(exercise, possible, (), tuple(rows))


def percents(weights=None, *tables):
    return {row.learner: row.percent for row in totals_of(tables, weights or {}).rows}


ONE = table("01", 10, ann=10, bob=5, cem=RowState.WITHHELD, dan=8)
TWO = table("02", 30, ann=15, bob=RowState.NOT_SUBMITTED, cem=30, dan=RowState.EXCUSED)


def test_without_weights_points_are_points():
    assert percents({}, ONE, TWO)["ann"] == pytest.approx(100 * 25 / 40)


def test_weights_are_of_exercises_and_not_of_points():
    assert percents({"01": 1, "02": 1}, ONE, TWO)["ann"] == pytest.approx(75)
    assert percents({"01": 1}, ONE, TWO)["ann"] == pytest.approx(100)  # the other is not weighed


def test_what_was_not_handed_in_counts_nothing_and_what_is_excused_not_at_all():
    found = percents({"01": 1, "02": 1}, ONE, TWO)
    assert found["bob"] == pytest.approx(25)
    assert found["dan"] == pytest.approx(80)


def test_who_is_excused_from_everything_has_no_points_and_not_none_of_them():
    excused = table("01", 10, ann=RowState.EXCUSED)
    (row,) = totals_of([excused], {}).rows
    assert (row.points, row.percent) == (None, None)


def test_a_total_with_a_hole_in_it_is_no_total():
    assert percents({}, ONE, TWO)["cem"] is None
    assert percents({"02": 1}, ONE, TWO)["cem"] == pytest.approx(100)  # the hole weighs nothing


def test_who_is_in_one_exercise_alone_has_a_row_all_the_same():
    rows = totals_of([ONE, table("02", 30, eve=30)], {}).rows
    assert [row.learner for row in rows] == ["ann", "bob", "cem", "dan", "eve"]
    assert rows[-1].entries[0].state is RowState.NOT_SUBMITTED


def test_the_same_person_under_two_names_is_one_by_the_roster_s_id():
    first = ClassTable("01", 10, (), (Row("ann_12", RowState.GRADED, 10.0, (), id="a1"),))
    second = ClassTable("02", 10, (), (Row("ann", RowState.GRADED, 5.0, (), id="a1"),))
    (row,) = totals_of([first, second], {}).rows
    assert (row.learner, row.points) == ("a1", 15.0)


def test_the_sheet_has_points_state_and_total_and_no_formula():
    hostile = table("01", 10, **{"=HYPERLINK(1)": 5})
    data = to_csv(totals_sheet(totals_of([hostile, TWO], {}))).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(data))
    assert head[:3] == ["learner", "name", "email"]
    assert head[3:] == ["01", "01/state", "02", "02/state", "points", "percent", "weight_counted"]
    assert rows[0][0] == "'=HYPERLINK(1)"
    assert rows[0][3:5] == ["5", "graded"]
    assert next(row for row in rows if row[0] == "bob")[5:7] == ["", "not_submitted"]


@pytest.mark.parametrize(
    ("weights", "told"), [('"09_none" = 1', "09_none"), ('"01_tiny" = -1', "not below 0")]
)
def test_weights_of_course_toml_are_checked(tmp_path, weights, told):
    (tmp_path / "course.toml").write_text(
        f'exercises = ["01_tiny"]\ntitle.en = "A course"\n[weights]\n{weights}\n', encoding="utf-8"
    )
    with pytest.raises(CourseError, match=told):
        find_course(tmp_path)
