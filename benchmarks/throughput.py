"""How fast a class is graded, against the peers and against the limit: one run, one machine.

Run with ``python -m benchmarks.throughput``; docs/performance.md says how to read it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.material import EXERCISE, Classroom, open_classroom
from benchmarks.measuring import (
    MOST_OVERHEAD,
    BenchmarkError,
    Measured,
    Round,
    Skipped,
    pooled,
    times,
)
from benchmarks.ours import grade, warm_limit
from benchmarks.peers import nbgrader_autograde, pytest_each

TIMES_NBGRADER = 10  # the aims of docs/performance.md
BUSY = 0.5  # a load average above which other work shows in the seconds


def contenders(*, sandboxed: bool) -> dict[str, Callable[[Classroom], Round | Skipped]]:
    cores = os.cpu_count() or 1
    return {
        "gradeflow": lambda room: grade(room, "ipynb", jobs=1, sandboxed=sandboxed),
        "gradeflow-py": lambda room: grade(room, "py", jobs=1, sandboxed=sandboxed),
        "gradeflow-all": lambda room: grade(room, "ipynb", jobs=cores, sandboxed=sandboxed),
        "gradeflow-wasm": lambda room: grade(
            room, "ipynb", jobs=1, sandboxed=True, cage="webassembly"
        ),
        "nbgrader": nbgrader_autograde,
        "pytest": pytest_each,
        "warm": warm_limit,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="submissions in the class (100)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the quickest counts (3)")
    parser.add_argument("--only", nargs="+", help="only these contenders")
    parser.add_argument("--no-sandbox", action="store_true", help="GradeFlow without its cage")
    parser.add_argument("--markdown", action="store_true", help="the table for docs/performance.md")
    chosen = parser.parse_args(arguments)
    known = contenders(sandboxed=not chosen.no_sandbox)
    strangers = set(chosen.only or ()) - set(known)
    if strangers or chosen.count < 20:
        parser.error(
            f"--only takes {', '.join(known)}" if strangers else "--count must be 20 or more"
        )
    # In a file, or a build's log, a table needs its width all the same.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(
        f"{chosen.count} submissions of {EXERCISE}, half right, half with a misconception; "
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    load = _load_of_others()
    if load > BUSY:
        console.print(
            f"Other work is running here (load {load:.1f}): read the ratios, not the seconds.",
            style="yellow",
        )
    asked = {name: known[name] for name in chosen.only or known}
    measured = _measured(asked, chosen.count, max(2, chosen.rounds), console)
    console.print(_table(measured, chosen.count, markdown=chosen.markdown))
    for each in measured.values():
        if isinstance(each, Skipped):
            console.print(f"{each.name}: left out: {each.why}", style="yellow", markup=False)
        elif each.note:
            console.print(f"{each.name}: {each.note}", style="dim", markup=False)
    return 0 if _aims(measured, console) else 1


def _measured(
    asked: dict[str, Callable[[Classroom], Round | Skipped]],
    count: int,
    rounds: int,
    console: Console,
) -> dict[str, Measured | Skipped]:
    """Measure contenders by turns."""
    took: dict[str, list[Round]] = {name: [] for name in asked}
    skipped: dict[str, Skipped] = {}
    with open_classroom(count) as classroom:
        for number in range(1, rounds + 1):
            for name in [each for each in asked if each not in skipped]:
                console.print(f"measuring {name}, round {number} of {rounds} …", style="dim")
                try:
                    made = asked[name](classroom)
                except BenchmarkError as error:
                    made = Skipped(name, str(error))
                if isinstance(made, Skipped):
                    skipped[name] = made
                else:
                    took[name].append(made)
    return {name: skipped.get(name) or pooled(took[name]) for name in asked}


def _load_of_others() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def _table(measured: dict[str, Measured | Skipped], count: int, *, markdown: bool = False) -> Table:
    ours = measured.get("gradeflow")
    box = MARKDOWN if markdown else None
    table = Table(box=box, pad_edge=markdown, header_style="bold")
    table.add_column("seconds", no_wrap=True)
    for column in (f"class of {count}", "start-up", "each", "ratio"):
        table.add_column(column, justify="right", no_wrap=True)
    for each in measured.values():
        if isinstance(each, Measured):
            whole, start = each.of_class(count), each.start
            own = ours.each if isinstance(ours, Measured) else None
            figures = ("-" if value is None else f"{value:.1f}" for value in (whole, start))
            table.add_row(each.name, *figures, each.slope, times(each.each, own))
    return table


def _aims(measured: dict[str, Measured | Skipped], console: Console) -> bool:
    """Say whether the aims hold, as far as they were measured."""
    ours, theirs, warm = (measured.get(name) for name in ("gradeflow", "nbgrader", "warm"))
    script = measured.get("gradeflow-py")
    good = True
    if isinstance(ours, Measured) and isinstance(theirs, Measured):
        if ours.each is None or theirs.each is None:
            good &= _unknown("times nbgrader's throughput", console)
        else:
            more = theirs.each / ours.each
            said = f"{more:.0f} times nbgrader's throughput per core; the aim is {TIMES_NBGRADER}"
            good &= _aim(more >= TIMES_NBGRADER, said, console)
    for each in (ours, script):
        if isinstance(each, Measured) and isinstance(warm, Measured):
            good &= _overhead(each, warm, console)
    return good


def _overhead(ours: Measured, warm: Measured, console: Console) -> bool:
    """Say what a submission costs over the warm limit, if that is more than chance."""
    named = f"over the warm limit ({ours.name})"
    if ours.each is None or warm.each is None:
        return _unknown(f"ms a submission {named}", console)
    over, unsure = ours.each - warm.each, ours.spread + warm.spread
    if over <= unsure:
        return _unknown(f"ms a submission {named}", console)
    said = f"{over * 1000:.1f} ± {unsure * 1000:.1f} ms a submission {named}; the aim is"
    return _aim(over <= MOST_OVERHEAD, f"{said} {MOST_OVERHEAD * 1000:.0f} ms or less", console)


def _unknown(what: str, console: Console) -> bool:
    said = "not above its own spread: measure on a quiet machine, or a larger class"
    return _aim(False, f"{what}: {said}", console)


def _aim(holds: bool, text: str, console: Console) -> bool:
    mark, style = ("✔", "green") if holds else ("✘", "red")
    console.print(f"{mark} {text}", style=style)
    return holds


if __name__ == "__main__":
    sys.exit(main())
