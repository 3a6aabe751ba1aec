"""Commands about one task: its next hint, and its stub put back."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.options import ExerciseOption, LanguageOption, TaskArgument
from autograder.cli.places import language_of, task_of
from autograder.messages import translate

__all__ = ["hint", "reset"]


def hint(
    task: TaskArgument,
    exercise: ExerciseOption = None,
    rung: Annotated[int | None, typer.Option("--rung", min=1)] = None,
    language: LanguageOption = None,
) -> None:
    """Give the next hint for a task."""
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


def reset(
    task: TaskArgument, exercise: ExerciseOption = None, language: LanguageOption = None
) -> None:
    """Put one task's stub back, and keep the old text beside it."""
    from autograder.handout.resetting import reset as put_back

    where, known = task_of(task, exercise)
    tongue = language_of(language, where)
    done = put_back(where, known.name)
    for each in done:
        facts = {"task": known.name, "file": str(each.file), "old": str(each.old or "")}
        key = "reset.done" if each.old else "reset.added"
        typer.echo(translate(key, tongue, **facts))
    if not done:
        typer.echo(translate("reset.nothing", tongue, task=known.name))
