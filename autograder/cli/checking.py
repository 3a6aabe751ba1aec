"""The command check: a learner's own work, on their own machine."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.catalogue import find_course
from autograder.cli.listing import what_next
from autograder.cli.options import ExerciseArgument, JsonOption, LanguageOption, TaskOption
from autograder.cli.places import asked_for, language_of, released_exercises
from autograder.cli.streams import put
from autograder.messages import learner_error, translate, typed

if TYPE_CHECKING:
    from autograder.catalogue import Exercise, Task
    from autograder.cli.progress import Progress
    from autograder.grading.alone import Choice
    from autograder.model import Result

__all__ = ["check", "still_there"]

DRAWN = "<!-- drawn by gradeflow check -->"
"""At the end of what was drawn: any other file of that name is the learner's own."""
BREATH = 1.0
"""Seconds without a word."""


def check(
    exercise: ExerciseArgument = None,
    task: TaskOption = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    language: LanguageOption = None,
    json: JsonOption = False,
    plot: Annotated[Path | None, typer.Option("--plot")] = None,
    summary: Annotated[Path | None, typer.Option("--summary")] = None,
) -> None:
    """Check a learner's own work and say what is wrong, and why."""
    from autograder.sandbox.guard import Guard

    found, named, one = asked_for(exercise, task)
    tongue = language_of(language, found)
    if plot is not None:
        _demand_drawable(plot, found)
    if _is_stepped(found, named, json=json):
        typer.echo(translate("terminal.stepping", tongue), err=True)
        passed = _check(
            found, named, one, tongue, everything=everything, plot=plot, steps=True, summary=summary
        )
        raise typer.Exit(0 if passed else 1)
    words = translate("evidence.stopped_checking", tongue, amount=f"{found.limits.total:g}")
    with Guard(found.limits, words):
        passed = _check(
            found, named, one, tongue, everything=everything, json=json, plot=plot, summary=summary
        )
    raise typer.Exit(0 if passed else 1)


@contextlib.contextmanager
def still_there(exercise: Exercise, language: str) -> Iterator[None]:
    """Say in a terminal that it is being checked, where that takes longer than a breath."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    words = translate("terminal.checking", language, seconds=f"{exercise.limits.wall:g}")
    status = Console(stderr=True).status(words)
    timer = threading.Timer(BREATH, status.start)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()


def _check(
    found: Exercise,
    named: Path | None,
    one: Task | None,
    tongue: str,
    *,
    everything: bool,
    plot: Path | None,
    json: bool = False,
    steps: bool = False,
    summary: Path | None = None,
) -> bool:
    """Check a file, tell what came of it, and return whether all is right."""
    from autograder.cli.progress import Progress
    from autograder.sandbox.opening import Sandbox
    from autograder.sandbox.stepping import Stepping

    # The learner's process starts here, and imports what it needs while this one does the same.
    place = (
        Stepping(named or found.source)
        if steps
        else Sandbox("plain", found.framework, early=found.limits)
    )
    with contextlib.closing(place) as sandbox:
        from autograder.grading.alone import Choice, check_alone, own_choice

        choice = Choice(named or found.source) if named or steps else own_choice(found)
        _say_which(choice, tongue)
        only = one.name if one else None
        with contextlib.nullcontext() if steps else still_there(found, tongue):
            result = check_alone(
                found, choice.path, sandbox, draws=plot is not None, only_task=only
            )
    if plot is not None:
        _draw(result, found, tongue, plot)
    notes = Progress(found.folder.parent)
    notes.remember(result, only_task=only)
    passed = bool(result.checks) and all(c.verdict == "passed" for c in result.checks)
    passed = passed and not result.load
    _tell(result, found, tongue, json=json, everything=everything)
    if summary is not None:
        _summarize(result, found, tongue, summary)
    if passed and not json:
        _go_on(found, one, notes, tongue)
    return passed


def _summarize(result: Result, exercise: Exercise, language: str, path: Path) -> None:
    """Write the result behind what is in a file, as GitHub's summary of a run takes it."""
    from autograder.report.markdown import summary_of

    try:
        with path.open("a", encoding="utf-8", errors="replace") as stream:
            stream.write(summary_of(result, exercise, language))
    except OSError as error:
        reason = error.strerror or str(error)
        raise learner_error("error.summary_unwritable", file=str(path), reason=reason) from None


def _is_stepped(exercise: Exercise, named: Path | None, *, json: bool) -> bool:
    """Tell whether somebody steps through a script: in a debugger, or by a breakpoint in it."""
    from autograder.sandbox.stepping import debugger_here, stops_somewhere

    script = named or exercise.source
    if script.suffix != ".py" or json:
        return False
    someone = sys.stdin.isatty() and sys.stdout.isatty()
    return debugger_here() or (someone and stops_somewhere(script))


def _say_which(choice: Choice, language: str) -> None:
    """Say which of two files is checked, and why, where the other one has been worked in."""
    for key, other in (("of_two", choice.other), ("misnamed", choice.misnamed)):
        if other is not None:
            facts = {"file": choice.path.name, "other": other.name, "path": typed(str(other))}
            typer.echo(translate(f"terminal.{key}", language, **facts), err=True)


def _tell(
    result: Result, exercise: Exercise, language: str, *, json: bool, everything: bool
) -> None:
    if json:
        from autograder.model import to_json

        put(to_json(result))
        return
    from rich.console import Console

    from autograder.report.terminal import feedback

    told = feedback(result, exercise, language, everything=everything)
    Console(highlight=False).print(told)


def _go_on(exercise: Exercise, task: Task | None, notes: Progress, language: str) -> None:
    """Say what comes next: the next task of the exercise, else of the course."""
    if task is not None and not notes.is_done(exercise.name):
        names = [each.name for each in exercise.tasks]
        behind = names[names.index(task.name) + 1 :]
        if following := notes.first_open(exercise.name) or next(iter(behind), None):
            typer.echo(translate("terminal.next", language, task=following))
            return
    course = find_course(exercise.folder)
    if course is not None and exercise.folder.parent == course.assignments.resolve():
        typer.echo(what_next(released_exercises(course), notes, language))


def _demand_drawable(path: Path, exercise: Exercise) -> None:
    """Refuse a picture that there cannot be before anything is run."""
    if path.suffix not in (".svg", ".html"):
        raise learner_error("error.plot_suffix", file=str(path))
    if not exercise.plotting.is_file():
        raise learner_error("error.plot_none", exercise=exercise.name)
    if not path.parent.is_dir():
        raise learner_error("error.plot_folder", file=str(path), folder=str(path.parent))
    if path.exists() and not _is_drawn(path):
        raise learner_error("error.plot_taken", file=str(path))


def _is_drawn(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 2 * len(DRAWN)))
        return DRAWN.encode() in stream.read()


def _draw(result: Result, exercise: Exercise, language: str, path: Path) -> None:
    """Write the picture, or the whole page with it, and say on stderr where it is."""
    from autograder.report.learner import learner_page
    from autograder.report.pages import write_page
    from autograder.report.pictures import drawn_apart, in_all_languages

    drawn = in_all_languages(result, exercise)
    if not drawn:
        typer.echo(translate("note.no_picture", language, error=""), err=True)
        return
    page = path.suffix == ".html"
    text = (
        learner_page(result, exercise, language, **drawn_apart(result, exercise))
        if page
        else drawn[language]
    )
    try:
        write_page(path, f"{text}\n{DRAWN}\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise learner_error("error.plot_unwritable", file=str(path), reason=reason) from None
    typer.echo(translate("terminal.picture", language, file=str(path)), err=True)
