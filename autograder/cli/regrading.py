"""The command regrade: what a changed check or point scheme changes, before it is written."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.classes import tell_names
from autograder.cli.instructor import affordable
from autograder.cli.options import Cage, CageOption
from autograder.cli.places import course_here, results_of, warn_of_salt
from autograder.cli.streams import print_json
from autograder.errors import GradeFlowError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from autograder.grading.regrading import Difference

__all__ = ["regrade"]

MOST_ROWS = 200


def regrade(
    exercise: Annotated[str, typer.Argument(help="The exercise, for instance 01_neuron.")],
    results: Annotated[
        Path | None,
        typer.Option("--results", help="What `grade --out` wrote; results/EXERCISE here."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the new results in place of the old ones.")
    ] = False,
    nbgrader: Annotated[
        bool,
        typer.Option(
            "--nbgrader",
            help="Of an nbgrader course: with --apply the gradebook, its totals and the pages "
            "follow, as `gradeflow nbgrader autograde` makes them.",
        ),
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Workers; all cores by default.")
    ] = None,
    cage: CageOption = Cage.auto,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run submissions WITHOUT a cage: code you trust.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """Grade a class again after a change of the exercise, and show what changes for whom.

    Nothing is written until --apply. The submissions are those that were graded: kept beside the
    results, or taken from where they lay. Exit code 1 where somebody's points change.

    Example: gradeflow regrade 01_neuron, then gradeflow regrade 01_neuron --apply
    """
    from rich.console import Console

    from autograder.cli.bars import ProgressBar
    from autograder.export.tables import stored_results
    from autograder.grading.again import entries_again
    from autograder.grading.classroom import basis_of
    from autograder.grading.orders import Setup
    from autograder.grading.regrading import Regrading

    if apply and nbgrader and (json or cage is not Cage.auto):
        raise GradeFlowError(
            "With --apply, --nbgrader grades as `gradeflow nbgrader autograde` does: leave out "
            "--cage and --json, or leave out --apply to see what would change."
        )
    course = course_here()
    authored = course.authored(course.meant(exercise))
    warn_of_salt(course)
    folder = results_of(course, authored.name, results, nbgrader=nbgrader)
    kind = "plain" if no_sandbox else cage.kind
    setup = Setup(authored.folder, course.salt, kind, (course.root, folder))
    console = Console(stderr=json, highlight=False)
    stored = stored_results(folder, authored.name)
    with Regrading(folder) as regrading:
        basis = basis_of(authored, setup)
        again = entries_again(stored, regrading.store, course, authored, basis)
        entries = regrading.plan(again)
        wanted = jobs or os.cpu_count() or 1
        workers = affordable(console, wanted, len(entries), authored.framework)
        bar = ProgressBar(console, len(entries))
        for _ in bar.over(regrading.carry_out(entries, setup, workers, bar.making)):
            pass
        found = list(regrading.differences())
        _tell(found, len(stored) - len(regrading.gone), console, json=json, written=apply)
        gone = [f"{who} ({why})" for who, why in sorted(regrading.gone.items())]
        tell_names("cannot be graded again, so as they were", gone)
        done = apply and not nbgrader
        if done:
            console.print(f"{regrading.apply()} results were written to {folder}.")
        if apply:
            regrading.clear()
    if apply and nbgrader:
        from autograder.cli.nbgrader import autograde

        autograde(authored.name, jobs, force=True, no_sandbox=no_sandbox)
    elif not apply and found:
        console.print("Nothing was written: run it again with --apply to let this count.")
    changed = any(each.before != each.after for each in found)
    raise typer.Exit(1 if changed and not apply else 0)


def _tell(
    found: Sequence[Difference], count: int, console: Console, *, json: bool, written: bool
) -> None:
    if json:
        print_json(found)
        return
    from rich.table import Table
    from rich.text import Text

    up = sum(_number(each.after) > _number(each.before) for each in found)
    down = sum(_number(each.after) < _number(each.before) for each in found)
    rest = count - up - down
    have = "have" if written else "would have"
    console.print(f"{count} results: {up} {have} more points, {down} fewer, {rest} the same.")
    scheme = Counter(each.possible for each in found)
    for (was, is_now), _ in scheme.most_common(1):
        if was != is_now:
            console.print(f"The whole is worth {is_now:g} points, and was worth {was:g}.")
    flips = Counter(flip for each in found for flip in each.checks)
    for (check, before, after), times in flips.most_common():
        console.print(Text(f"  {check}: {before or 'not there'} → {after or 'gone'} for {times}"))
    if not found:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, where in (("learner", "left"), ("before", "right"), ("after", "right")):
        table.add_column(name, justify=where, overflow="fold")  # type: ignore[arg-type]
    table.add_column("tasks", overflow="fold")
    table.add_column("found", overflow="fold")
    for each in found[:MOST_ROWS]:
        tasks = ", ".join(f"{task} {old:g} → {new:g}" for task, old, new in each.tasks)
        names = [", ".join(one) or "–" for one in each.found]
        told = f"{names[0]} → {names[1]}" if names[0] != names[1] else ""
        row = (each.learner, _said(each.before), _said(each.after), tasks, told)
        table.add_row(*map(Text, row))
    console.print(table)
    if len(found) > MOST_ROWS:
        console.print(f"… and {len(found) - MOST_ROWS} more: --json tells all.")


def _said(points: float | None) -> str:
    return "withheld" if points is None else f"{points:g}"


def _number(points: float | None) -> float:
    return -1.0 if points is None else points
