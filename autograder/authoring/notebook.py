"""The learner's notebook: the stub's cells, and below each task a locked cell that checks it.

Prose and checks are locked; a figure is attached to the prose that shows it. Plain code cells stay
free and are not graded: learners may need another import, and what they break there they can see
and mend. What the checks need is carried along, in the metadata and in a cell that is shown folded.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder import __version__
from autograder.authoring.captions import files_shown, in_notebook
from autograder.authoring.figures import digest_in
from autograder.authoring.freshness import unsigned
from autograder.authoring.source import Cell
from autograder.catalogue import Exercise, installed_from
from autograder.errors import GradeFlowError, LearnerError
from autograder.handout.carrying import Carried, packed, unpacked
from autograder.handout.here import KEY
from autograder.handout.release import GIVEN
from autograder.messages import translate
from autograder.nbgrader.release import ANSWER, cell_metadata, locked_and_signed
from autograder.submission.given import CARRYING_CELL, carrying_cell, setup_cell

__all__ = ["notebook_of", "with_digests"]

ANSWERS = "answers.json"
PNG = "image/png"
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def notebook_of(
    exercise: Exercise, cells: Sequence[Cell], language: str, given: Mapping[str, bytes]
) -> str:
    """Write the notebook of a stub's cells, in nbformat 4.5; equal cells give equal bytes.

    language: of the prose. given: the released files: what checks need of them is carried along,
    and the figures that the prose shows are attached to it.

    Raises GradeFlowError when nbformat or nbgrader is not installed.
    """
    try:
        import nbformat
    except ImportError:
        raise GradeFlowError(
            'Building notebooks needs nbformat: pip install "gradeflow[nbgrader]".'
        ) from None
    library: Any = nbformat  # typed in part only
    texts = {name: given[name].decode() for name in GIVEN if name in given}
    carried = packed(Carried(language, texts | {ANSWERS: unsigned(texts[ANSWERS])}))
    notebook = library.from_dict(
        {
            "cells": list(_cells(exercise, cells, language, given, carried)),
            "metadata": {
                KEY: {"language": language, "packed": carried},
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

    What it carries is unpacked: two machines may pack the same otherwise.

    Raises ValueError when it is no notebook of ours.
    """
    read = json.loads(notebook)
    try:
        carried = read["metadata"][KEY].pop("packed")
        read["carried"] = _unpacked(carried)
        for cell in read["cells"]:
            for kinds in cell.get("attachments", {}).values():
                kinds[PNG] = digest_in(base64.b64decode(kinds[PNG]))
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == CARRYING_CELL:
                cell["source"] = "".join(cell["source"]).replace(carried, "")
                cell["metadata"]["nbgrader"]["checksum"] = ""
    except (AttributeError, KeyError, TypeError, LearnerError) as error:
        raise ValueError(f"no notebook of ours: {error!r}") from None
    return read


def _unpacked(text: str) -> dict[str, Any]:
    carried = unpacked(text)
    answers = json.loads(carried.files[ANSWERS])
    return {**carried.files, "language": carried.language, ANSWERS: answers}


def _cells(
    exercise: Exercise,
    cells: Sequence[Cell],
    language: str,
    pictures: Mapping[str, bytes],
    carried: str,
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
            yield from _given_cells(exercise, language, carried)
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


def _given_cells(exercise: Exercise, language: str, carried: str) -> Iterator[dict[str, Any]]:
    """Make the cell that makes `check` known, and the one that has what it needs."""
    engine = installed_from(exercise.folder) or f"gradeflow=={__version__}"
    install = (engine, *exercise.packages)
    said = (translate(f"notebook.{key}", language) for key in ("setup", "missing", "carries"))
    first, missing, second = said
    name = "setup-check"
    yield _cell(exercise, "code", name, setup_cell(first, install, missing), cell_metadata(name))
    name = CARRYING_CELL
    folded = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab's word, Colab's
    made = _cell(exercise, "code", name, carrying_cell(second, carried), cell_metadata(name))
    yield made | {"metadata": made["metadata"] | folded}


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
