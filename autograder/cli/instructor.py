"""Grading a class."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.bars import ProgressBar, judged_in
from autograder.cli.classes import tell_names
from autograder.cli.options import Cage, CageOption
from autograder.cli.places import course_here, language_of, results_of, warn_of_salt
from autograder.cli.reporting import write_report
from autograder.cli.streams import put
from autograder.messages import some

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.catalogue import Exercise
    from autograder.grading.journal import Handed
    from autograder.model import Result
    from autograder.report.terminal import ClassSummary
    from autograder.submission import Submission
    from autograder.submission.discover import Discovery, Skipped

__all__ = ["affordable", "counted", "grade", "tell_new"]

MOST_NAMED = 5


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
            help="Also write a page (HTML) for each learner to this folder, and a report on the "
            "class to --out.",
        ),
    ] = None,
    dates: Annotated[
        Path | None,
        typer.Option(
            "--dates",
            help="CSV that says when each learner handed in: Moodle's grading worksheet, or one "
            "with the columns learner and handed_in. nbgrader, Blackboard and Canvas' LATE say so "
            "themselves.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Grade again what has not changed.")
    ] = False,
    cage: CageOption = Cage.auto,
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
    """Grade a class: every submission in the strongest cage that holds, on all cores.

    One JSON file for each learner is written to --out as soon as it is known. Run the same command
    again after an interruption or a late submission: only what changed is graded.

    Example: gradeflow grade 01_neuron submitted/ --out results/01_neuron --feedback feedback
    """
    from rich.console import Console

    from autograder.grading.classroom import carry_out, make_plan
    from autograder.grading.orders import Setup
    from autograder.grading.store import ResultStore
    from autograder.grading.stored import StoredResults
    from autograder.report.terminal import ClassSummary, class_tables
    from autograder.submission.discover import Wanted, discover

    course = course_here()
    authored = course.authored(course.meant(exercise))
    warn_of_salt(course)
    folder = results_of(course, authored.name, out)
    hidden = (course.root, folder, *(path for path in submissions if path.exists()))
    kind = "plain" if no_sandbox else cage.kind
    setup = Setup(authored.folder, course.salt, kind, hidden)
    console = Console(stderr=json, highlight=False)
    if no_sandbox:
        console.print(
            "No cage: the submissions run as you, and can read and change what you can.",
            style="bold red",
        )
    others = frozenset(course.exercises) - {authored.name}
    found = discover(submissions, Wanted.of(course, authored), others)
    with ResultStore(folder) as store:
        store.take(_handed_in(found.submissions, submissions, dates))
        plan = make_plan(authored, found.submissions, setup, store, force=force)
        handed_in, skipped, total = counted(found), found.skipped, len(found.submissions)
        del found  # with the bytes of all files: what is to be graded waits on the disk
        workers = jobs or os.cpu_count() or 1
        if not dask:
            needs = "webassembly" if cage is Cage.webassembly else authored.framework
            workers = affordable(console, workers, len(plan.entries), needs)
        learners = list(plan.kept)
        judged: Result | None = None
        before = frozenset(store.learners())
        try:
            bar = ProgressBar(console, len(plan.entries))
            graded = carry_out(plan, setup, store, workers, dask, bar.making)
            for each in bar.over(graded):
                learners.append(each.learner)
                judged = each if each.layers else judged
        except KeyboardInterrupt:
            done = len(store.learners())
            print(
                f"gradeflow: Interrupted. {done} of {total} results are in "
                f"{folder}; run the same command again to go on.",
                file=sys.stderr,
            )
            raise typer.Exit(130) from None
    results = StoredResults(folder, authored.name, sorted(learners))
    if feedback is not None:
        _write_pages(results, authored, feedback)
        # On everyone of whom there are results: one who is late must not be the whole class.
        overview = write_report(course, authored.name, folder, feedback=feedback)
    summary = ClassSummary(authored)
    if json:
        _write_json(_added(results, summary))
    else:
        for table in class_tables(results, summary):
            console.print(table)
        console.print()
        summary.tell(language_of(None, authored), console)
        kept = f" ({len(plan.kept)} unchanged, kept from before)" if plan.kept else ""
        console.print(f"results: {folder}{os.sep}<learner>.json{kept}")
        if feedback is not None:
            console.print(f"feedback: {feedback}{os.sep}<learner>.html")
            console.print(f"report: {overview}, which is not for learners")
    if cage is Cage.auto and judged is not None and (told := judged_in(judged)):
        console.print(told, markup=False, soft_wrap=True)
    console.print(handed_in, markup=False, soft_wrap=True)
    _tell_left_out(skipped, console)
    tell_new(learners, before, folder, console)
    raise typer.Exit(1 if summary.withheld else 0)


def _added(results: Iterable[Result], summary: ClassSummary) -> Iterator[Result]:
    for each in results:
        summary.add(each)
        yield each


def tell_new(
    learners: Sequence[str], before: frozenset[str], folder: Path, console: Console
) -> None:
    """Name who is graded for the first time beside a class: it may be a known one's other name.

    A file handed over by itself tells by its name whose it is, where it has no folder around it.
    """
    new = sorted(each for each in learners if each not in before)
    if before and 0 < len(new) <= MOST_NAMED:  # of more, the rest of the class has come
        told = f"new beside {len(before)} graded before: {', '.join(new)}"
        advice = f"Is one of them known by another name? Delete its file in {folder}."
        console.print(f"{told}. {advice}", markup=False, soft_wrap=True)


def _handed_in(
    found: Sequence[Submission], given: Sequence[Path], dates: Path | None
) -> list[Handed]:
    """Write down who handed in what, and when, as the platform or a table of dates tells."""
    from autograder.export.dates import dates_of
    from autograder.grading.journal import handed

    known = dates_of(dates, [each.learner for each in found]) if dates is not None else {}
    lines = [handed(each, given, known.get(each.learner, "")) for each in found]
    if dates is not None:
        tell_names(f"not found in {dates}", [n.learner for n in lines if not n.handed_in])
    return lines


def affordable(console: Console, jobs: int, entries: int, framework: str) -> int:
    """Return how many jobs the memory is enough for, and say so where that is fewer than asked."""
    from autograder.grading.memory import available, jobs_that_fit

    if not entries:
        return jobs
    fit, told = jobs_that_fit(min(jobs, entries), framework, available())
    if told:
        console.print(told, style="yellow")
    return fit


def _write_json(results: Iterable[Result]) -> None:
    import msgspec

    lead = b"["
    for result in results:
        put(lead + msgspec.json.encode(result))
        lead = b","
    put(b"[]\n" if lead == b"[" else b"]\n")


def _write_pages(results: Iterable[Result], exercise: Exercise, feedback: Path) -> None:
    """Write a page for each learner."""
    from autograder.model import to_json
    from autograder.report.learner import learner_page
    from autograder.report.pages import is_made_of, made_of, write_page
    from autograder.report.pictures import drawn_apart

    language = language_of(None, exercise)
    for result in results:
        path = feedback / f"{result.learner}.html"
        # The result holds a digest of the exercise and the engine: what is the same keeps its page.
        source = to_json(result) + language.encode()
        if not is_made_of(path, source):
            drawn = drawn_apart(result, exercise)
            page = learner_page(result, exercise, language, **drawn)
            write_page(path, made_of(page, source))


def counted(found: Discovery) -> str:
    """Say what became of each file that was handed in; the numbers add up."""
    with_file = [each for each in found.submissions.told if each.name]
    unread = sum(each.problem is not None for each in with_file)
    learners, empty = len(found.submissions), len(found.submissions) - len(with_file)
    parts = {
        "to grade": len(with_file) - unread,
        "unreadable": unread,
        "beside a graded one": found.beside,
        "left out": len(found.skipped),
    }
    told = ", ".join(f"{count} {what}" for what, count in parts.items() if count)
    none = f"; {empty} with nothing in their folder" if empty else ""
    return (
        f"handed in: {found.files} file{'s' if found.files != 1 else ''} of "
        f"{learners} learner{'s' if learners != 1 else ''}: {told or 'nothing'}{none}"
    )


def _tell_left_out(skipped: Sequence[Skipped], console: Console) -> None:
    """Name what was not graded, a line for each reason, with a few examples."""
    from autograder.submission.discover import LEFT_OUT

    by_reason: dict[str, list[str]] = {}
    for each in skipped:
        by_reason.setdefault(each.reason, []).append(each.origin)
    for reason, origins in by_reason.items():
        examples = "" if reason == "other_exercise" else ": " + some(origins, MOST_NAMED)
        count = f"{len(origins)} file{'s' if len(origins) > 1 else ''}"
        console.print(
            f"left out: {count} ({LEFT_OUT.get(reason, reason)}){examples}",
            style="dim",
            markup=False,
            soft_wrap=True,
        )
