"""Grading a class."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.places import course_here, language_of, warn_of_salt

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.catalogue import Course, Exercise
    from autograder.model import Result
    from autograder.submission.discover import Skipped

__all__ = ["grade", "with_progress"]

MOST_NAMED = 5
OVERVIEW = "overview.html"
LEFT_OUT = {
    "other_file": "the learner's other file is graded",
    "other_exercise": "of another exercise",
    "symlink": "a link, which may lead anywhere; give the file itself",
    "unreadable": "not to be read; check its permissions",
    "not_regular": "not an ordinary file",
    "too_deep": "folders nested too deep",
    "too_many_files": "too many files",
    "zip_damaged": "a damaged zip; download it again",
    "zip_password": "a zip with a password",
    "zip_method": "a zip of an unknown kind; unpack it and give the folder",
    "zip_bomb": "a zip that unpacks to far more than it holds",
    "zip_too_many": "a zip with too many files",
    "zip_too_large": "a zip that is too large; unpack it and give the folder",
    "zip_nested": "a zip in a zip in a zip",
}
"""Why a file is not graded, by the finder's reason."""


def grade(
    exercise: Annotated[str, typer.Argument(help="The exercise, for instance 01_neuron.")],
    submissions: Annotated[
        list[Path],
        typer.Argument(
            help="Files (.py, .ipynb), folders, nbgrader's submitted/ folder, or a zip from "
            "Moodle, Canvas or Blackboard."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the results; results/EXERCISE here.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Workers; all cores by default.")
    ] = None,
    dask: Annotated[
        str,
        typer.Option(
            "--dask",
            metavar="ADDRESS",
            help="Grade on the workers of this Dask scheduler, such as tcp://10.0.0.1:8786, "
            "instead of on this machine. The course must lie at the same path on each of them.",
        ),
    ] = "",
    feedback: Annotated[
        Path | None,
        typer.Option(
            "--feedback",
            help="Also write a page (HTML) for each learner to this folder, and an overview of "
            "the class to --out.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Grade again what has not changed.")
    ] = False,
    no_sandbox: Annotated[
        bool,
        typer.Option(
            "--no-sandbox",
            help="Run submissions WITHOUT a cage: their code can then read and change whatever "
            "you can, the tests and the other submissions too. Only for code you trust.",
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the results as JSON instead of a table.")
    ] = False,
) -> None:
    """Grade a class: every submission in the cage, on all cores.

    One JSON file for each learner is written to --out as soon as it is known. Run the same command
    again after an interruption or a late submission: only what changed is graded.

    Example: gradeflow grade 01_neuron submitted/ --out results/01_neuron --feedback feedback
    """
    from rich.console import Console

    from autograder.grading.classroom import carry_out, collected, make_plan
    from autograder.grading.pool import Setup
    from autograder.grading.store import ResultStore
    from autograder.report.terminal import class_table, summary_of_class
    from autograder.submission.discover import discover

    course = course_here()
    authored = course.authored(course.meant(exercise))
    warn_of_salt(course)
    folder = out or Path("results") / authored.name
    hidden = (course.root, folder, *(path for path in submissions if path.exists()))
    setup = Setup(authored.folder, course.salt, "plain" if no_sandbox else "cage", hidden)
    console = Console(stderr=json, highlight=False)
    if no_sandbox:
        console.print(
            "No cage: the submissions run as you, and can read and change what you can.",
            style="bold red",
        )
    others = frozenset(course.exercises) - {authored.name}
    found = discover(
        submissions, authored.name, authored.module, _stub_hashes(course, authored), others
    )
    with ResultStore(folder) as store:
        plan = make_plan(authored, found.submissions, setup, store, force=force)
        try:
            graded = with_progress(
                console,
                carry_out(plan, setup, store, jobs or os.cpu_count() or 1, dask),
                len(plan.entries),
            )
        except KeyboardInterrupt:
            done = len(store.learners())
            print(
                f"gradeflow: Interrupted. {done} of {len(found.submissions)} results are in "
                f"{folder}; run the same command again to go on.",
                file=sys.stderr,
            )
            raise typer.Exit(130) from None
        results = collected(plan, graded)
    if feedback is not None:
        _write_pages(results, authored, feedback, folder)
    if json:
        import msgspec

        sys.stdout.write(msgspec.json.encode(results).decode() + "\n")
    else:
        console.print(class_table(results, authored))
        console.print()
        summary_of_class(results, authored, language_of(None, authored), console)
        kept = f" ({len(plan.kept)} unchanged, kept from before)" if plan.kept else ""
        console.print(f"results: {folder}{os.sep}<learner>.json{kept}")
        if feedback is not None:
            console.print(f"feedback: {feedback}{os.sep}<learner>.html")
            console.print(f"overview: {folder / OVERVIEW}, which is not for learners")
    _tell_left_out(found.skipped, console)
    raise typer.Exit(1 if any(result.score.withheld for result in results) else 0)


def _write_pages(
    results: Sequence[Result], exercise: Exercise, feedback: Path, folder: Path
) -> None:
    """Write a page for each learner, and the overview where the results are: it names everyone."""
    from autograder.report.learner import learner_page
    from autograder.report.overview import overview_page
    from autograder.report.pages import write_page
    from autograder.report.pictures import in_all_languages

    language = language_of(None, exercise)
    for result in results:
        path = feedback / f"{result.learner}.html"
        # What was kept from before keeps its page.
        if not _is_newer(path, folder / f"{result.learner}.json"):
            drawn = in_all_languages(result, exercise)
            write_page(path, learner_page(result, exercise, language, pictures=drawn))
    write_page(folder / OVERVIEW, overview_page(results, exercise, language))


def _is_newer(path: Path, than: Path) -> bool:
    try:
        return path.stat().st_mtime_ns > than.stat().st_mtime_ns
    except OSError:
        return False


def _stub_hashes(course: Course, exercise: Exercise) -> frozenset[str]:
    """Return the hashes of what learners were given: not to be taken for their work."""
    from autograder.submission import code_digest

    given = course.assignments / exercise.name
    paths = [given / f"{exercise.module}{suffix}" for suffix in (".py", ".ipynb")]
    return frozenset(code_digest(p.read_bytes(), p.name) for p in paths if p.is_file())


def _tell_left_out(skipped: Sequence[Skipped], console: Console) -> None:
    """Name what was not graded, a line for each reason, with a few examples."""
    by_reason: dict[str, list[str]] = {}
    for each in skipped:
        by_reason.setdefault(each.reason, []).append(each.origin)
    for reason, origins in by_reason.items():
        examples = "" if reason == "other_exercise" else ": " + ", ".join(origins[:MOST_NAMED])
        more = ", …" if examples and len(origins) > MOST_NAMED else ""
        count = f"{len(origins)} file{'s' if len(origins) > 1 else ''}"
        console.print(
            f"left out: {count} ({LEFT_OUT.get(reason, reason)}){examples}{more}",
            style="dim",
            markup=False,
            soft_wrap=True,
        )


def with_progress(console: Console, results: Iterator[Result], total: int) -> list[Result]:
    """Take all results while a bar shows how many are done, and how long the rest will take."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    graded = []
    with Progress(*columns, console=console, disable=total == 0) as progress:
        bar = progress.add_task("", total=total)
        for result in results:
            graded.append(result)
            progress.advance(bar)
    return graded
