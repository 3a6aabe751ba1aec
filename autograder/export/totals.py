"""The totals of a course: one table over all exercises, a row for each learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from autograder.export.sheet import Sheet, number, safe
from autograder.model import ClassTable, Row, RowState

__all__ = ["CourseTotals", "Total", "TotalRow", "totals_of", "totals_sheet"]

OPEN = (RowState.WITHHELD, RowState.UNGRADED)


class Total(msgspec.Struct, frozen=True):
    """What a learner has in one exercise; points None where there is no score."""

    state: RowState
    points: float | None = None
    late_penalty: float = 0.0


class TotalRow(msgspec.Struct, frozen=True):
    """A learner: an entry for each exercise, in the order of the course.

    percent: the weighted mean over the exercises that count for them, 0 to 100; None where one of
    them is withheld or not graded yet: a total with a hole in it is no total.
    counted: the sum of the weights in it.
    """

    learner: str
    name: str
    email: str
    entries: tuple[Total, ...]
    points: float | None
    percent: float | None
    counted: float


class CourseTotals(msgspec.Struct, frozen=True):
    """The totals of a course; possible and weights in the order of its exercises."""

    exercises: tuple[str, ...]
    possible: tuple[float, ...]
    weights: tuple[float, ...]
    rows: tuple[TotalRow, ...]


def totals_of(tables: Sequence[ClassTable], weights: Mapping[str, float]) -> CourseTotals:
    """Add up the exercises of a course.

    weights: of exercises in the total; one that is not named weighs as much as its points, if no
    exercise is named at all, and else nothing.

    What was not handed in counts as 0, what is excused not at all: the others then weigh more.
    Who is not found on a roster goes by the name of their results.
    """
    possible = tuple(table.possible for table in tables)
    used = [weights.get(table.exercise, 0.0) if weights else table.possible for table in tables]
    people: dict[str, dict[int, Row]] = {}
    for place, table in enumerate(tables):
        for row in table.rows:
            people.setdefault(row.id or row.learner, {})[place] = row
    rows = [_row(who, theirs, possible, used) for who, theirs in sorted(people.items())]
    names = tuple(table.exercise for table in tables)
    return CourseTotals(names, possible, tuple(used), tuple(rows))


def _row(
    learner: str, rows: Mapping[int, Row], possible: Sequence[float], weights: Sequence[float]
) -> TotalRow:
    absent = Total(RowState.NOT_SUBMITTED)
    entries = tuple(
        Total(rows[place].state, rows[place].points, rows[place].late_penalty)
        if place in rows
        else absent
        for place in range(len(possible))
    )
    said = list(rows.values())
    name = next((row.name for row in said if row.name), "")
    email = next((row.email for row in said if row.email), "")
    counting = [place for place, each in enumerate(entries) if each.state != RowState.EXCUSED]
    counted = sum(weights[place] for place in counting)
    points: float | None = None
    percent: float | None = None
    if not any(entries[place].state in OPEN for place in counting if weights[place]):
        earned = round(sum(entries[place].points or 0.0 for place in counting), 6)
        points = earned if counting else None  # who is excused from everything has no number
        shares = ((entries[p].points or 0.0) / possible[p] * weights[p] for p in counting)
        percent = round(100 * sum(shares) / counted, 4) if counted else None
    return TotalRow(learner, name, email, entries, points, percent, counted)


def totals_sheet(totals: CourseTotals) -> Sheet:
    """Return the totals for a spreadsheet: points and state of each exercise, then the total."""
    head = ["learner", "name", "email"]
    for exercise in totals.exercises:
        head += [exercise, f"{exercise}/state"]
    rows = [tuple(safe([*head, "points", "percent", "weight_counted"]))]
    for row in totals.rows:
        cells = list(safe([row.learner, row.name, row.email]))
        for entry in row.entries:
            cells += [number(entry.points), entry.state.value]
        cells += [number(row.points), number(row.percent), number(row.counted)]
        rows.append(tuple(cells))
    return Sheet(tuple(rows), bom=True)
