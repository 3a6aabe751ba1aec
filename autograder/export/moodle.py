"""Moodle: an assignment's grading worksheet, and a file for the gradebook's import.

The worksheet (View all submissions, Download grading worksheet) has the columns Identifier
(``Participant 123``), Full name, perhaps ID number and Email address, Status, Grade, Maximum Grade,
Grade can be changed, Last modified (submission), Last modified (grade) and Feedback comments.
Moodle reads Identifier, Grade and Last modified (grade), skips an empty grade, and skips without a
word a grade above the maximum. The number in Identifier is the one in the folders of a zip that was
downloaded there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.export.merge import Target, column_of, maximum_of
from autograder.export.people import Keys, keys_of
from autograder.export.sheet import Sheet, number, read_sheet, safe
from autograder.model import ClassTable

__all__ = ["gradebook_sheet", "worksheet_target"]

IDENTIFIER, GRADE, MAXIMUM = "Identifier", "Grade", "Maximum Grade"
CHANGED, LOCK = "Last modified (grade)", "Grade can be changed"
IDS = ("ID number", "Email address", "Username", IDENTIFIER)


def worksheet_target(path: Path, column: str | None = None) -> Target:
    """Find the column of grades in a grading worksheet of Moodle.

    column: its header, where Moodle speaks another language than English.

    Raises GradeFlowError when the file is no such worksheet.
    """
    sheet = read_sheet(path)
    header = sheet.header
    if column is None and not {IDENTIFIER, GRADE, CHANGED} <= set(header):
        raise GradeFlowError(
            f"{path} is no grading worksheet of Moodle ({IDENTIFIER}, {GRADE}, {CHANGED}): "
            "download it in English, or name the column of grades with --column."
        )
    chosen = column_of(path, sheet, [column or GRADE], range(len(header)))
    keys = tuple(None if place == 0 else _keys(sheet, row) for place, row in enumerate(sheet.rows))
    return Target(path, sheet, chosen, keys, _open(sheet), _maximum(path, sheet))


def gradebook_sheet(table: ClassTable) -> Sheet:
    """Make a file for Moodle's Grades, Import, CSV file: who has a score, and nobody else.

    In the import map ``ID number`` or ``Email address`` to the user, and the last column to the
    grade item. An empty grade would overwrite one that is there.
    """
    head = (*("ID number", "Email address", "Full name"), table.exercise)
    rows = [
        (*safe([row.learner, row.email, row.name]), number(row.points))
        for row in table.rows
        if row.points is not None
    ]
    return Sheet((head, *rows), newline="\n")


def _keys(sheet: Sheet, row: Sequence[str]) -> Keys:
    cells = dict(zip(sheet.header, row, strict=False))
    # In another language the first column is still Identifier, the second the full name.
    identifier = cells.get(IDENTIFIER, row[0])
    name = cells.get("Full name", row[1] if len(row) > 1 else "")
    return keys_of([cells.get(key, "") for key in IDS], [identifier], [name])


def _open(sheet: Sheet) -> Callable[[int], bool]:
    place_of_lock = sheet.header.index(LOCK) if LOCK in sheet.header else None

    def is_open(place: int) -> bool:
        row = sheet.rows[place]
        if place_of_lock is None or place_of_lock >= len(row):
            return True
        return row[place_of_lock].strip().casefold() != "no"

    return is_open


def _maximum(path: Path, sheet: Sheet) -> float | None:
    if MAXIMUM not in sheet.header:
        return None
    place = sheet.header.index(MAXIMUM)
    texts = {row[place].strip() for row in sheet.rows[1:] if place < len(row)}
    return maximum_of(path, texts.pop()) if len(texts) == 1 else None
