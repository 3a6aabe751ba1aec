"""Canvas: scores into the gradebook's own CSV file.

The file that Canvas exports has the columns Student (or LastName and FirstName), ID, SIS User ID,
SIS Login ID, perhaps Integration ID and Root Account, Section, the course's custom columns, then
one column for each assignment, called ``Name (id)``, and read-only totals. Below the header stand
perhaps a row of posting policies and the row ``    Points Possible``. On import Canvas takes an
empty cell for a score to be removed, so a cell without a score of ours stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.export.merge import Target, column_of, maximum_of
from autograder.export.people import Keys, keys_of
from autograder.export.sheet import Sheet, read_sheet

__all__ = ["canvas_target"]

POINTS = "points possible"
NUMBERED = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)")
NOT_TO_WRITE = frozenset({"ex", "n/a"})  # excused; not assigned to this learner


def canvas_target(path: Path, exercise: Exercise, column: str | None = None) -> Target:
    """Find an assignment's column in a gradebook that was exported from Canvas.

    column: the column's header, the assignment's name or its id; by default an assignment called
    like the exercise.

    Raises GradeFlowError when the file is no such gradebook, or the assignment is not in it.
    """
    sheet = read_sheet(path)
    header = sheet.header
    student = header[0].casefold() in ("student", "lastname")
    if not student or "ID" not in header or "Section" not in header:
        raise GradeFlowError(
            f"{path} is no gradebook of Canvas (Student, ID, …, Section, assignments): "
            "export it there under Grades, Export, Entire Gradebook."
        )
    after = header.index("Section") + 1
    among = [place for place in range(after, len(header)) if NUMBERED.fullmatch(header[place])]
    chosen = column_of(path, _by_title(sheet, column), _names(exercise, column), among)
    kinds = [_is_about_nobody(row) for row in sheet.rows]
    keys = tuple(
        None if nobody or place == 0 else _keys(header, row)
        for place, (row, nobody) in enumerate(zip(sheet.rows, kinds, strict=True))
    )
    return Target(path, sheet, chosen, keys, _open(sheet, chosen), _maximum(path, sheet, chosen))


def _names(exercise: Exercise, column: str | None) -> list[str]:
    if column is not None:
        return [column]
    titles = exercise.title.by_language.values()
    return list(dict.fromkeys((exercise.name, *titles)))


def _by_title(sheet: Sheet, column: str | None) -> Sheet:
    """Call the assignments' columns by what the instructor means: title, id or the whole."""
    if column is not None and NUMBERED.fullmatch(column.strip()):
        return sheet
    part = "id" if column is not None and column.strip().isdigit() else "title"
    changes = {
        (0, place): found[part]
        for place, name in enumerate(sheet.header)
        if (found := NUMBERED.fullmatch(name))
    }
    return sheet.replaced(changes)


def _is_about_nobody(row: tuple[str, ...]) -> bool:
    if row[0].strip().casefold() == POINTS:
        return True
    said = [cell.strip().casefold() for cell in row if cell.strip()]
    return all(cell == "muted" or cell.startswith("manual posting") for cell in said)


def _keys(header: tuple[str, ...], row: tuple[str, ...]) -> Keys:
    cells = dict(zip(header, row, strict=False))
    name = cells.get("Student") or f"{cells.get('LastName', '')}, {cells.get('FirstName', '')}"
    ids = [cells.get(key, "") for key in ("SIS Login ID", "SIS User ID", "ID", "Integration ID")]
    return keys_of(ids, [cells.get("ID", "")], [name])


def _open(sheet: Sheet, column: int) -> Callable[[int], bool]:
    def is_open(place: int) -> bool:
        row = sheet.rows[place]
        text = row[column] if column < len(row) else ""
        return text.strip().casefold() not in NOT_TO_WRITE

    return is_open


def _maximum(path: Path, sheet: Sheet, column: int) -> float | None:
    for row in sheet.rows[1:]:
        if row[0].strip().casefold() == POINTS:
            return maximum_of(path, row[column] if column < len(row) else "")
    return None
