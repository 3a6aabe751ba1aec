"""What the autograded notebook shows: the learner's own outputs, and each task's result."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.catalogue import Exercise
from autograder.model import Result, for_learner
from autograder.nbgrader.sanitize import OURS, Cell, task_cells
from autograder.nbgrader.scores import TaskScore
from autograder.nbgrader.words import html_of_notes, html_of_task, notes_of, text_of_task
from autograder.wire.protocol import Shown

__all__ = ["fill_in"]

RESULTS = "gradeflow-results"


def fill_in(
    cells: list[Any],
    result: Result,
    shown: Sequence[Shown],
    scores: Sequence[TaskScore],
    exercise: Exercise,
    language: str,
    script: str = "",
) -> list[Any]:
    """Put outputs into a sanitized notebook's cells, and remarks about the whole file on top.

    script: the text of the file, where a script was handed in and not the notebook.
    """
    seen = for_learner(result)
    made = [*cells]
    if script:
        metadata = {OURS: {"part": result.file}}
        made.append(_code_cell("handed-in-script", script, metadata))
    _fill_shown(made, shown)
    points = {score.task: score.points for score in scores}
    for name, cell in task_cells(made):
        task = exercise.task(name)
        if task is not None:
            drawn = html_of_task(task, seen, exercise, language, points[name])
            text = text_of_task(task, seen, exercise, language, points[name])
            cell["outputs"] = [_display({"text/html": drawn, "text/plain": text})]
            cell["metadata"][OURS] = {"withheld": points[name] is None}
    notes = notes_of(seen, exercise, language)
    if notes:
        top = _code_cell(RESULTS, "", {OURS: {"notes": True}})
        said = {"text/html": html_of_notes(notes), "text/plain": "\n".join(notes)}
        top["outputs"] = [_display(said)]
        made.insert(0, top)
    return made


def _fill_shown(cells: Iterable[Cell], shown: Sequence[Shown]) -> None:
    parts = {each.part: each for each in shown}
    number = 0
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        part = cell["metadata"].get(OURS, {}).get("part", "")
        below = parts.get(part)
        number += bool(part)
        cell["execution_count"] = number if part else None
        cell["outputs"] = _outputs(below, number) if below else []


def _outputs(shown: Shown, number: int) -> list[dict[str, Any]]:
    """Return what a cell has shown as outputs: text and pictures, nothing that a browser runs."""
    made: list[dict[str, Any]] = []
    if shown.printed:
        made.append({"output_type": "stream", "name": "stdout", "text": shown.printed})
    if shown.value:
        value = {"data": {"text/plain": shown.value}, "metadata": {}, "execution_count": number}
        made.append({"output_type": "execute_result", **value})
    for figure in shown.figures:
        made.append(_display({"image/png": base64.b64encode(figure).decode()}))
    return made


def _display(data: Mapping[str, str]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": dict(data), "metadata": {}}


def _code_cell(name: str, source: str, metadata: dict[str, Any]) -> Cell:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "execution_count": None,
        "outputs": [],
    }
