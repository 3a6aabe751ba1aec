"""Late, extended, excused: what deadlines make of a table. No stored result knows of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from autograder.catalogue.deadlines import Deadline, LateRule
from autograder.grading.journal import Handed
from autograder.model import Cell, CellState, ClassTable, Row, RowState
from autograder.submission.learners import safe_id

__all__ = ["Settled", "penalty_percent", "settled"]

DAY = 86400.0


@dataclass(frozen=True)
class Settled:
    """A table under deadlines, and what the instructor must be told.

    undated: with a score, and no date to hold against the deadline: taken as in time.
    late_by_unknown: called late by the platform, which says no date: nothing was taken.
    unknown: named in deadlines.toml, and nobody in the table.
    """

    table: ClassTable
    undated: tuple[str, ...] = ()
    late_by_unknown: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def settled(table: ClassTable, deadline: Deadline | None, handed: Mapping[str, Handed]) -> Settled:
    """Apply a deadline to the rows of a table.

    handed: when each learner handed in, by the result's id.
    """
    if deadline is None:
        rows = [_only_told_late(row, handed.get(row.learner)) for row in table.rows]
        return Settled(msgspec.structs.replace(table, rows=tuple(rows)))
    extended = {_plain(name): moment for name, moment in deadline.extended.items()}
    excused = {_plain(name) for name in deadline.excused}
    rows, undated, by_unknown = [], list[str](), list[str]()
    known: set[str] = set()
    for row in table.rows:
        names = {_plain(each) for each in (row.learner, row.id, row.email) if each}
        known |= names
        if names & excused:
            rows.append(_excused(row))
            continue
        moment = next((extended[name] for name in names if name in extended), deadline.due)
        line = handed.get(row.learner)
        late = _lateness(line, moment, deadline)
        if late is None and row.points is not None and moment is not None:
            is_told = line is not None and line.late and not names & extended.keys()
            (by_unknown if is_told else undated).append(row.learner)
            rows.append(msgspec.structs.replace(row, late=True) if is_told else row)
        else:
            rows.append(_charged(row, late or 0.0, table.possible, deadline.rule))
    strangers = [n for n in (*deadline.extended, *deadline.excused) if _plain(n) not in known]
    new = msgspec.structs.replace(table, rows=tuple(rows))
    return Settled(new, tuple(undated), tuple(by_unknown), tuple(dict.fromkeys(strangers)))


def penalty_percent(late: float, rule: LateRule) -> float:
    """Return what is taken for so many seconds after the deadline, in percent of what is possible.

    A day counts as soon as it has begun.
    """
    if late <= rule.grace_minutes * 60:
        return 0.0
    if rule.closed_after_days and late > rule.closed_after_days * DAY:
        return 100.0
    return min(math.ceil(late / DAY) * rule.percent_per_day, rule.most_percent, 100.0)


def _lateness(line: Handed | None, moment: datetime | None, deadline: Deadline) -> float | None:
    """Return by how many seconds something is late, negative where it is early; None if unknown."""
    if line is None or not line.handed_in or moment is None:
        return None
    handed = datetime.fromisoformat(line.handed_in)
    if handed.tzinfo is None:
        handed = handed.replace(tzinfo=deadline.zone) if deadline.zone else handed.astimezone()
    return (handed - moment) / timedelta(seconds=1)


def _charged(row: Row, late: float, possible: float, rule: LateRule) -> Row:
    if late <= rule.grace_minutes * 60:
        return row
    if row.points is None:
        return msgspec.structs.replace(row, late=True)
    penalty = round(min(row.points, possible * penalty_percent(late, rule) / 100), 6)
    left = round(row.points - penalty, 6)
    taken = round(row.late_penalty + penalty, 6)
    return msgspec.structs.replace(row, late=True, points=left, late_penalty=taken)


def _excused(row: Row) -> Row:
    cells: Sequence[Cell] = [Cell(CellState.EXCUSED)] * len(row.cells)
    return msgspec.structs.replace(
        row, state=RowState.EXCUSED, points=None, cells=tuple(cells), late_penalty=0.0
    )


def _only_told_late(row: Row, line: Handed | None) -> Row:
    """Without deadlines, what the platform itself calls late is called so, and costs nothing."""
    return msgspec.structs.replace(row, late=True) if line is not None and line.late else row


def _plain(name: str) -> str:
    return safe_id(name).casefold()
