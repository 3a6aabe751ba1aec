"""The command of a learner's that stays: watch."""

from __future__ import annotations

import contextlib
import os
import queue
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.catalogue import find_course
from autograder.cli.options import ExerciseArgument, LanguageOption
from autograder.cli.places import exercise_of, language_of, released_exercises
from autograder.messages import translate

if TYPE_CHECKING:
    from autograder.catalogue import Exercise
    from autograder.cli.progress import Progress

__all__ = ["watch"]


def watch(exercise: ExerciseArgument = None, language: LanguageOption = None) -> None:
    """Check a learner's work each time they save it, on one screen, and go on when it is right."""
    from rich.console import Console

    from autograder.cli.progress import Progress
    from autograder.watch.events import Waiting, pressed, saves
    from autograder.watch.screen import Lines, Screen
    from autograder.watch.state import State
    from autograder.watch.watching import Watch

    found, file = exercise_of(exercise)
    notes = Progress(found.folder.parent)
    exercises = _all_with(found)
    if exercise is None:
        found = _first_to_do(exercises, found, notes)
    state = State.at(found, language_of(language, found))
    waiting: Waiting = queue.SimpleQueue()
    console = Console(highlight=False)
    on_screen = console.is_terminal and not console.is_dumb_terminal and os.isatty(0)
    folder = found.folder.parent if len(exercises) > 1 else found.folder
    with contextlib.suppress(KeyboardInterrupt), saves(folder, waiting):
        own = file.resolve() if file else None
        if not on_screen:
            console.print(translate("watch.plain", state.language, folder=str(folder)))
            Watch(exercises, state, Lines(console), notes, waiting, own).run()
            return
        screen = Screen(console)
        watching = Watch(exercises, state, screen, notes, waiting, own)
        with pressed(waiting, watching.leave), screen.shown():
            watching.run()


def _all_with(exercise: Exercise) -> list[Exercise]:
    """Return the course's exercises, this very one among them; it alone where it stands apart."""
    course = find_course(exercise.folder)
    if course is None or exercise.folder.parent != course.assignments.resolve():
        return [exercise]
    exercises = released_exercises(course)
    return [exercise if each.folder == exercise.folder else each for each in exercises]


def _first_to_do(exercises: list[Exercise], here: Exercise, notes: Progress) -> Exercise:
    """Return the exercise of the folder one stands in; elsewhere the first that is not done."""
    if Path.cwd().resolve() == here.folder:
        return here
    return notes.first_to_do(exercises) or here
