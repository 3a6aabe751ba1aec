"""Moodle: an assignment's grading worksheet, and a file for the gradebook's import.

The worksheet (View all submissions, Download grading worksheet) has the columns Identifier
(``Participant 123``), Full name, perhaps ID number and Email address, Status, Grade, Maximum Grade,
Grade can be changed, Last modified (submission), Last modified (grade) and Feedback comments.
Moodle reads Identifier, Grade and Last modified (grade), skips an empty grade, and skips without a
word a grade above the maximum. The number in Identifier is the one in the folders of a zip that was
downloaded there.
"""

from __future__ import annotations

import re
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
# What Moodle's languages call yes and no.
YES = re.compile(
    "yes|ja|oui|sí|si|sim|tak|da|да|так|是|はい|예|네|evet|ναι|نعم|بله|כן|áno|ano|igen|kyllä|jah|jā"
    "|taip|bai|có|ใช่|ya|हाँ|já|po"
)
NO = re.compile(
    "no|nein|non|não|nee|nie|нет|ні|не|否|いいえ|아니오|아니요|hayır|όχι|لا|خیر|לא|ne|nem|ei|nē|nu|ez"
    "|không|ไม่|tidak|नहीं|nej|nei|hindi"
)
NOTHING = frozenset({"", "-", "–"})
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
    maximum = _place_of_maximum(path, sheet, chosen)
    keys = tuple(None if place == 0 else _keys(sheet, row) for place, row in enumerate(sheet.rows))
    return Target(
        path, sheet, chosen, keys, _open(path, sheet, maximum), _maximum(path, sheet, maximum)
    )


def gradebook_sheet(table: ClassTable) -> Sheet:
    """Make a file for Moodle's Grades, Import, CSV file: who has a score and is on the roster.

    In the import map ``ID number`` or ``Email address`` to the user, and the last column to the
    grade item. An empty grade would overwrite one that is there.
    """
    head = (*("ID number", "Email address", "Full name"), table.exercise)
    rows = [
        (*safe([row.id, row.email, row.name]), number(row.points))
        for row in table.rows
        if row.points is not None and row.id
    ]
    return Sheet((head, *rows), newline="\n")


def _keys(sheet: Sheet, row: Sequence[str]) -> Keys:
    cells = dict(zip(sheet.header, row, strict=False))
    # In another language the first column is still Identifier, the second the full name.
    identifier = cells.get(IDENTIFIER, row[0])
    name = cells.get("Full name", row[1] if len(row) > 1 else "")
    return keys_of([cells.get(key, "") for key in IDS], [identifier], [name])


def _place_of_maximum(path: Path, sheet: Sheet, grade: int) -> int:
    """Find the column of the greatest grade: by its name, or right of the grades.

    There Moodle writes it, whatever it is called in its language, the same number in every row.

    Raises GradeFlowError when there is none: a grade above the maximum is skipped without a word.
    """
    place = sheet.header.index(MAXIMUM) if MAXIMUM in sheet.header else grade + 1
    texts = set(_cells(sheet, place))
    if len(texts) == 1 and re.fullmatch(r"\d+(?:[.,]\d+)?", texts.pop()):
        return place
    raise GradeFlowError(
        f"{path} does not say the greatest possible grade in the column right of "
        f"`{sheet.header[grade]}`, the same number in every row: download the worksheet again, "
        "and leave its columns as they are."
    )


def _open(path: Path, sheet: Sheet, maximum: int) -> Callable[[int], bool]:
    """Tell which rows are locked: where grades pass through a workflow, a column says yes or no.

    Raises GradeFlowError when it says so in no language that is known here.
    """
    place = sheet.header.index(LOCK) if LOCK in sheet.header else maximum + 1
    said = {cell.casefold() for cell in _cells(sheet, place)}
    if LOCK not in sheet.header and not _is_yes_or_no(said):
        return lambda _: True
    unknown = sorted(each for each in said if not YES.fullmatch(each) and not NO.fullmatch(each))
    if unknown:
        raise GradeFlowError(
            f"{path} says {unknown[0]!r} in the column `{sheet.header[place]}`, which tells "
            "whether a grade can be changed, and that is neither a known yes nor a known no: "
            "download the worksheet in English."
        )

    def is_open(row: int) -> bool:
        cells = sheet.rows[row]
        return place < len(cells) and bool(YES.fullmatch(cells[place].strip().casefold()))

    return is_open


def _is_yes_or_no(said: set[str]) -> bool:
    """Tell whether cells answer a question, rather than say when something was."""
    if said and all(YES.fullmatch(each) or NO.fullmatch(each) for each in said):
        return True
    is_date = any(re.search(r"\d", text) for text in said)
    return 0 < len(said) <= 2 and not is_date and not said & NOTHING


def _cells(sheet: Sheet, place: int) -> list[str]:
    return [row[place].strip() if place < len(row) else "" for row in sheet.rows[1:]]


def _maximum(path: Path, sheet: Sheet, place: int) -> float | None:
    return maximum_of(path, _cells(sheet, place)[0])
