"""A class of notebooks: nbgrader alone, with our engine in its command, and in parallel by ours.

Run with ``python -m benchmarks.nbgrader``; docs/performance.md says how to read it.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.api import Gradebook
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from autograder.catalogue import find_course
from benchmarks.material import Classroom, programs_of
from benchmarks.measuring import BenchmarkError, Measured, fitted, timed, tool
from benchmarks.our_course import make_our_course
from benchmarks.ours import warm_limit
from benchmarks.peers import make_course, quiet

TRAINERS = Path(__file__).with_name("trainers")
EXERCISES = {"numpy": "01_numpy", "torch": "02_torch", "tensorflow": "03_tensorflow"}
# How many times nbgrader's throughput: inside its own command, and in parallel on two cores.
AIMS = {"numpy": (3.5, 15.0), "torch": (10.0, 20.0), "tensorflow": (3.5, 7.0)}
ALONE, INSIDE, PARALLEL = "nbgrader alone", "nbgrader, our engine", "gradeflow nbgrader"
LIMIT = "checks alone"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nbgrader", description=__doc__)
    parser.add_argument("--class", type=int, default=30, dest="count", help="notebooks (30)")
    parser.add_argument("--framework", nargs="+", choices=EXERCISES, default=list(EXERCISES))
    parser.add_argument("--markdown", action="store_true", help="the table for docs/performance.md")
    chosen = parser.parse_args(arguments)
    if chosen.count < 6:
        parser.error("--class must be 6 or more: the slope is measured from a third of it")
    # In a file, or a build's log, a table needs its width all the same.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(
        f"classes of {chosen.count} notebooks, half right, half with a misconception; "
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    good = True
    table = _new_table(chosen.count, markdown=chosen.markdown)
    for framework in chosen.framework:
        measured = measure(framework, chosen.count, console)
        _add_rows(table, framework, measured, chosen.count)
        good &= _aims(framework, measured, console)
    console.print(table)
    return 0 if good else 1


def measure(framework: str, count: int, console: Console) -> dict[str, Measured]:
    """Measure the three ways on the same programs; every score of the three must be equal.

    The last row is what nobody can go below: the programs and their checks, in one warm process.
    """
    measured = {}
    with classroom_of(framework, count) as classroom:
        scores = {}
        for name, way in WAYS.items():
            seconds = {}
            for size in (max(2, count // 3), count):
                console.print(f"measuring {framework}: {name}, {size} notebooks …", style="dim")
                root = classroom.room / f"course-{len(seconds)}-{name.replace(' ', '-')}"
                seconds[size] = way(classroom, root, size)
                scores[name] = _scores(root, classroom, size)
                shutil.rmtree(root)
            measured[name] = fitted(name, seconds)
        if scores[INSIDE] != scores[PARALLEL] or _right(scores[ALONE]) != _right(scores[INSIDE]):
            raise BenchmarkError(f"the scores differ: {scores}")
        if max(scores[INSIDE].values()) != classroom.exercise.points:
            raise BenchmarkError(f"right programs lose points: {scores[INSIDE]}")
        console.print(f"measuring {framework}: the warm limit …", style="dim")
        measured[LIMIT] = replace(warm_limit(classroom), name=LIMIT)
    return measured


@contextmanager
def classroom_of(framework: str, count: int) -> Iterator[Classroom]:
    """Copy the course of trainers, and write programs for the exercise of a framework."""
    with TemporaryDirectory(prefix="gradeflow-benchmark-") as room:
        root = Path(room) / "trainers"
        shutil.copytree(TRAINERS, root)
        course = find_course(root)
        assert course is not None
        exercise = course.authored(EXERCISES[framework])
        yield Classroom(course, exercise, programs_of(exercise, count), Path(room))


# ---- the three ways ----


def _alone(classroom: Classroom, root: Path, count: int) -> float:
    make_course(classroom, root, _nbgrader(), count)
    return _run([_nbgrader(), "autograde", classroom.exercise.name], root)


def _inside(classroom: Classroom, root: Path, count: int) -> float:
    make_our_course(classroom, root, _nbgrader(), count)
    return _run([_nbgrader(), "autograde", classroom.exercise.name], root)


def _parallel(classroom: Classroom, root: Path, count: int) -> float:
    make_our_course(classroom, root, _nbgrader(), count)
    ours = [sys.executable, "-m", "autograder.cli", "nbgrader", "autograde"]
    return _run([*ours, classroom.exercise.name], root)


WAYS: dict[str, Callable[[Classroom, Path, int], float]] = {
    ALONE: _alone,
    INSIDE: _inside,
    PARALLEL: _parallel,
}


def _run(command: Sequence[str | Path], root: Path) -> float:
    # Not pinned: each way may use what cores there are, as when a person runs it.
    return timed(command, root, pinned=False, environment=quiet(root))


def _nbgrader() -> Path:
    command = tool("nbgrader")
    if command is None:
        raise BenchmarkError('nbgrader is not installed: pip install "gradeflow[nbgrader]"')
    return command


# ---- what came out ----


def _scores(root: Path, classroom: Classroom, count: int) -> dict[str, float]:
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        found = book.assignment_submissions(classroom.exercise.name)
        scores = {each.student.id: float(each.score) for each in found}
    if len(scores) != count:
        raise BenchmarkError(f"{len(scores)} of {count} notebooks were graded in {root.name}")
    return scores


def _right(scores: dict[str, float]) -> set[str]:
    """Return who has full marks; between the cells of nbgrader points are shared otherwise."""
    return {learner for learner, points in scores.items() if points == max(scores.values())}


def _new_table(count: int, *, markdown: bool) -> Table:
    table = Table(box=MARKDOWN if markdown else None, pad_edge=markdown, header_style="bold")
    table.add_column("seconds", no_wrap=True)
    columns = ("start-up", "each", "times nbgrader", f"class of {count}", "times nbgrader")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _add_rows(table: Table, framework: str, measured: dict[str, Measured], count: int) -> None:
    alone = measured[ALONE]
    for each in measured.values():
        whole = each.of_class(count)
        table.add_row(
            f"{framework}: {each.name}",
            f"{each.start:.1f}",
            f"{each.each:.3f}",
            f"{alone.each / each.each:.1f}",
            f"{whole:.1f}",
            f"{alone.of_class(count) / whole:.1f}",
        )


def _aims(framework: str, measured: dict[str, Measured], console: Console) -> bool:
    good = True
    for name, aim in zip((INSIDE, PARALLEL), AIMS[framework], strict=True):
        times = measured[ALONE].each / measured[name].each
        mark, style = ("✔", "green") if times >= aim else ("✘", "red")
        said = f"{mark} {framework}, {name}: {times:.1f} times nbgrader's throughput; the aim is"
        console.print(f"{said} {aim:g}", style=style)
        good &= times >= aim
    return good


if __name__ == "__main__":
    sys.exit(main())
