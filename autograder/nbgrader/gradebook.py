"""nbgrader's gradebook as a table of a class can be made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.export.book import Entered
from autograder.model import Person, Result, RowState

__all__ = ["NbgraderBook", "Stored"]

CHECK = "check-"  # before a task's name in the grade cells that `gradeflow build` makes
Stored = Callable[[str, str], Result | None]
"""Looks up what our own grading stored, by assignment and learner."""


class NbgraderBook:
    """A gradebook of nbgrader, open.

    stored: more about a submission than nbgrader's tables can hold: that its file broke off or
    could not be read, or that its score is withheld. Points are the gradebook's, with whatever a
    person has changed by hand.
    """

    def __init__(self, gradebook: Gradebook, stored: Stored | None = None) -> None:
        self._gradebook = gradebook
        self._stored = stored

    def assignments(self) -> tuple[str, ...]:
        """Return the names of all assignments."""
        return tuple(sorted(assignment.name for assignment in self._gradebook.assignments))

    def tasks(self, assignment: str) -> Mapping[str, float]:
        """Return an assignment's grade cells in order, with the points of each."""
        found = self._gradebook.find_assignment(assignment)
        several = len(found.notebooks) > 1
        return {
            _name(notebook.name, cell.name, several=several): float(cell.max_score)
            for notebook in found.notebooks
            for cell in (*notebook.grade_cells, *notebook.task_cells)
        }

    def people(self) -> Sequence[Person]:
        """Return everyone in the gradebook."""
        return [
            Person(
                student.id,
                " ".join(name for name in (student.first_name, student.last_name) if name),
                student.email or "",
            )
            for student in self._gradebook.students
        ]

    def entered(self, assignment: str, learner: str) -> Entered | None:
        """Return a learner's scores; None when nothing was collected from them."""
        try:
            submission = self._gradebook.find_submission(assignment, learner)
        except MissingEntry:
            return None
        several = len(submission.notebooks) > 1
        points: dict[str, float | None] = {}
        by_hand = False
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                points[_name(notebook.name, grade.name, several=several)] = _score(grade)
                by_hand = by_hand or grade.manual_score is not None
        result = self._stored(assignment, learner) if self._stored else None
        return Entered(
            points,
            float(submission.late_submission_penalty or 0.0),
            _state(result, by_hand=by_hand),
            result.diagnoses if result else (),
        )


def _name(notebook: str, cell: str, *, several: bool) -> str:
    task = cell.removeprefix(CHECK)
    return f"{notebook}/{task}" if several else task


def _score(grade: Any) -> float | None:
    """Return a cell's points: a person's before a program's; None where neither gave any.

    nbgrader's own ``score`` would say 0.
    """
    points = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if points is None else float(points) + float(grade.extra_credit or 0.0)


def _state(result: Result | None, *, by_hand: bool) -> RowState | None:
    if result is None:
        return None
    if result.score.withheld:
        return None if by_hand else RowState.WITHHELD
    if result.problem is not None:
        return RowState.UNREADABLE
    return RowState.CRASHED if result.load else RowState.GRADED
