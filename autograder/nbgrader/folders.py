"""The autograded folder of a learner, as nbgrader's own command makes it."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import find_all_files

from autograder.nbgrader.place import Place

__all__ = ["is_autograded", "replace_autograded"]

_nbformat: Any = nbformat  # typed in part only


def is_autograded(place: Place, coursedir: Any) -> bool:
    """Tell whether the learner has an autograded notebook."""
    return (_autograded(place, coursedir) / f"{place.notebook}.ipynb").is_file()


def replace_autograded(
    place: Place, coursedir: Any, cells: list[Any], metadata: dict[str, Any]
) -> None:
    """Write a learner's autograded folder; it is there whole or not at all."""
    folder = _autograded(place, coursedir)
    made = folder.with_name(f".{folder.name}.tmp")
    _remove(made)
    made.mkdir(parents=True)
    ignored = [*coursedir.ignore, "*.ipynb"]
    _copy(place.submitted, made, ignored)
    source = coursedir.format_path(coursedir.source_directory, ".", place.assignment)
    keep = {f"{place.notebook}.py"}  # the learner's own script, which may be what was graded
    _copy(Path(source), made, ignored, but=keep)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    text = _nbformat.writes(_nbformat.from_dict(notebook), version=4)
    (made / f"{place.notebook}.ipynb").write_text(text, encoding="utf-8", newline="\n")
    mode = 0o664 if coursedir.groupshared else 0o444
    for path in made.rglob("*"):
        if path.is_file():
            path.chmod(mode)
        elif coursedir.groupshared:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o2770)
    old = folder.with_name(f".{folder.name}.old")
    _remove(old)
    if folder.is_dir():
        folder.rename(old)
    made.rename(folder)
    _remove(old)


def _autograded(place: Place, coursedir: Any) -> Path:
    path = coursedir.format_path(coursedir.autograded_directory, place.student, place.assignment)
    return Path(path)


def _copy(
    source: Path, target: Path, ignored: list[str], but: frozenset[str] | set[str] = frozenset()
) -> None:
    for name in find_all_files(str(source), ignored):
        path = Path(name)
        # A link could lead to another learner's work, or to the checks.
        if (
            path.is_symlink()
            or not path.is_file()
            or (path.name in but and (target / path.name).exists())
        ):
            continue
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copy(path, copy)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
