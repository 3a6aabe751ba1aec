"""All that is looked at for notebooks, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.doctor.findings import Finding
from autograder.doctor.kernels import have_jupyter, kernels, without_jupyter
from autograder.doctor.notebooks import Opened, runs_alike
from autograder.doctor.removed import removed
from autograder.doctor.surroundings import surroundings

__all__ = ["look"]


def look(files: tuple[Opened, ...], *, all_kernels: bool, seconds: float) -> Iterator[Finding]:
    """Look at this folder, at the kernels if asked, and at each file.

    seconds: how long a file may run, as a notebook and again as a script.
    """
    here = Path.cwd()
    folders = dict.fromkeys((here, *(each.path.resolve().parent for each in files)))
    yield from surroundings(tuple(folders))
    if all_kernels:
        yield from kernels(here)
    for each in files:
        yield from _of_file(each, files, seconds)


def _of_file(opened: Opened, files: tuple[Opened, ...], seconds: float) -> Iterator[Finding]:
    found = list(removed(opened.path.name, opened.parts))
    yield from found or [Finding(opened.path.name, "ok", "api_well")]
    if not opened.is_notebook:
        return
    if not have_jupyter():
        yield without_jupyter()
        return
    scripts = (each for each in files if not each.is_notebook)
    script = next((each for each in scripts if each.path.stem == opened.path.stem), opened)
    yield from runs_alike(opened, script, seconds)
