"""Reading an exercise's source: py:percent cells, each with its line in the file.

A cell says in its marker what it is::

    # %% [markdown] lang="en"        prose; its twin in each other language of the exercise follows,
                                     marked lang="zh"; of one language alone none need be marked
    # %%                             code that learners get as it is
    # %% task="sigmoid"              the function that a task asks for, with its solution between
                                     ### BEGIN SOLUTION and ### END SOLUTION
    # %% [markdown] written="why"    a question that is answered in words and graded by hand; below
                                     it learners get a cell for their answer
    # %% figure="line"               the function draw_line(fig) that draws line.png when the
                                     course is built; learners get the picture, not the code
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.catalogue.reading import text_of
from autograder.errors import CourseError, GradeFlowError
from autograder.nbgrader.imports import without_grammar

__all__ = ["BEGIN", "END", "Cell", "Region", "read_source", "regions"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
MARKER = re.compile(r"\s*#\s*%%(%*\s|$)")
OWN_KEYS = re.compile(r"""\s+(lang|task|figure|written)=("[^"]*"|'[^']*')""")
LIKE_A_MARKER = re.compile(r"\b(BEGIN|END)\s+SOLUTION\b", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """A cell of the source.

    text: prose without its comment signs; code as it stands.
    line: where the text begins in the file, counted from 1.
    marker: the line that opens the cell, without these keys of ours.
    gap: empty lines above the marker.
    figure: the name of the figure that the cell's function draws.
    written: the question that the cell asks; of the cell below it, answer, that it answers.
    """

    kind: Literal["prose", "code"]
    language: str | None
    task: str | None
    text: str
    line: int
    marker: str = "# %%"
    gap: int = 0
    figure: str | None = None
    written: str | None = None
    answer: bool = False


@dataclass(frozen=True)
class Region:
    """A solution between its two marker lines.

    first, last: the marker lines, as indices into the cell's lines.
    """

    first: int
    last: int


def read_source(path: Path) -> tuple[Cell, ...]:
    """Read the cells of a source.

    Raises CourseError, located, when the file cannot be read, is not Python, or does not begin
    with a cell; GradeFlowError when jupytext is not installed.
    """
    text = text_of(path)
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"is not valid Python: {error.msg}", path, error.lineno) from None
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if MARKER.match(line)]
    above = next((n for n, line in enumerate(lines[: starts[0] if starts else None]) if line), None)
    if not starts or above is not None:
        where = (above or 0) + 1
        raise CourseError("the file must begin with a cell: put `# %%` above this", path, where)
    parsed = _parse(text)
    if len(parsed) != len(starts):
        raise CourseError(
            f"has {len(starts)} lines that look like a cell's marker, but jupytext sees "
            f"{len(parsed)} cells: keep `# %%` out of strings and function bodies",
            path,
        )
    ends = [*starts[1:], len(lines)]
    return tuple(
        _cell(parts, lines, start, end)
        for parts, start, end in zip(parsed, starts, ends, strict=True)
    )


def _parse(text: str) -> list[Any]:
    try:
        with without_grammar():
            import jupytext
    except ImportError:
        raise GradeFlowError(
            'Building exercises needs jupytext: pip install "gradeflow[nbgrader]".'
        ) from None
    form = {"extension": ".py", "format_name": "percent", "comment_magics": False}
    return list(jupytext.reads(text, fmt=form).cells)


def _cell(parts: Any, lines: Sequence[str], start: int, end: int) -> Cell:
    first = start + 1
    while first < end and not lines[first].strip():
        first += 1
    last = end
    while last > first and not lines[last - 1].strip():
        last -= 1
    gap = start
    while gap > 0 and not lines[gap - 1].strip():
        gap -= 1
    prose = parts.cell_type == "markdown"
    return Cell(
        kind="prose" if prose else "code",
        language=parts.metadata.get("lang"),
        task=parts.metadata.get("task"),
        text=parts.source.strip("\n") if prose else "\n".join(lines[first:last]),
        line=first + 1,
        marker=OWN_KEYS.sub("", lines[start]).rstrip(),
        gap=start - gap,
        figure=parts.metadata.get("figure"),
        written=parts.metadata.get("written"),
    )


def regions(cell: Cell, path: Path) -> tuple[Region, ...]:
    """Find the solution regions of a cell.

    Raises CourseError, located, for a marker that is nested, stray, left open or misspelt.
    """
    found: list[Region] = []
    opened: int | None = None
    for number, line in enumerate(cell.text.splitlines()):
        if not LIKE_A_MARKER.search(line):
            continue
        place = cell.line + number
        if cell.kind == "prose":
            raise CourseError("a solution marker inside prose: remove it", path, place)
        if line.strip() == BEGIN and opened is None:
            opened = number
        elif line.strip() == BEGIN:
            told = f"{BEGIN} inside the region opened on line {cell.line + (opened or 0)}"
            raise CourseError(f"{told}: regions do not nest, close that one first", path, place)
        elif line.strip() == END and opened is not None:
            found.append(Region(opened, number))
            opened = None
        elif line.strip() == END:
            raise CourseError(f"{END} closes no region: remove it", path, place)
        else:
            told = f"looks like a solution marker: write `{BEGIN}` or `{END}`, alone on its line"
            raise CourseError(told, path, place)
    if opened is not None:
        told = f"{BEGIN} is not closed: put `{END}` below the solution, in the same cell"
        raise CourseError(told, path, cell.line + opened)
    return tuple(found)
