"""The table of a class: a row for each learner, a column for each task, real states.

What an export may not blur is told apart by a state: nothing handed in, a file that cannot be read,
a file that broke off, a score that is withheld by our own fault, and a plain zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from autograder.model.results import CheckResult, Result, Verdict

__all__ = [
    "Cell",
    "CellState",
    "ClassTable",
    "Column",
    "Person",
    "Row",
    "RowState",
    "table_of_class",
]


class RowState(StrEnum):
    """What became of a learner's work as a whole.

    graded: every check ran; 0 points is a grade like any other.
    crashed: the file broke off while it ran; what could be read was graded.
    unreadable: handed in, but no script or notebook that can be read: 0 points.
    withheld: a fault of ours; there is no score, which is never a zero.
    not_submitted: on the roster, and nothing was handed in: no score.
    ungraded: handed in, but not graded yet, or not to the end: no score.
    excused: need not hand in, whatever was: no score, and none is missing.
    """

    GRADED = "graded"
    CRASHED = "crashed"
    UNREADABLE = "unreadable"
    WITHHELD = "withheld"
    NOT_SUBMITTED = "not_submitted"
    UNGRADED = "ungraded"
    EXCUSED = "excused"

    @property
    def took_part(self) -> bool:
        """Whether they handed in something that counts."""
        return self not in (RowState.NOT_SUBMITTED, RowState.EXCUSED)


class CellState(StrEnum):
    """What became of one task; the last five say the same as the row's state."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    ERROR = "error"
    NOT_WRITTEN = "not_written"
    UNREADABLE = "unreadable"
    WITHHELD = "withheld"
    NOT_SUBMITTED = "not_submitted"
    UNGRADED = "ungraded"
    EXCUSED = "excused"


class _Record(msgspec.Struct, frozen=True):
    pass


class Column(_Record, frozen=True):
    """A task and the points it is worth."""

    task: str
    possible: float


class Cell(_Record, frozen=True):
    """A learner's points for a task; None where there are none to give."""

    state: CellState
    points: float | None = None


class Person(_Record, frozen=True):
    """Who is on the roster; ``id`` stands here as it stands there."""

    id: str
    name: str = ""
    email: str = ""


class Row(_Record, frozen=True):
    """A learner: ``cells`` in the order of the table's columns; ``points`` None without a score.

    late_penalty: what was taken from the points; results of ``grade`` have none.
    late: whether it was handed in late, whatever that costs.
    id: the roster's own id of the learner; empty for who is not found there.
    """

    learner: str
    state: RowState
    points: float | None
    cells: tuple[Cell, ...]
    name: str = ""
    email: str = ""
    file: str = ""
    misconceptions: tuple[str, ...] = ()
    late_penalty: float = 0.0
    id: str = ""
    late: bool = False


class ClassTable(_Record, frozen=True):
    """One exercise of one class; rows are sorted by learner."""

    exercise: str
    possible: float
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def table_of_class(
    exercise: str,
    tasks: Mapping[str, float],
    results: Iterable[Result],
    roster: Mapping[str, Person] | None = None,
    missing: Sequence[Person] = (),
) -> ClassTable:
    """Make the table of a class from its results.

    tasks: the exercise's tasks in order, with the points of each.
    roster: who a result's learner is, by the result's id, where that is known.
    missing: who handed in nothing.
    """
    columns = tuple(Column(task, points) for task, points in tasks.items())
    known = roster or {}
    rows = [_row(result, columns, known.get(result.learner)) for result in results]
    rows += [_absent(person, columns) for person in missing]
    rows.sort(key=lambda row: row.learner)
    return ClassTable(exercise, sum(tasks.values()), columns, tuple(rows))


def _row(result: Result, columns: Sequence[Column], person: Person | None) -> Row:
    state = _state(result)
    return Row(
        learner=result.learner,
        state=state,
        points=result.score.points,
        cells=tuple(_cell(result, column, state) for column in columns),
        name=person.name if person else "",
        email=person.email if person else "",
        file=result.file,
        misconceptions=result.findings,
        id=person.id if person else "",
    )


def _absent(person: Person, columns: Sequence[Column]) -> Row:
    nothing = Cell(CellState.NOT_SUBMITTED)
    cells = tuple(nothing for _ in columns)
    name, email = person.name, person.email
    return Row(person.id, RowState.NOT_SUBMITTED, None, cells, name, email, id=person.id)


def _state(result: Result) -> RowState:
    if result.score.withheld:
        return RowState.WITHHELD
    if result.problem is not None:
        return RowState.UNREADABLE
    return RowState.CRASHED if result.load else RowState.GRADED


def _cell(result: Result, column: Column, state: RowState) -> Cell:
    if state is RowState.WITHHELD:
        return Cell(CellState.WITHHELD)
    if state is RowState.UNREADABLE:
        return Cell(CellState.UNREADABLE, 0.0)
    checks = [check for check in result.checks if check.task == column.task]
    passed = (check.points for check in checks if check.verdict is Verdict.PASSED)
    return Cell(_told(checks), round(sum(passed), 6))


def _told(checks: Sequence[CheckResult]) -> CellState:
    verdicts = {check.verdict for check in checks}
    if verdicts == {Verdict.PASSED}:
        return CellState.PASSED
    if Verdict.PASSED in verdicts:
        return CellState.PARTIAL
    if verdicts <= {Verdict.SKIPPED}:
        return CellState.NOT_WRITTEN
    return CellState.ERROR if Verdict.ERROR in verdicts else CellState.FAILED
