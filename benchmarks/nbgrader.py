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
from benchmarks.measuring import BenchmarkError, Measured, fitted, pooled, timed, times, tool
from benchmarks.our_course import make_our_course
from benchmarks.ours import warm_limit
from benchmarks.peers import make_course, quiet

TRAINERS = Path(__file__).with_name("trainers")
EXERCISES = {"numpy": "01_numpy", "torch": "02_torch", "tensorflow": "03_tensorflow"}
# How many times nbgrader's throughput: inside its own command, and in parallel on two cores.
AIMS = {"numpy": (3.5, 15.0), "torch": (10.0, 20.0), "tensorflow": (3.5, 7.0)}
CLASS, LARGE = 30, 300
AIMS_OF_CLASS = {"torch": 15.0}  # how many times as quick a class of 30 is done, in parallel
ALONE, INSIDE, PARALLEL = "nbgrader alone", "nbgrader, our engine", "gradeflow nbgrader"
LIMIT = "checks alone"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nbgrader", description=__doc__)
    parser.add_argument("--class", type=int, default=CLASS, dest="count", help="notebooks (30)")
    parser.add_argument("--repeats", type=int, default=2, help="runs of each size (2)")
    parser.add_argument(
        "--large", action="store_true", help=f"grade a class of {LARGE} by our two ways, too"
    )
    parser.add_argument("--framework", nargs="+", choices=EXERCISES, default=list(EXERCISES))
    parser.add_argument("--markdown", action="store_true", help="the table for docs/performance.md")
    chosen = parser.parse_args(arguments)
    if chosen.count < 6 or chosen.repeats < 2:
        parser.error("--class must be 6 or more, --repeats 2: a slope needs both")
    # In a file, or a build's log, a table needs its width all the same.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(
        f"classes of {chosen.count} notebooks, half right, half with a misconception; "
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    good = True
    table = _new_table(chosen.count, markdown=chosen.markdown)
    for framework in chosen.framework:
        large = (LARGE,) if chosen.large else ()
        measured = measure(framework, chosen.count, chosen.repeats, large, console)
        _add_rows(table, framework, measured, chosen.count)
        good &= _aims(framework, measured, chosen.count, console)
    console.print(table)
    return 0 if good else 1


def measure(
    framework: str, count: int, repeats: int, large: tuple[int, ...], console: Console
) -> dict[str, Measured]:
    """Measure the three ways on the same programs; every score of the three must be equal.

    large: sizes of which our two ways are measured once, too.

    The last row is what nobody can go below: the programs and their checks, in one warm process.
    """
    measured = {}
    with classroom_of(framework, max(count, *large, 0)) as classroom:
        scores = {}
        for name, way in WAYS.items():
            few = max(2, count // 3)
            runs: dict[int, list[float]] = {few: [], count: []}
            once = {}
            for size in (*(large if name != ALONE else ()), *[few, count] * repeats):
                console.print(f"measuring {framework}: {name}, {size} notebooks …", style="dim")
                root = classroom.room / "course"
                seconds = way(classroom, root, size)
                scores[name] = _scores(root, classroom, size)
                shutil.rmtree(root)
                if size in runs:
                    runs[size].append(seconds)
                else:
                    once[size] = seconds
            made = fitted(name, runs)
            measured[name] = replace(made, classes={**made.classes, **once})
        if scores[INSIDE] != scores[PARALLEL] or _right(scores[ALONE]) != _right(scores[INSIDE]):
            raise BenchmarkError(f"the scores differ: {scores}")
        if max(scores[INSIDE].values()) != classroom.exercise.points:
            raise BenchmarkError(f"right programs lose points: {scores[INSIDE]}")
        console.print(f"measuring {framework}: the warm limit …", style="dim")
        limits = [warm_limit(classroom) for _ in range(repeats)]
        measured[LIMIT] = replace(pooled(limits), name=LIMIT)
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
    compared = "times nbgrader"
    columns = (f"class of {count}", compared, f"class of {LARGE}", compared, "each", compared)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _add_rows(table: Table, framework: str, measured: dict[str, Measured], count: int) -> None:
    alone = measured[ALONE]
    for each in measured.values():
        cells = []
        for size in (count, LARGE):
            whole = each.of_class(size)
            # What was not measured but follows from start and slope is marked as that.
            sign = "" if size in each.classes else "≈ "
            cells += ["-" if whole is None else f"{sign}{whole:.1f}"]
            cells += [times(alone.of_class(size), whole)]
        cells += [each.slope, times(alone.each, each.each)]
        table.add_row(f"{framework}: {each.name}", *cells)


def _aims(framework: str, measured: dict[str, Measured], count: int, console: Console) -> bool:
    alone, parallel = measured[ALONE], measured[PARALLEL]
    good = True
    if count == CLASS and framework in AIMS_OF_CLASS:
        wholes = (alone.of_class(count), parallel.of_class(count))
        said = f"{framework}, {PARALLEL}: a class of {count}"
        good &= _aim(said, times(*wholes), AIMS_OF_CLASS[framework], console)
    for name, aim in zip((INSIDE, PARALLEL), AIMS[framework], strict=True):
        more = times(alone.each, measured[name].each)
        good &= _aim(f"{framework}, {name}: throughput", more, aim, console)
    return good


def _aim(what: str, more: str, aim: float, console: Console) -> bool:
    holds = more != "-" and float(more) >= aim
    mark, style = ("✔", "green") if holds else ("✘", "red")
    known = f"{more} times nbgrader" if more != "-" else "not above its own spread, so unknown"
    console.print(f"{mark} {what}: {known}; the aim is {aim:g} times", style=style)
    return holds


if __name__ == "__main__":
    sys.exit(main())
