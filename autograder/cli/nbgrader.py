"""``gradeflow nbgrader``: what goes beyond nbgrader's own commands."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.places import course_here, language_of

if TYPE_CHECKING:
    from autograder.model import Result

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)


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

    from autograder.cli.instructor import with_progress
    from autograder.nbgrader.opening import class_run
    from autograder.report.terminal import class_table, summary_of_class

    course = course_here()
    exercise = course.authored(course.meant(assignment))
    console = Console(highlight=False)
    results: list[Result] = []
    kept = 0
    try:
        with class_run(
            course,
            exercise,
            jobs or os.cpu_count() or 1,
            students=student,
            force=force,
            sandbox="plain" if no_sandbox else "cage",
        ) as run:
            kept = len(run.kept)
            results += with_progress(console, run.carry_out(), run.total)
    except KeyboardInterrupt:
        print(
            "gradeflow: Interrupted. Whoever was graded stands in the gradebook; run the same "
            "command again to go on.",
            file=sys.stderr,
        )
        raise typer.Exit(130) from None
    results.sort(key=lambda result: result.learner)
    if results:
        console.print(class_table(results, exercise))
        console.print()
        summary_of_class(results, exercise, language_of(None, exercise), console)
    if kept:
        console.print(f"{kept} unchanged, kept from before (--force grades them again)")
    raise typer.Exit(1 if any(result.score.withheld for result in results) else 0)
