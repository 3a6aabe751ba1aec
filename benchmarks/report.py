"""The report on a large class: how long it takes, what it weighs, and how soon a browser shows it.

``python -m benchmarks.report --count 2000``. A real class of sixty is graded in the cage; each
of its results is then stored again and again under other names, with its program written otherwise,
until there are so many. Measured are `gradeflow report` from outside, its memory, the page,
and Chromium from the address to the first picture of it.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
from playwright.sync_api import sync_playwright

from autograder.export.tables import stored_results
from autograder.grading.journal import Graded, graded
from autograder.grading.store import ResultStore
from autograder.model import to_json
from benchmarks.material import Classroom, open_classroom
from benchmarks.measuring import BenchmarkError

REAL = 60
SHOWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
  done(performance.now()))))"""


@dataclass(frozen=True)
class Reported:
    """What was measured of so many results.

    seconds, cpu, memory: of the command, in seconds of the clock and of the processor, and MiB.
    size: of the page, in MiB; shown: the seconds until a browser shows it.
    """

    count: int
    seconds: float
    cpu: float
    memory: float
    size: float
    shown: float


def main() -> None:
    """Make the class, report on it, open the page, and print a row for docs/performance.md."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000)
    given = options.parse_args()
    try:
        with open_classroom(REAL) as classroom:
            found = measured(classroom, given.count)
    except BenchmarkError as error:
        sys.exit(f"report: {error}")
    print(
        f"| {found.count} | {found.seconds:.1f} | {found.cpu:.1f} | {found.memory:.0f} "
        f"| {found.size:.1f} "
        f"| {found.shown:.2f} |"
    )


def measured(classroom: Classroom, count: int) -> Reported:
    """Return what the report on so many takes.

    Raises BenchmarkError when a command fails.
    """
    name, room = classroom.exercise.name, classroom.room
    real, many = room / "real", room / "many"
    _command("grade", name, classroom.write(REAL, "py"), "--out", real, root=classroom.course.root)
    multiply(real, many, name, count)
    page = room / "report.html"
    start, before = time.perf_counter(), _cpu()
    _command("report", name, "--results", many, "--out", page, root=classroom.course.root)
    seconds, cpu = time.perf_counter() - start, _cpu() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Reported(count, seconds, cpu, memory, page.stat().st_size / 2**20, shown_after(page))


def multiply(real: Path, many: Path, exercise: str, count: int) -> None:
    """Store real results under so many names, each with a program that is written otherwise."""
    results = itertools.cycle(stored_results(real, exercise))
    before = ResultStore(real)
    lines: list[Graded] = []
    with ResultStore(many) as store:
        for number, result in zip(range(count), results, strict=False):
            program = before.programs.of(result)
            own = f"{result.sha256[:48]}{number:016x}"
            made = msgspec.structs.replace(result, learner=f"learner-{number:05}", sha256=own)
            store.write(made.learner, to_json(made))
            lines.append(graded(made, "2026-01-01T00:00:00+00:00"))
            if program is not None:
                parts = tuple(
                    dataclasses.replace(part, source=f"own_{number} = {number}\n{part.source}")
                    for part in program.parts
                )
                store.programs.keep(own, dataclasses.replace(program, parts=parts))
        store.journal.add(lines)


def shown_after(page: Path) -> float:
    """Return the seconds from the address to the page's first picture in Chromium, of three."""
    taken = []
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        # Root may not cage a browser; the page is our own.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(3):
            tab = browser.new_page()
            tab.goto(page.as_uri())
            taken.append(tab.evaluate(SHOWN) / 1000)
            tab.close()
        browser.close()
    return sorted(taken)[1]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _command(*arguments: object, root: Path) -> None:
    command = [sys.executable, "-m", "autograder.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise BenchmarkError(done.stderr.strip() or f"exit code {done.returncode}")


if __name__ == "__main__":
    main()
