import pytest

from autograder.export.book import Entered, table_of_book
from autograder.model import (
    CheckResult,
    Evidence,
    Person,
    Result,
    RowState,
    Score,
    Verdict,
    table_of_class,
)

TASKS = {"double": 4.0, "total": 2.0}


def check(task, verdict, points=2.0):
    return CheckResult("c", task, False, verdict, points, points * (verdict is Verdict.PASSED))


def result(learner, points, *checks, **fields):
    return Result("01_tiny", learner, "tiny.py", Score(6.0, points), checks, **fields)


def row(made, roster=None, missing=()):
    return table_of_class("01_tiny", TASKS, [made] if made else [], roster, missing).rows[0]


NOTHING_RIGHT = [check("double", Verdict.FAILED), check("total", Verdict.FAILED)]
LOOKS_LIKE_ZERO = {
    RowState.GRADED: result("ann", 0.0, *NOTHING_RIGHT),
    RowState.CRASHED: result("ann", 0.0, *NOTHING_RIGHT, load=(Evidence("raised"),)),
    RowState.UNREADABLE: result("ann", 0.0, problem=Evidence("submission.empty")),
    RowState.WITHHELD: result("ann", None, problem=Evidence("fault")),
}


@pytest.mark.parametrize("state", LOOKS_LIKE_ZERO, ids=str)
def test_what_a_bare_number_would_blur_has_a_state_of_its_own(state):
    assert row(LOOKS_LIKE_ZERO[state]).state is state


def test_who_is_only_on_the_roster_has_handed_in_nothing_and_has_no_score():
    made = row(None, missing=[Person("bob", "Bob", "bob@x.edu")])
    assert (made.state, made.points, made.email) == (RowState.NOT_SUBMITTED, None, "bob@x.edu")
    assert {(cell.state.value, cell.points) for cell in made.cells} == {("not_submitted", None)}


def test_a_withheld_score_withholds_every_task_of_it_too():
    made = row(result("ann", None, check("double", Verdict.PASSED), check("total", Verdict.FAULT)))
    assert [cell.points for cell in made.cells] == [None, None]


@pytest.mark.parametrize(
    ("verdicts", "state", "points"),
    [
        (["passed", "passed"], "passed", 4.0),
        (["passed", "failed"], "partial", 2.0),
        (["failed", "failed"], "failed", 0.0),
        (["failed", "error"], "error", 0.0),
        (["skipped", "skipped"], "not_written", 0.0),
    ],
)
def test_a_task_says_what_became_of_its_checks(verdicts, state, points):
    made = row(result("ann", points, *(check("double", Verdict(each)) for each in verdicts)))
    assert (made.cells[0].state.value, made.cells[0].points) == (state, points)


class Shelf:
    """A gradebook of two learners and one assignment."""

    def __init__(self, entered):
        self._entered = entered

    def tasks(self, _assignment):
        return TASKS

    def people(self):
        return [Person("zoe"), Person("ann", "Ann Lee")]

    def entered(self, _assignment, learner):
        return self._entered if learner == "ann" else None


def of_book(entered):
    rows = table_of_book(Shelf(entered), "01_tiny").rows
    return {each.learner: each for each in rows}


def test_a_gradebooks_penalty_is_taken_from_the_points_and_never_below_zero():
    made = of_book(Entered({"double": 4.0, "total": 1.0}, penalty=2.0))["ann"]
    assert (made.points, made.late_penalty) == (3.0, 2.0)
    assert of_book(Entered({"double": 0.0, "total": 1.0}, penalty=2.0))["ann"].points == 0.0


def test_a_gradebooks_missing_score_is_no_zero():
    made = of_book(Entered({"double": 4.0, "total": None}))["ann"]
    assert (made.state, made.points) == (RowState.UNGRADED, None)


def test_in_a_gradebook_too_a_withheld_score_is_told_from_an_ungraded_one():
    nothing = {"double": None, "total": None}
    assert of_book(Entered(nothing, state=RowState.WITHHELD))["ann"].state is RowState.WITHHELD
    # With points entered all the same, they do not come through.
    points = {"double": 4.0, "total": 2.0}
    assert of_book(Entered(points, state=RowState.WITHHELD))["ann"].points is None


def test_a_gradebooks_learner_without_a_submission_handed_in_nothing():
    made = of_book(Entered({"double": 4.0, "total": 2.0}))
    assert made["zoe"].state is RowState.NOT_SUBMITTED
    assert made["ann"].points == 6.0
