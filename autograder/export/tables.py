"""The table of a class from what ``grade`` stored, and as CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.export.people import Roster
from autograder.export.sheet import Sheet, number, safe, to_csv
from autograder.grading.store import ResultStore
from autograder.grading.stored import StoredResults
from autograder.model import SCHEMA_VERSION, ClassTable, Result, Row, table_of_class, to_json

__all__ = ["csv_of", "json_of", "learners_in", "stored_results", "table_of_results"]


def learners_in(folder: Path, exercise: str) -> tuple[str, ...]:
    """Return whose results lie in a folder, sorted. GradeFlowError when there are none."""
    learners = ResultStore(folder).learners()
    if not learners:
        raise GradeFlowError(
            f"There are no results in {folder}: run `gradeflow grade {exercise} …` first, or name "
            "its folder with --results."
        )
    return learners


def stored_results(folder: Path, exercise: str) -> StoredResults:
    """Return the results that ``gradeflow grade`` left in a folder, by learner.

    Raises GradeFlowError when there are none, one is damaged, or they are of another exercise: half
    a class is never exported as if it were the whole.
    """
    results = StoredResults(folder, exercise, learners_in(folder, exercise))
    for _ in results:  # each is read once before anything is written
        pass
    return results


def table_of_results(
    exercise: Exercise, results: Iterable[Result], roster: Roster | None = None
) -> ClassTable:
    """Make the table of a class; with a roster also of who handed in nothing.

    results: can be iterated twice.
    """
    known, missing = roster.split([each.learner for each in results]) if roster else ({}, ())
    tasks = {task.name: task.points for task in exercise.tasks}
    return table_of_class(exercise.name, tasks, results, known, missing)


def csv_of(tables: Sequence[ClassTable]) -> bytes:
    """Write tables as CSV for a spreadsheet: a row for each learner and exercise.

    The columns of tasks follow each other; of a task that a row's exercise has not, the cell is
    empty, and so it is wherever there is no score: the column ``state`` says why.

    With a byte-order mark, without which Excel takes UTF-8 for its own encoding and spoils Chinese
    names; pandas, LibreOffice and Google Sheets read it as well. Text that looks like a formula is
    made harmless.
    """
    several = len(tables) > 1
    tasks = [(table.exercise, column.task) for table in tables for column in table.columns]
    head = ["exercise", "learner", "name", "email", "state", "points", "possible", "late_penalty"]
    names = [f"{exercise}/{task}" if several else task for exercise, task in tasks]
    rows = [tuple(safe([*head, *names, "misconceptions", "file"]))]
    for table in tables:
        rows += [_csv_row(table, row, tasks) for row in table.rows]
    return to_csv(Sheet(tuple(rows), bom=True))


def _csv_row(table: ClassTable, row: Row, tasks: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    cells = {
        (table.exercise, column.task): cell.points
        for column, cell in zip(table.columns, row.cells, strict=True)
    }
    return (
        *safe([table.exercise, row.learner, row.name, row.email, row.state.value]),
        *(number(points) for points in (row.points, table.possible, row.late_penalty)),
        *(number(cells.get(task)) for task in tasks),
        *safe([" ".join(row.misconceptions), row.file]),
    )


def json_of(tables: Sequence[ClassTable]) -> bytes:
    """Write tables as JSON: ``{"schema_version": …, "tables": […]}``, with a state in each cell."""
    whole = {"schema_version": SCHEMA_VERSION, "tables": list(tables)}
    return to_json(whole)
