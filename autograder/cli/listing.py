"""The command list: the course, what of it is done, and what to do now."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from autograder.cli.options import JsonOption, LanguageOption
from autograder.cli.places import course_here, language_of, released_exercises
from autograder.messages import translate

if TYPE_CHECKING:
    from autograder.catalogue import Exercise
    from autograder.cli.progress import Progress

__all__ = ["list_exercises", "what_next"]


def list_exercises(language: LanguageOption = None, json: JsonOption = False) -> None:
    """Show the course's exercises, and what of them is done."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from autograder.cli.progress import Progress

    course = course_here()
    exercises = released_exercises(course)
    notes = Progress(course.assignments)
    if json:
        from autograder.model import to_json

        rows = [{"exercise": e.name, "points": e.points, **notes.of(e.name)} for e in exercises]
        sys.stdout.write(to_json(rows).decode())
        return
    tongue = language_of(language)
    table = Table(box=None, pad_edge=False, header_style="bold", title=course.title.in_(tongue))
    for exercise in exercises:
        table.add_row(exercise.name, exercise.title.in_(tongue), _state(exercise, notes, tongue))
    console = Console(highlight=False)
    console.print(table)
    facts = {
        "done": sum(notes.is_done(each.name) for each in exercises),
        "all": len(exercises),
        "points": f"{sum(notes.of(each.name).get('points', 0) for each in exercises):g}",
        "possible": f"{sum(each.points for each in exercises):g}",
    }
    console.print(Text("\n" + translate("terminal.course", tongue, **facts)))
    console.print(Text(what_next(exercises, notes, tongue)))


def _state(exercise: Exercise, notes: Progress, language: str) -> str:
    known = notes.of(exercise.name)
    if not known:
        return translate("terminal.exercise_new", language)
    facts = {"passed": known["passed"], "all": known["checks"]}
    mark = "✔ " if notes.is_done(exercise.name) else ""
    return mark + translate("terminal.passed_of", language, **facts)


def what_next(exercises: list[Exercise], notes: Progress, language: str) -> str:
    """Say what to do now: the first exercise that is not done, and where in it."""
    following = notes.first_to_do(exercises)
    if following is None:
        return translate("terminal.course_done", language)
    task = notes.first_open(following.name) or following.tasks[0].name
    facts = {"exercise": following.name, "task": task, "module": following.module}
    return translate("terminal.now", language, **facts)
