"""What a class has done: groups of equal behaviour, misconceptions learnt, similar programs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.places import Language, course_here, language_of

if TYPE_CHECKING:
    from autograder.catalogue import Exercise
    from autograder.grading.stored import StoredResults

__all__ = ["groups"]

ExerciseName = Annotated[str, typer.Argument(help="The exercise, for instance 01_neuron.")]
ResultsOption = Annotated[
    Path | None,
    typer.Option("--results", help="What `grade --out` wrote; results/EXERCISE here by default."),
]
LanguageOption = Annotated[
    Language | None, typer.Option("--language", help="Language of what is told.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def groups(
    exercise: ExerciseName,
    results: ResultsOption = None,
    most: Annotated[
        int, typer.Option("--most", min=1, help="How many groups are shown, the largest first.")
    ] = 10,
    json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Group the wrong programs of a class by what their functions did, task by task.

    Each group has its size, the misconception if it has a name, its shortest program, and a call
    that fails. Reads what `grade` wrote; nothing runs. Not for learners.

    Example: gradeflow groups 01_neuron
    """
    from rich.console import Console

    from autograder.insight import groups_of
    from autograder.report.groups import groups_json, groups_shown

    found, stored = _class(exercise, results)
    overview = groups_of(stored, stored.programs.of, found)
    if json:
        sys.stdout.write(groups_json(overview).decode())
        return
    tongue = language_of(language, found)
    shown = groups_shown(overview, found, tongue, most, _free_id(found))
    Console(highlight=False).print(shown)


def _class(exercise: str, results: Path | None) -> tuple[Exercise, StoredResults]:
    from autograder.export.tables import stored_results

    course = course_here()
    found = course.authored(course.meant(exercise))
    return found, stored_results(results or Path("results") / found.name, found.name)


def _free_id(exercise: Exercise) -> str:
    """Return the id behind the exercise's last one: A1.8 behind A1.7."""
    known = [re.fullmatch(r"(.*\D)(\d+)", name) for name in exercise.misconceptions]
    last = max((each for each in known if each), key=lambda each: int(each[2]), default=None)
    if last is not None:
        return f"{last[1]}{int(last[2]) + 1}"
    number = re.match(r"0*(\d+)", exercise.name)
    return f"A{number[1] if number else 1}.1"
