"""CSV files as spreadsheets and learning platforms write and read them."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.errors import GradeFlowError

__all__ = ["Sheet", "number", "read_sheet", "safe", "to_csv"]

BOM = "\ufeff"
# What Excel, LibreOffice and Google Sheets take for a formula; the wide forms stand on the keys of
# an East Asian keyboard and are taken for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A CSV file's cells, and how it was written, so that it can be written the same way again.

    rows: all rows, the header first; each as long as it stands there.
    """

    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    newline: str = "\r\n"
    bom: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The first row, without the blanks around its cells."""
        return tuple(cell.strip() for cell in self.rows[0])

    def replaced(self, changes: dict[tuple[int, int], str]) -> Sheet:
        """Return a sheet with other texts in the cells at (row, column), both from 0."""
        rows = [list(row) for row in self.rows]
        for (row, column), text in changes.items():
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = text
        return dataclasses.replace(self, rows=tuple(map(tuple, rows)))


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file.

    Raises GradeFlowError, naming the file, when it cannot be read, is not UTF-8, or is empty.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GradeFlowError(f"{path} cannot be read ({error.strerror}).") from None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise GradeFlowError(
            f"{path} is not in UTF-8: in Excel choose Save As, then CSV UTF-8."
        ) from None
    bom = text.startswith(BOM)
    text = text.removeprefix(BOM)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = tuple(tuple(row) for row in reader if row)
    except csv.Error as error:
        raise GradeFlowError(f"{path} is not a CSV file ({error}).") from None
    if not rows:
        raise GradeFlowError(f"{path} is empty: it must begin with a row of column names.")
    return Sheet(rows, delimiter, "\r\n" if "\r\n" in text else "\n", bom)


def to_csv(sheet: Sheet) -> bytes:
    """Write a sheet the way it says, in UTF-8."""
    stream = io.StringIO(newline="")
    if sheet.bom:
        stream.write(BOM)
    writer = csv.writer(stream, delimiter=sheet.delimiter, lineterminator=sheet.newline)
    writer.writerows(sheet.rows)
    return stream.getvalue().encode("utf-8", errors="replace")


def safe(cells: Iterable[str]) -> Sequence[str]:
    """Keep a spreadsheet from taking text for formulas: an apostrophe before what looks like one.

    Numbers of ours are never passed through here; a learner's name may be ``=HYPERLINK(…)``.
    """
    return [f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell for cell in cells]


def number(points: float | None) -> str:
    """Write points with a point and no more digits than they need; nothing for no score."""
    if points is None:
        return ""
    return f"{points:.4f}".rstrip("0").rstrip(".")
