"""Commands of a learner: list, check, hint."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.places import (
    Language,
    course_here,
    exercise_of,
    language_of,
    released_exercises,
    task_of,
)
from autograder.messages import learner_error, translate

if TYPE_CHECKING:
    from autograder.catalogue import Exercise
    from autograder.model import Result

__all__ = ["check", "hint", "list_exercises"]

LanguageOption = Annotated[
    Language | None, typer.Option("--language", help="Language of the messages.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def list_exercises(language: LanguageOption = None, json: JsonOption = False) -> None:
    """Show the course's exercises, and what of them is done.

    Example: gradeflow list
    """
    from rich.console import Console
    from rich.table import Table

    from autograder.cli.progress import Progress

    course = course_here()
    exercises = released_exercises(course)
    progress = Progress(course.assignments)
    if json:
        _print_json(
            [{"exercise": e.name, "points": e.points, **progress.of(e.name)} for e in exercises]
        )
        return
    tongue = language_of(language)
    table = Table(box=None, pad_edge=False, header_style="bold", title=course.title.in_(tongue))
    for exercise in exercises:
        known = progress.of(exercise.name)
        if not known:
            state = translate("terminal.exercise_new", tongue)
        elif known["passed"] == known["checks"]:
            state = f"✔ {translate('terminal.exercise_done', tongue)}"
        else:
            state = translate(
                "terminal.exercise_begun",
                tongue,
                points=f"{known['points']:g}",
                possible=f"{known['possible']:g}",
            )
        table.add_row(exercise.name, exercise.title.in_(tongue), state)
    Console().print(table)


def check(
    exercise: Annotated[
        str | None,
        typer.Argument(
            help="An exercise (01_neuron, or for short neuron or 1), its folder, or your file "
            "(.py or .ipynb)."
        ),
    ] = None,
    language: LanguageOption = None,
    json: JsonOption = False,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Draw your work beside the target, into a .svg or .html file."),
    ] = None,
) -> None:
    """Check your own work and say what is wrong, and why.

    Runs the public checks of an exercise on your file, on your own machine.
    Without an argument: the exercise whose folder you are in.

    Example: gradeflow check 01_neuron --plot neuron.html
    """
    from autograder.cli.progress import Progress
    from autograder.sandbox.opening import Sandbox

    found, named = exercise_of(exercise)
    if plot is not None:
        _demand_drawable(plot, found)
    # The learner's process starts here, and imports what it needs while this one does the same.
    with contextlib.closing(Sandbox("plain", found.framework, early=found.limits)) as sandbox:
        from autograder.grading.alone import check_alone, own_file

        path = named or own_file(found)
        result = check_alone(found, path, sandbox, draws=plot is not None)
    if plot is not None:
        _draw(result, found, language_of(language, found), plot)
    Progress(found.folder.parent).remember(result)
    _tell(result, found, language_of(language, found), json=json)
    all_passed = bool(result.checks) and all(c.verdict == "passed" for c in result.checks)
    all_passed = all_passed and not result.load
    raise typer.Exit(0 if all_passed else 1)


def _tell(result: Result, exercise: Exercise, language: str, *, json: bool) -> None:
    if json:
        from autograder.model import to_json

        sys.stdout.write(to_json(result).decode())
        return
    from rich.console import Console

    from autograder.report.terminal import feedback

    Console(highlight=False).print(feedback(result, exercise, language))


def _demand_drawable(path: Path, exercise: Exercise) -> None:
    """Refuse a picture that there cannot be before anything is run."""
    if path.suffix not in (".svg", ".html"):
        raise learner_error("error.plot_suffix", file=str(path))
    if not exercise.plotting.is_file():
        raise learner_error("error.plot_none", exercise=exercise.name)
    if not path.parent.is_dir():
        raise learner_error("error.plot_folder", file=str(path), folder=str(path.parent))


def _draw(result: Result, exercise: Exercise, language: str, path: Path) -> None:
    """Write the picture, or the whole page with it, and say on stderr where it is."""
    from autograder.report.learner import learner_page
    from autograder.report.pages import write_page
    from autograder.report.pictures import in_all_languages

    drawn = in_all_languages(result, exercise)
    if not drawn:
        typer.echo(translate("note.no_picture", language, error=""), err=True)
        return
    page = path.suffix == ".html"
    text = learner_page(result, exercise, language, pictures=drawn) if page else drawn[language]
    try:
        write_page(path, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise learner_error("error.plot_unwritable", file=str(path), reason=reason) from None
    typer.echo(translate("terminal.picture", language, file=str(path)), err=True)


def hint(
    task: Annotated[str, typer.Argument(help="The task: the name of its function.")],
    exercise: Annotated[
        str | None, typer.Option("--exercise", help="Where two exercises have such a task.")
    ] = None,
    rung: Annotated[
        int | None, typer.Option("--rung", min=1, help="Show this hint of the ladder again.")
    ] = None,
    language: LanguageOption = None,
) -> None:
    """Give the next hint for a task: first a question, then a pointer, then nearly the solution.

    Example: gradeflow hint sigmoid
    """
    from rich.console import Console
    from rich.text import Text

    from autograder.cli.progress import Progress

    where, known = task_of(task, exercise)
    tongue = language_of(language, where)
    ladder = known.hints.in_(tongue)
    place = Progress(where.folder.parent).next_rung(where.name, task, len(ladder), rung)
    console = Console(highlight=False)
    head = translate("terminal.hint", tongue, rung=place, rungs=len(ladder), task=task)
    console.print(Text(head, style="bold"))
    console.print(Text(ladder[place - 1]))
    console.print(
        Text(translate(f"terminal.{'more' if place < len(ladder) else 'last'}", tongue), "dim")
    )


def _print_json(value: object) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n")
