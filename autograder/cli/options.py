"""Options that several of a learner's commands have, and what a shell completes.

What they say of themselves stands in the catalogues, under ``help``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.catalogue import Exercise, find_course
from autograder.cli.places import Language, released_exercises
from autograder.errors import GradeFlowError

__all__ = [
    "ExerciseArgument",
    "ExerciseOption",
    "JsonOption",
    "LanguageOption",
    "TaskArgument",
    "TaskOption",
]


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


LanguageOption = Annotated[Language | None, typer.Option("--language")]
JsonOption = Annotated[bool, typer.Option("--json")]
ExerciseArgument = Annotated[str | None, typer.Argument(autocompletion=_names_and_tasks)]
TaskArgument = Annotated[str, typer.Argument(autocompletion=_tasks)]
ExerciseOption = Annotated[str | None, typer.Option("--exercise", autocompletion=_names)]
TaskOption = Annotated[str | None, typer.Option("--task", autocompletion=_tasks)]
