"""Putting one task's stub back, and keeping what was there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.atomic import write_atomically
from autograder.catalogue import Exercise, find_course
from autograder.handout.starting import GIVEN
from autograder.messages import learner_error
from autograder.submission.places import places_of, replaced
from autograder.wire.lines import lines_in

__all__ = ["Reset", "reset"]

ENDS = re.compile(r"(async def|def|class|import|from|if)\b|@|# %%")


@dataclass(frozen=True)
class Reset:
    """A file in which a task's stub is back, and the file that keeps what stood there, if any."""

    file: Path
    old: Path | None


def reset(exercise: Exercise, task: str) -> tuple[Reset, ...]:
    """Put a task's stub back, in the script and the notebook, wherever it was changed.

    Raises LearnerError when nobody knows the stub any more, or a notebook cannot be read; nothing
    is written then.
    """
    stub = _stub(exercise, task)
    planned = [
        (path, old, new)
        for path in (exercise.source, exercise.source.with_suffix(".ipynb"))
        if path.is_file() and (found := _changed(path, task, stub)) is not None
        for old, new in [found]
    ]
    done = []
    for path, old, new in planned:
        kept = _free(path, task) if old else None
        if kept is not None:
            write_atomically(kept, old.encode())
        write_atomically(path, new.encode())
        done.append(Reset(path, kept))
    return tuple(done)


def _free(path: Path, task: str) -> Path:
    """Name a file beside: a text, which nothing runs or takes for the exercise."""
    form = path.suffix[1:]
    kept = path.with_name(f"{task}.{form}.old.txt")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{task}.{form}.old-{number}.txt")
    return kept


# ---- how the task was handed out ----


def _stub(exercise: Exercise, task: str) -> str:
    for path in _witnesses(exercise):
        try:
            data = path.read_text(encoding="utf-8")
            texts = (
                [data] if path.suffix == ".py" else [_source(c) for c in json.loads(data)["cells"]]
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        for text in texts:
            part = _place_in(text, task)
            found = "".join(lines_in(text)[part]) if part else ""
            if f'raise NotImplementedError("{task}")' in found:
                return found.rstrip() + "\n"
    raise learner_error("error.no_stub", task=task, exercise=exercise.name)


def _witnesses(exercise: Exercise) -> Iterator[Path]:
    """Find who may know the stub: what was handed out; else the form that nobody worked in."""
    names = (exercise.source.name, f"{exercise.module}.ipynb")
    course = find_course(exercise.folder)
    if course is not None and exercise.folder.is_relative_to(course.root):
        given = course.root / GIVEN / exercise.folder.relative_to(course.root)
        yield from (given / name for name in names)
    yield from (exercise.folder / name for name in names)


# ---- the task in a learner's file ----


def _changed(path: Path, task: str, stub: str) -> tuple[str, str] | None:
    """Return what stands in the stub's place and the whole file with the stub; None if it does."""
    with path.open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    if path.suffix == ".py":
        old, new = _replaced(text, task, stub)
        return None if old.rstrip() == stub.rstrip() else (old, new)
    try:
        notebook = json.loads(text)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise learner_error("error.no_notebook", file=str(path)) from None
    own = [cell for cell in cells if _grade_id(cell) == task]
    own = own or [cell for cell in cells if _place_in(_source(cell), task)]
    if not own:
        return None  # the notebook has no such cell any more: the script is worked in
    old, new = _replaced(_source(own[-1]), task, stub)
    if old.rstrip() == stub.rstrip():
        return None
    own[-1]["source"] = new.rstrip("\n").splitlines(keepends=True)
    own[-1] |= {"outputs": [], "execution_count": None}
    return old, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _replaced(text: str, task: str, stub: str) -> tuple[str, str]:
    """Put the stub in the place of a task's definition; where there is none, behind all."""
    end = "\r\n" if "\r\n" in text else "\n"
    stub = stub.replace("\n", end)
    part = _place_in(text, task)
    if part is None:
        return "", f"{text.rstrip()}{end}{end}{end}{stub}".lstrip()
    old = "".join(lines_in(text)[part])
    behind = old[len(old.rstrip()) :].removeprefix(end)  # the gap that stood below
    return old, replaced(text, {task: part}, {task: stub + behind})


def _place_in(text: str, task: str) -> slice | None:
    """Find the lines of a task's definition, the last one."""
    try:
        return places_of(text).get(task)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _place_by_look(lines_in(text), task)


def _place_by_look(lines: list[str], task: str) -> slice | None:
    """Find them in a text that is not Python: the definition ends where the margin has another."""
    head = re.compile(rf"(async\s+def|def|class)\s+{re.escape(task)}\b")
    at = [number for number, line in enumerate(lines) if head.match(line)]
    if not at:
        return None
    first = at[-1]
    ends = (n for n in range(first + 1, len(lines)) if ENDS.match(lines[n]))
    last = next(ends, len(lines))
    while first and lines[first - 1].startswith("@"):
        first -= 1
    while not lines[last - 1].strip():
        last -= 1
    return slice(first, last)


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _grade_id(cell: dict[str, Any]) -> object:
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return mark.get("grade_id") if isinstance(mark, dict) else None
