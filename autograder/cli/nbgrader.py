"""``gradeflow nbgrader``: what goes beyond nbgrader's own commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.places import course_here, language_of, warn_of_salt
from autograder.cli.telling import CommandsGroup
from autograder.errors import GradeFlowError

if TYPE_CHECKING:
    from autograder.model import Result
    from autograder.nbgrader.joining import Joined

__all__ = ["app"]

app = typer.Typer(cls=CommandsGroup, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Work with an nbgrader course.

    Example: gradeflow nbgrader autograde 01_neuron
    """


@app.command()
def autograde(
    assignment: Annotated[str, typer.Argument(help="The assignment, for instance 01_neuron.")],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Workers; all cores by default.")
    ] = None,
    student: Annotated[
        str, typer.Option("--student", help="Only learners whose id fits this pattern.")
    ] = "*",
    force: Annotated[
        bool, typer.Option("--force", help="Grade again what has not changed.")
    ] = False,
    no_sandbox: Annotated[
        bool,
        typer.Option(
            "--no-sandbox",
            help="Run submissions WITHOUT a cage: their code can then read and change whatever "
            "you can. Only for code you trust.",
        ),
    ] = False,
) -> None:
    """Autograde a whole class, on all cores: the scores that `nbgrader autograde` gives.

    Run the same command again after an interruption, a late submission or a changed check: only
    what is missing or has changed is graded.

    Example: gradeflow nbgrader autograde 01_neuron --jobs 4
    """
    from rich.console import Console

    from autograder.cli.bars import ProgressBar
    from autograder.cli.instructor import affordable
    from autograder.nbgrader.opening import class_run

    course = course_here()
    exercise = course.authored(course.meant(assignment))
    warn_of_salt(course)
    console = Console(highlight=False)
    results: list[Result] = []
    told: list[str] = []
    left_out: list[str] = []
    try:
        with class_run(
            course,
            exercise,
            affordable(console, jobs or os.cpu_count() or 1, sys.maxsize, exercise.framework),
            students=student,
            force=force,
            sandbox="plain" if no_sandbox else "cage",
        ) as run:
            # Only now: what workers import has been begun, and takes longest.
            from autograder.report.terminal import ClassSummary, class_tables

            results += ProgressBar(console, run.total).over(run.carry_out())
            told = run.told()
            left_out = [*run.left_out.values()]
    except KeyboardInterrupt:
        print(
            "gradeflow: Interrupted. Whoever was graded stands in the gradebook; run the same "
            "command again to go on.",
            file=sys.stderr,
        )
        raise typer.Exit(130) from None
    results.sort(key=lambda result: result.learner)
    summary = ClassSummary(exercise)
    if results:
        for table in class_tables(results, summary):
            console.print(table)
        console.print()
        summary.tell(language_of(None, exercise), console)
    for sentence in (*told, *left_out):
        console.print(sentence, markup=False)
    raise typer.Exit(1 if left_out or summary.withheld else 0)


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(help="The course's folder; the current one by default.")
    ] = Path(),
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the lines out of nbgrader_config.py again.")
    ] = False,
) -> None:
    """Let an nbgrader course use GradeFlow: a few lines at the end of its nbgrader_config.py.

    What stands there stays as it is, and goes on for all assignments that are not listed in
    course.toml. Without a course of nbgrader's, one is started.

    Example: gradeflow nbgrader init
    """
    from autograder.nbgrader.joining import CONFIG, join, leave

    folder = folder.resolve()
    if not folder.is_dir():
        raise GradeFlowError(f"There is no folder {folder}.")
    if undo:
        gone = leave(folder)
        typer.echo(f"{folder / CONFIG}: {LEFT if gone else 'no lines of GradeFlow are there.'}")
        return
    joined = join(folder)
    _demand_loadable(folder, joined)
    _tell(folder, joined)


LEFT = "GradeFlow's lines are out; course.toml, solutions/ and assignments/ stay where they are."
DONE = {
    "made": "made.",
    "extended": "GradeFlow's lines stand at its end; what was there is unchanged.",
    "kept": "GradeFlow's lines are there already.",
}
NEXT = """
Next:
  gradeflow new-exercise 01_first     start an exercise, or put folders of exercises into solutions/
                                      and list them in course.toml
  gradeflow build                     make what learners get
  nbgrader generate_assignment 01_first
  gradeflow nbgrader autograde 01_first     once it was collected"""


def _demand_loadable(folder: Path, joined: Joined) -> None:
    """Put everything back when nbgrader cannot load what was written."""
    from autograder.nbgrader.imports import without_grammar
    from autograder.nbgrader.joining import COURSE, leave

    with without_grammar():
        from autograder.nbgrader.whole_class import converter_here

    try:
        converter_here(folder)
    except GradeFlowError:
        if joined.config != "kept":
            leave(folder)
        if joined.manifest == "made":
            (folder / COURSE).unlink()
        raise


def _tell(folder: Path, joined: Joined) -> None:
    from autograder.doctor.exposed import exposed, how_to_close
    from autograder.nbgrader.joining import CONFIG, COURSE

    salt = "made, with a salt of its own." if joined.manifest == "made" else "kept as it is."
    typer.echo(f"{folder / CONFIG}: {DONE[joined.config]}")
    typer.echo(f"{folder / COURSE}: {salt}")
    names = exposed(folder)
    if names:
        typer.echo(
            f"Everyone with an account on this machine can read {', '.join(names)}: keep it to "
            f"yourself, {how_to_close(folder)}"
        )
    typer.echo(NEXT)
