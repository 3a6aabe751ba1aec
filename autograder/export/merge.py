"""Writing scores into a file that a learning platform exported, and nothing else in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.export.people import Keys, Roll
from autograder.export.sheet import Sheet, number
from autograder.model import ClassTable, Row

__all__ = ["Filled", "Target", "column_of", "fill", "maximum_of"]


@dataclass(frozen=True)
class Target:
    """Where scores go in a platform's file.

    path: the file, for messages.
    column: the column to fill, from 0.
    keys: for each row who it is about; None for rows that are about nobody.
    open: tells for a row whether its cell may be written.
    maximum: the points that the platform gives for the whole; None where the file does not say.
    """

    path: Path
    sheet: Sheet
    column: int
    keys: tuple[Keys | None, ...]
    open: Callable[[int], bool]
    maximum: float | None


@dataclass(frozen=True)
class Filled:
    """A file with scores in it, and what the instructor must be told.

    written: how many cells hold a score of ours now.
    without: learners without a score, with the state that says why; their cells are as they were.
    unknown: learners of ours whom the file does not hold, or more than once.
    closed: learners whose cell must not be written: excused, not assigned, locked.
    """

    sheet: Sheet
    written: int
    without: tuple[Row, ...]
    unknown: tuple[str, ...]
    closed: tuple[str, ...]


def fill(target: Target, table: ClassTable, *, scale: bool = False) -> Filled:
    """Write the scores of a class into a platform's column.

    scale: convert to the platform's own points where they differ.

    Raises GradeFlowError when the points differ and are not to be converted, when two results
    belong to one row, or when no learner is found at all: nothing is guessed.
    """
    factor = _factor(target, table, scale=scale)
    about = [(place, keys) for place, keys in enumerate(target.keys) if keys is not None]
    roll = Roll([keys for _, keys in about])
    taken: dict[int, str] = {}
    changes: dict[tuple[int, int], str] = {}
    without, unknown, closed = [], [], []
    for row in table.rows:
        found = roll.find(row.learner)
        if found is None:
            unknown.append(row.learner)
            continue
        place = about[found][0]
        if place in taken:
            raise GradeFlowError(
                f"{taken[place]} and {row.learner} both belong to row {place + 1} of "
                f"{target.path}: remove one of the two results."
            )
        taken[place] = row.learner
        if row.points is None:
            without.append(row)
        elif not target.open(place):
            closed.append(row.learner)
        else:
            changes[place, target.column] = number(row.points * factor)
    if not taken:
        raise GradeFlowError(
            f"None of the {len(unknown)} learners is in {target.path}: their results are called "
            f"{', '.join(unknown[:3])} …, which is no id, number, e-mail address or name there."
        )
    sheet = target.sheet.replaced(changes)
    return Filled(sheet, len(changes), tuple(without), tuple(unknown), tuple(closed))


def column_of(path: Path, sheet: Sheet, names: Sequence[str], among: Sequence[int]) -> int:
    """Find a column by one of its possible names.

    among: the columns that may be meant; they are listed in the error.

    Raises GradeFlowError when none, or more than one, is called so.
    """
    wanted = {name.strip().casefold() for name in names}
    found = [place for place in among if sheet.header[place].casefold() in wanted]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"`{sheet.header[place]}`" for place in among) or "none"
    what = "more than one column" if found else "no column"
    raise GradeFlowError(
        f"{path} has {what} called {' or '.join(f'`{name}`' for name in names)}: "
        f"choose one with --column ({listed})."
    )


def maximum_of(path: Path, text: str) -> float | None:
    """Read the points of the whole as a platform writes them: ``60``, ``60.00``, ``60,00``.

    Raises GradeFlowError when it is no number; an empty text is None.
    """
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise GradeFlowError(
            f"{path} says {text.strip()!r} where the greatest possible points stand: is the "
            "column one that can be filled?"
        ) from None


def _factor(target: Target, table: ClassTable, *, scale: bool) -> float:
    maximum = target.maximum
    if maximum is None or abs(maximum - table.possible) < 1e-9:
        return 1.0
    if scale and maximum > 0:
        return maximum / table.possible
    raise GradeFlowError(
        f"{table.exercise} has {number(table.possible)} points, but {target.path} says "
        f"{number(maximum)}: change them on the platform, or add --scale to convert."
    )
