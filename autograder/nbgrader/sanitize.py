"""A notebook as it was handed in, put back into the form that nbgrader released.

Nothing here decides about points: they come from the names that the handed-in file defines. This
is what people look at afterwards, so that each grade cell is there once, at its place, as it was
released, and nothing in it is executable but the learner's own code, which nobody executes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from autograder.errors import CourseError, SubmissionError
from autograder.messages import translate
from autograder.model import Diagnosis, Fact
from autograder.nbgrader.markup import page_of
from autograder.nbgrader.release import ANSWER
from autograder.submission.given import CARRYING_CELL
from autograder.submission.notebook import NotebookCell, notebook_cells

__all__ = ["OURS", "Blueprint", "Sanitized", "answered", "read_blueprint", "sanitize"]

OURS = "gradeflow"
"""The key of our own metadata, beside nbgrader's."""
MOST_TEXT = 200_000  # characters of a cell that are shown
MOST_PROSE = 200_000  # characters of a learner's prose, in all cells together, that are shown
MOST_CELLS = 2000
MOST_COLOURED = 6000  # characters of a cell
LONGEST_COLOURED = 200  # characters of a line
LARGE = 10 * 2**20
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
CHECK = "check-"

Cell = dict[str, Any]


@dataclass(frozen=True)
class Blueprint:
    """The released notebook: its cells by nbgrader's id, in order, and its metadata."""

    cells: dict[str, Cell]
    metadata: dict[str, Any]

    def is_locked(self, name: str) -> bool:
        """Tell whether learners may not change a cell."""
        return bool(self.cells[name]["metadata"]["nbgrader"]["locked"])


@dataclass
class Sanitized:
    """A notebook put in order, and what had to be done to it.

    problem: why nothing could be read; the notebook then is as released, without any answer.
    """

    cells: list[Cell]
    metadata: dict[str, Any]
    notes: list[Diagnosis] = field(default_factory=list)
    problem: SubmissionError | None = None


def read_blueprint(path: Path) -> Blueprint:
    """Read a released notebook.

    Raises CourseError when it is not there or is not one that ``gradeflow build`` made.
    """
    try:
        notebook = msgspec.json.decode(path.read_bytes())
        named = ((cell["metadata"].get("nbgrader", {}), cell) for cell in notebook["cells"])
        cells = {marks["grade_id"]: cell for marks, cell in named if marks}
        for cell in cells.values():
            cell["source"] = "".join(cell["source"])
        return Blueprint(cells, notebook["metadata"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError) as error:
        raise CourseError(
            f"is no released notebook ({error}): run `gradeflow build`", path
        ) from None


def sanitize(
    data: bytes, name: str, blueprint: Blueprint, tasks: Sequence[str], language: str, most: int
) -> Sanitized:
    """Put a handed-in notebook in order; it never fails, whatever the file holds.

    name: the file's, for messages; tasks: the exercise's, in order.
    most: bytes of code that are read.
    """
    made = Sanitized([], {**blueprint.metadata, OURS: {}})
    try:
        handed_in = notebook_cells(data, name, most)[:MOST_CELLS]
    except SubmissionError as error:
        made.problem, handed_in = error, ()
    _Order(made, handed_in, blueprint, tasks, language).carry_out()
    if len(data) > LARGE:
        made.notes.append(note_on("large", size_mb=round(len(data) / 2**20)))
    return made


def note_on(kind: str, **facts: Fact) -> Diagnosis:
    """Make a remark about a notebook, with a key of the catalogues under ``note``."""
    return Diagnosis(f"note.{kind}", facts=facts)


class _Order:
    """Puts one notebook in order."""

    def __init__(
        self,
        made: Sanitized,
        cells: Sequence[NotebookCell],
        blueprint: Blueprint,
        tasks: Sequence[str],
        language: str,
    ) -> None:
        self._made = made
        self._cells = cells
        self._blueprint = blueprint
        self._tasks = tasks
        self._language = language
        self._ids = {cell["id"] for cell in blueprint.cells.values()}
        self._prose = 0
        self._owner: dict[str, int] = {}  # by nbgrader's id, the one cell that keeps it

    def carry_out(self) -> None:
        """Fill the notebook, and say what was not as it was released."""
        self._find_owners()
        by_place = {place: name for name, place in self._owner.items()}
        for place, cell in enumerate(self._cells):
            name = by_place.get(place)
            made = self._own(cell, place) if name is None else self._known(cell, name)
            self._made.cells.append(made)
        if self._made.problem is None:
            self._tell_moved()
        self._restore()

    # ---- which cell is which ----

    def _find_owners(self) -> None:
        claims: dict[str, list[int]] = {}
        for place, cell in enumerate(self._cells):
            name = _grade_id(cell)
            if name in self._blueprint.cells:
                claims.setdefault(str(name), []).append(place)
        for name, places in claims.items():
            # Of two definitions the last counts when a notebook runs.
            self._owner[name] = places[-1]
        self._note("duplicated", [name for name, places in claims.items() if len(places) > 1])
        marked = set(self._owner.values())
        adopted = []
        for task in self._tasks:
            if task in self._blueprint.cells and task not in self._owner:
                at = self._defining(task, marked)
                if at is not None:
                    self._owner[task] = at
                    marked.add(at)
                    adopted.append(task)
        self._note("unmarked", adopted)
        self._note("retyped", [n for n, at in self._owner.items() if self._is_retyped(n, at)])

    def _defining(self, task: str, taken: set[int]) -> int | None:
        """Find the cell, without a name of its own, that defines what a task asks for."""
        # No \s: it would go on over the ends of lines, from each of sixty thousand blank ones.
        begin = r"^[ \t]*+(?:async[ \t]++)?(?:def|class)[ \t]++"
        wanted = re.compile(rf"{begin}{re.escape(task)}\b", re.MULTILINE)
        found = None
        for place, cell in enumerate(self._cells):
            if place not in taken and cell.python and wanted.search(cell.python):
                found = place
        return found

    def _is_retyped(self, name: str, place: int) -> bool:
        return bool(self._cells[place].kind != self._blueprint.cells[name]["cell_type"])

    # ---- making cells ----

    def _known(self, cell: NotebookCell, name: str) -> Cell:
        released = self._blueprint.cells[name]
        made = _copy(released)
        if name.startswith(ANSWER):
            return self._answer(made, cell)
        if not self._blueprint.is_locked(name):
            made["source"] = cell.text(MOST_TEXT)
        elif name == CARRYING_CELL:  # nobody reads what it holds
            made["source"] = made["source"].partition("\n")[0]
        if cell.label:
            made["metadata"][OURS] = {"part": cell.label}
        if made["cell_type"] == "code":
            _spare(made)
        return made

    def _answer(self, made: Cell, cell: NotebookCell) -> Cell:
        """Show an answer in words, for a person to grade; as it was released it is none."""
        text = cell.text(MOST_TEXT)
        made["metadata"][OURS] = {"html": True, "answered": text.strip() != made["source"].strip()}
        made["source"] = self._prose_of(text, cell)
        return made

    def _prose_of(self, text: str, cell: NotebookCell) -> str:
        self._prose += len(text)
        prose = page_of(text if self._prose <= MOST_PROSE else "", cell.decoded("attachments"))
        if prose.marked_up:
            self._note("markup", [])
        return prose.html

    def _own(self, cell: NotebookCell, place: int) -> Cell:
        text = cell.text(MOST_TEXT)
        metadata: dict[str, Any] = {OURS: {"part": cell.label}} if cell.label else {}
        made: Cell = {"id": self._free_id(cell, place), "metadata": metadata, "source": text}
        if cell.label or cell.kind == "code":
            _spare(made)
            return made | {"cell_type": "code", "execution_count": None, "outputs": []}
        # Raw cells would pass into the page as they are.
        metadata[OURS] = {"html": True}
        return made | {"cell_type": "markdown", "source": self._prose_of(text, cell)}

    def _free_id(self, cell: NotebookCell, place: int) -> str:
        wanted = cell.decoded("id")
        if not (isinstance(wanted, str) and CELL_ID.fullmatch(wanted)) or wanted in self._ids:
            wanted = f"handed-in-{place + 1}"
            while wanted in self._ids:
                wanted += "x"
        self._ids.add(wanted)
        return wanted

    # ---- what is not where it was ----

    def _tell_moved(self) -> None:
        there = sorted(self._owner, key=lambda name: self._owner[name])
        released = [name for name in self._blueprint.cells if name in self._owner]
        if there != released:
            self._note("moved", [])

    def _restore(self) -> None:
        """Put back the cells that points and comments hang on: each task's, and its check."""
        missing = []
        for name, released in self._blueprint.cells.items():
            marks = released["metadata"]["nbgrader"]
            if name in self._owner or not (marks["grade"] or marks["solution"]):
                continue
            missing.append(name)
            made = _copy(released)
            if marks["solution"] and self._made.problem is None:
                said = translate("note.cell_was_missing", self._language)
                made["source"] = said if name.startswith(ANSWER) else f"# {said}"
            self._made.cells.insert(self._place_for(name), made)
        if self._made.problem is None:
            self._note("missing", missing)

    def _place_for(self, name: str) -> int:
        """Find where a cell goes: below the nearest cell that was released above it."""
        above = list(self._blueprint.cells)
        above = above[: above.index(name)]
        there = {_name_of(cell): at for at, cell in enumerate(self._made.cells)}
        return next((there[each] + 1 for each in reversed(above) if each in there), 0)

    def _note(self, kind: str, cells: Sequence[str]) -> None:
        known = {note.name for note in self._made.notes}
        name = f"note.cells_{kind}"
        if name in known or (not cells and kind not in ("moved", "markup")):
            return
        facts: dict[str, Fact] = {"cells": ", ".join(cells)} if cells else {}
        self._made.notes.append(Diagnosis(name, facts=facts))


def _grade_id(cell: NotebookCell) -> object:
    metadata = cell.decoded("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def _name_of(cell: Cell) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _spare(cell: Cell) -> None:
    """Let long code stand on pages without colours: the patterns that find them cost its square."""
    source = cell["source"]
    if len(source) > MOST_COLOURED or max(map(len, source.split("\n"))) > LONGEST_COLOURED:
        cell["metadata"]["magics_language"] = "text"  # what nbconvert asks for


def _copy(cell: Cell) -> Cell:
    copied: Cell = msgspec.json.decode(msgspec.json.encode(cell))
    return copied


def task_cells(cells: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
    """Yield each task with its grade cell."""
    for cell in cells:
        name = _name_of(cell)
        if name.startswith(CHECK):
            yield name.removeprefix(CHECK), cell


def answered(cells: Sequence[Cell]) -> frozenset[str]:
    """Return the names of the cells with an answer in words that somebody wrote."""
    written = (cell for cell in cells if cell["metadata"].get(OURS, {}).get("answered"))
    return frozenset(map(_name_of, written))
