"""The table of a class from a gradebook that is not ours, through a small protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from autograder.model import Cell, CellState, ClassTable, Column, Person, Row, RowState

__all__ = ["Book", "Entered", "table_of_book"]


@dataclass(frozen=True)
class Entered:
    """What a gradebook holds of one learner's work.

    points: for each task; None where neither a program nor a person has given any.
    penalty: points taken for being late.
    state: what grading said, where more is known than the gradebook holds.
    misconceptions: as they were named.
    """

    points: Mapping[str, float | None]
    penalty: float = 0.0
    state: RowState | None = None
    misconceptions: tuple[str, ...] = ()


class Book(Protocol):
    """A gradebook."""

    def tasks(self, assignment: str) -> Mapping[str, float]:
        """Return an assignment's tasks in order, with the points of each."""
        ...

    def people(self) -> Sequence[Person]:
        """Return everyone on the roster."""
        ...

    def entered(self, assignment: str, learner: str) -> Entered | None:
        """Return what is known of a learner's work; None when nothing was handed in."""
        ...


def table_of_book(book: Book, assignment: str) -> ClassTable:
    """Make the table of a class from a gradebook."""
    tasks = book.tasks(assignment)
    columns = tuple(Column(task, possible) for task, possible in tasks.items())
    rows = [_row(person, book.entered(assignment, person.id), columns) for person in book.people()]
    rows.sort(key=lambda row: row.learner)
    return ClassTable(assignment, sum(tasks.values()), columns, tuple(rows))


def _row(person: Person, entered: Entered | None, columns: Sequence[Column]) -> Row:
    points: float | None = None
    if entered is None:
        state = RowState.NOT_SUBMITTED
    else:
        given = [entered.points.get(column.task) for column in columns]
        state = entered.state or RowState.GRADED
        if any(each is None for each in given):
            # A score with a hole in it is no score, whoever dug the hole.
            state = RowState.WITHHELD if state is RowState.WITHHELD else RowState.UNGRADED
        if state not in (RowState.WITHHELD, RowState.UNGRADED):
            whole = sum(each for each in given if each is not None)
            points = round(max(0.0, whole - entered.penalty), 6)
    return Row(
        learner=person.id,
        state=state,
        points=points,
        cells=tuple(_cell(column, state, entered) for column in columns),
        name=person.name,
        email=person.email,
        late_penalty=entered.penalty if entered else 0.0,
        misconceptions=entered.misconceptions if entered else (),
    )


def _cell(column: Column, state: RowState, entered: Entered | None) -> Cell:
    if entered is None or state is RowState.WITHHELD:
        return Cell(CellState(state.value))
    points = entered.points.get(column.task)
    if points is None:
        return Cell(CellState.UNGRADED)
    if state is RowState.UNREADABLE:
        return Cell(CellState.UNREADABLE, points)
    if points >= column.possible:
        return Cell(CellState.PASSED, points)
    return Cell(CellState.PARTIAL if points > 0 else CellState.FAILED, points)
