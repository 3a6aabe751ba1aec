"""The learner's notebook: the stub's cells, and below each task a locked cell that checks it.

Prose and checks are locked; a figure is attached to the prose that shows it. Plain code cells stay
free and are not graded: learners may need another import, and what they break there they can see
and mend.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.authoring.captions import files_shown, in_notebook
from autograder.authoring.figures import digest_in
from autograder.authoring.source import Cell
from autograder.catalogue import Exercise
from autograder.errors import GradeFlowError
from autograder.nbgrader.release import ANSWER, cell_metadata, locked_and_signed

__all__ = ["notebook_of", "with_digests"]

SETUP = "from autograder.notebook import check"
PNG = "image/png"
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def notebook_of(
    exercise: Exercise, cells: Sequence[Cell], pictures: Mapping[str, bytes] | None = None
) -> str:
    """Write the notebook of a stub's cells, in nbformat 4.5; equal cells give equal bytes.

    pictures: the figures that the prose shows, by file.

    Raises GradeFlowError when nbformat or nbgrader is not installed.
    """
    try:
        import nbformat
    except ImportError:
        raise GradeFlowError(
            'Building notebooks needs nbformat: pip install "gradeflow[nbgrader]".'
        ) from None
    library: Any = nbformat  # typed in part only
    notebook = library.from_dict(
        {
            "cells": list(_cells(exercise, cells, pictures or {})),
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    notebook = locked_and_signed(notebook)
    library.validate(notebook)
    text: str = library.writes(notebook, version=4)
    return text.rstrip("\n") + "\n"


def with_digests(notebook: bytes) -> Any:
    """Read a notebook with the digest of each figure in its place, to compare it with another.

    Raises ValueError when it is no notebook.
    """
    read = json.loads(notebook)
    try:
        for cell in read["cells"]:
            for kinds in cell.get("attachments", {}).values():
                kinds[PNG] = digest_in(base64.b64decode(kinds[PNG]))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no notebook of ours: {error!r}") from None
    return read


def _cells(
    exercise: Exercise, cells: Sequence[Cell], pictures: Mapping[str, bytes]
) -> Iterator[dict[str, Any]]:
    prose = code = 0
    ready = False
    for cell in cells:
        if cell.kind == "prose":
            if cell.answer:
                yield _answer(exercise, cell)
                continue
            prose += 1
            name = f"prose-{prose}"
            text = in_notebook(cell.text)
            made = _cell(exercise, "markdown", name, text, cell_metadata(name))
            shown = {file: _attachment(pictures[file]) for file in files_shown(cell.text)}
            yield made | ({"attachments": shown} if shown else {})
            continue
        if not ready:  # below the title, above the first code
            ready = True
            yield _cell(exercise, "code", "setup-check", SETUP, cell_metadata("setup-check"))
        if cell.task is None:
            code += 1
            yield _cell(exercise, "code", f"code-{code}", cell.text)
            continue
        task = exercise.task(cell.task)
        points = task.points if task else 0.0
        solution = cell_metadata(cell.task, solution=True)
        yield _cell(exercise, "code", cell.task, cell.text, solution)
        name = f"check-{cell.task}"
        grade = cell_metadata(name, points=points)
        yield _cell(exercise, "code", name, f'check("{cell.task}")', grade)


def _answer(exercise: Exercise, cell: Cell) -> dict[str, Any]:
    """Write the cell of an answer in words: nbgrader's manually graded cell."""
    name = f"{ANSWER}{cell.written}"
    points = sum(each.points for each in exercise.written if each.name == cell.written)
    marks = cell_metadata(name, points=points, solution=True)
    return _cell(exercise, "markdown", name, cell.text, marks)


def _cell(
    exercise: Exercise, kind: str, name: str, text: str, nbgrader: dict[str, Any] | None = None
) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": _cell_id(f"{exercise.name}-{name}"),
        "metadata": {"nbgrader": nbgrader} if nbgrader else {},
        "source": text,
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _attachment(picture: bytes) -> dict[str, str]:
    return {PNG: base64.b64encode(picture).decode()}


def _cell_id(name: str) -> str:
    """Make an id that a notebook may hold: ASCII, at most 64 characters, the same every time."""
    if CELL_ID.fullmatch(name):
        return name
    return "cell-" + hashlib.sha256(name.encode()).hexdigest()[:16]
