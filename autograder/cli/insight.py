"""What a class has done: groups of equal behaviour, similar programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.classes import class_of
from autograder.cli.learning import ExerciseName, ResultsOption, free_id
from autograder.cli.places import Language, language_of
from autograder.cli.streams import print_json, put
from autograder.errors import GradeFlowError

if TYPE_CHECKING:
    from autograder.catalogue import Course, Exercise
    from autograder.insight import Likeness, Overview
    from autograder.wire.protocol import Program

__all__ = ["groups", "handed_out", "insight_into", "similar"]

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

    _, found, stored = class_of(exercise, results)
    overview = groups_of(stored, stored.programs.of, found)
    if json:
        put(groups_json(overview))
        return
    tongue = language_of(language, found)
    shown = groups_shown(overview, found, tongue, most, free_id(found))
    Console(highlight=False).print(shown)


def similar(
    exercise: ExerciseName,
    results: ResultsOption = None,
    most: Annotated[
        int,
        typer.Option("--most", min=1, help="How many groups are shown, the clearest first."),
    ] = 10,
    lines: Annotated[
        int, typer.Option("--lines", min=0, help="How many lines of each pair are shown.")
    ] = 16,
    json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Show whose programs are nearly the same, side by side, and how rare that is in the class.

    What the exercise gives and what most of the class writes is taken out; a learner's own names
    count as alike. It is no verdict, and nothing leaves this machine.

    Example: gradeflow similar 01_neuron
    """
    from rich.console import Console

    from autograder.insight import similar_of
    from autograder.report.similar import similar_shown

    course, found, stored = class_of(exercise, results)
    likeness = similar_of(stored, stored.programs.of, handed_out(course, found))
    if json:
        print_json(likeness)
        return
    shown = similar_shown(likeness, found.name, language_of(language, found), most, lines)
    Console(highlight=False).print(shown)


def insight_into(
    course: Course, exercise: Exercise, folder: Path
) -> tuple[Overview | None, Likeness | None]:
    """Return groups and similar programs of stored results; None where these tell nothing of it."""
    from autograder.grading.store import ResultStore
    from autograder.grading.stored import StoredResults
    from autograder.insight import groups_of, similar_of

    stored = StoredResults(folder, exercise.name, ResultStore(folder).learners())
    groups: Overview | None = None
    likeness: Likeness | None = None
    try:
        groups = groups_of(stored, stored.programs.of, exercise)
        likeness = similar_of(stored, stored.programs.of, handed_out(course, exercise))
    except GradeFlowError as error:  # results of before: the rest of a report is as good without
        typer.echo(f"gradeflow: {error}", err=True)
    return groups, likeness


def handed_out(course: Course, exercise: Exercise) -> list[Program]:
    """Return what learners were given: the stub in every language, and what lies built."""
    from autograder.authoring.stub import stub_of
    from autograder.submission import read_file
    from autograder.wire.protocol import Part, Program

    stubs = [stub_of(exercise, language) for language in exercise.languages]
    given = [Program(exercise.module, (Part(exercise.source.name, text),)) for text in stubs]
    folder = course.assignments / exercise.name
    built = (folder / f"{exercise.module}{suffix}" for suffix in (".py", ".ipynb"))
    return given + [read_file(path, exercise.module) for path in built if path.is_file()]
