"""Options that several of a learner's commands have, and what a shell completes.

What they say of themselves stands in the catalogues, under ``help``.
"""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from autograder.catalogue import Exercise, find_course
from autograder.cli.places import Language, released_exercises
from autograder.errors import GradeFlowError

if TYPE_CHECKING:
    from autograder.sandbox.opening import Kind

__all__ = [
    "Cage",
    "CageOption",
    "ExerciseArgument",
    "ExerciseOption",
    "JsonOption",
    "LanguageOption",
    "TaskArgument",
    "TaskOption",
]


class Cage(enum.StrEnum):
    """The cages that can be asked for."""

    auto = "auto"
    namespaces = "namespaces"
    landlock = "landlock"
    webassembly = "webassembly"

    @property
    def kind(self) -> Kind:
        """What a sandbox calls it."""
        return "cage" if self is Cage.auto else cast("Kind", self.value)


def _exercises() -> list[Exercise]:
    """Return what can be completed here: nothing where there is no course, or a broken one."""
    try:
        course = find_course(Path.cwd())
        return released_exercises(course) if course else []
    except (GradeFlowError, OSError):
        return []


def _names(incomplete: str) -> list[str]:
    return [each.name for each in _exercises() if each.name.startswith(incomplete)]


def _tasks(incomplete: str) -> list[str]:
    names = dict.fromkeys(task.name for each in _exercises() for task in each.tasks)
    return [name for name in names if name.startswith(incomplete)]


def _names_and_tasks(incomplete: str) -> list[str]:
    return [*_names(incomplete), *_tasks(incomplete)]


CageOption = Annotated[
    Cage,
    typer.Option(
        "--cage",
        help="The cage for submissions: auto takes the strongest that holds here, of namespaces, "
        "Landlock (both Linux) and WebAssembly (any system; NumPy only; needs gradeflow[wasm]).",
    ),
]
LanguageOption = Annotated[Language | None, typer.Option("--language")]
JsonOption = Annotated[bool, typer.Option("--json")]
ExerciseArgument = Annotated[str | None, typer.Argument(autocompletion=_names_and_tasks)]
TaskArgument = Annotated[str, typer.Argument(autocompletion=_tasks)]
ExerciseOption = Annotated[str | None, typer.Option("--exercise", autocompletion=_names)]
TaskOption = Annotated[str | None, typer.Option("--task", autocompletion=_tasks)]
