"""The ``gradeflow`` command, and how errors become messages and exit codes.

Exit codes: 0 all is well; 1 the answer is no (a check failed, a file is stale, a score is
withheld); 2 the command could not be carried out; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder import __version__
from autograder.catalogue import language_at
from autograder.cli import (
    authoring,
    checking,
    doctor,
    explaining,
    export,
    helping,
    insight,
    instructor,
    learning,
    listing,
    nbgrader,
    play,
    regrading,
    releasing,
    reporting,
    starting,
    watch,
)
from autograder.cli.streams import spell
from autograder.cli.telling import LearnersCommand, LearnersGroup
from autograder.errors import GradeFlowError, LearnerError, refusal
from autograder.messages import told
from autograder.sandbox.policy import ONE_THREAD

__all__ = ["app", "main"]

app = typer.Typer(
    name="gradeflow",
    cls=LearnersGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
LEARNERS, INSTRUCTORS = "Learners", "Instructors"


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"gradeflow {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        # Before a command is looked for: there is none beside it.
        typer.Option(
            "--version",
            is_eager=True,
            callback=_print_version,
        ),
    ] = False,
) -> None:
    del version


app.command("start", cls=LearnersCommand, rich_help_panel=LEARNERS)(starting.start)
app.command("list", cls=LearnersCommand, rich_help_panel=LEARNERS)(listing.list_exercises)
app.command("check", cls=LearnersCommand, rich_help_panel=LEARNERS)(checking.check)
app.command("watch", cls=LearnersCommand, rich_help_panel=LEARNERS)(watch.watch)
app.command("play", cls=LearnersCommand, rich_help_panel=LEARNERS)(play.play)
app.command("hint", cls=LearnersCommand, rich_help_panel=LEARNERS)(helping.hint)
app.command("reset", cls=LearnersCommand, rich_help_panel=LEARNERS)(helping.reset)
app.command("grade", rich_help_panel=INSTRUCTORS)(instructor.grade)
app.command("report", rich_help_panel=INSTRUCTORS)(reporting.report)
app.command("explain", rich_help_panel=INSTRUCTORS)(explaining.explain)
app.command("regrade", rich_help_panel=INSTRUCTORS)(regrading.regrade)
app.command("groups", rich_help_panel=INSTRUCTORS)(insight.groups)
app.command("learn", rich_help_panel=INSTRUCTORS)(learning.learn)
app.command("similar", rich_help_panel=INSTRUCTORS)(insight.similar)
app.add_typer(export.app, name="export", rich_help_panel=INSTRUCTORS)
app.command("release", rich_help_panel=INSTRUCTORS)(releasing.release)
app.command("build", rich_help_panel=INSTRUCTORS)(authoring.build)
app.command("audit", rich_help_panel=INSTRUCTORS)(authoring.audit)
app.command("new-exercise", rich_help_panel=INSTRUCTORS)(authoring.new_exercise)
app.add_typer(nbgrader.app, name="nbgrader", rich_help_panel=INSTRUCTORS)
app.command("doctor", cls=LearnersCommand, rich_help_panel=INSTRUCTORS)(doctor.doctor)


def main() -> None:
    """Run the command line; every foreseen error is one sentence on standard error."""
    spell()
    os.environ.update(ONE_THREAD)  # before anything that it holds for is imported
    try:
        app(standalone_mode=True)
    except LearnerError as error:
        # An instructor's command met what learners meet too: no course, no such exercise.
        _die(told(error, language_at(Path.cwd())), 2)
    except GradeFlowError as error:
        _die(str(error), 2)
    except KeyboardInterrupt:
        _die("Interrupted; what was done so far is kept.", 130)
    except BrokenPipeError:
        # The reader (head, less) has gone: say nothing, and keep Python from saying it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _die(refusal(error), 2)


def _die(message: str, code: int) -> None:
    print(f"gradeflow: {message}", file=sys.stderr)
    sys.exit(code)
