"""A very large class in one run, killed in the middle and finished: what it takes of memory.

``python -m benchmarks.scale --count 10000 --markdown``. One class of so many scripts of 01_neuron,
all different, is graded by the real command in the cage. When half of the results are there, the
command is killed with SIGKILL; all that it had started must end within a second. The same command
is then run again. Measured is the memory of the command itself and of everything it has started.

With ``--tiny`` it is an exercise of three checks, for machines that have little time. How far it is
stands on standard error, a line each half minute.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.catalogue import find_course
from benchmarks.material import Classroom, open_classroom, programs_of
from benchmarks.measuring import BenchmarkError

EVERY = 0.5  # seconds between two looks
TOLD_EVERY = 30.0
TINY = Path(__file__).resolve().parents[1] / "tests" / "redteam" / "01_tiny"
COURSE = 'exercises = ["01_tiny"]\nsalt = "pepper"\n[title]\nen = "A course"\nzh = "课程"\n'
MIB = 1024  # KiB
SECONDS_TO_END = 1.0


@dataclass(frozen=True)
class Look:
    """The command at one moment: results on the disk, its own memory and everybody's, in MiB."""

    seconds: float
    done: int
    own: float
    all: float


@dataclass(frozen=True)
class Run:
    """One run of the command, from its start to its end."""

    name: str
    seconds: float
    graded: int
    looks: tuple[Look, ...]

    def at(self, share: float) -> Look:
        """Return the look at which so much of the run was done."""
        first, last = self.looks[0].done, self.looks[-1].done
        wanted = first + share * (last - first)
        return next(look for look in self.looks if look.done >= wanted)


def main() -> None:
    """Grade a class twice, the first time to its middle, and print what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--tiny", action="store_true", help="an exercise of three checks")
    options.add_argument("--markdown", action="store_true")
    given = options.parse_args()
    opened = tiny_classroom if given.tiny else open_classroom
    try:
        with opened(given.count) as classroom:
            first, second, lingered = measured(classroom, given.count, given.jobs)
    except BenchmarkError as error:
        sys.exit(f"scale: {error}")
    for line in report(first, second, lingered, markdown=given.markdown):
        print(line)


@contextmanager
def tiny_classroom(count: int) -> Iterator[Classroom]:
    """Make a class of so many in a course of one small exercise."""
    with TemporaryDirectory(prefix="gradeflow-benchmark-") as folder:
        root = Path(folder) / "course"
        shutil.copytree(TINY, root / "solutions" / TINY.name)
        (root / "course.toml").write_text(COURSE, encoding="utf-8")
        course = find_course(root)
        assert course is not None
        exercise = course.authored(TINY.name)
        yield Classroom(course, exercise, programs_of(exercise, count), Path(folder) / "room")


def measured(classroom: Classroom, count: int, jobs: int) -> tuple[Run, Run, float]:
    """Return the run that was killed, the one that finished, and how long workers lingered.

    Raises BenchmarkError when a result is lost, or a process outlives the grader by a second.
    """
    submitted, out = classroom.write(count, "py"), classroom.room / "out"
    command = [sys.executable, "-m", "autograder.cli", "grade", classroom.exercise.name]
    command += [str(submitted), "--out", str(out), "--jobs", str(jobs)]

    def begin() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=classroom.course.root, stdout=subprocess.DEVNULL)

    grader = begin()
    try:
        looks, family = _watched(grader, out, lambda done: done >= count // 2)
    except BaseException:
        grader.kill()
        raise
    if grader.poll() is not None:
        raise BenchmarkError("the class was graded before it could be killed: take a larger one")
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    lingered = _ended(family)
    first = Run("killed", looks[-1].seconds, looks[-1].done - looks[0].done, looks)
    before = _results(out)
    grader = begin()
    looks, _ = _watched(grader, out, lambda _: False)
    if grader.returncode != 0 or _results(out) != count:
        raise BenchmarkError(f"{_results(out)} of {count} results; exit code {grader.returncode}")
    return first, Run("finished", looks[-1].seconds, count - before, looks), lingered


def report(first: Run, second: Run, lingered: float, *, markdown: bool) -> Iterator[str]:
    """Write a table: how much memory there was in use when how much was done."""
    head = ("run", "results", "seconds", "each", "command", "all of it")
    rows = [head]
    for run in (first, second):
        for share in (0.05, 0.5, 1.0):
            look = run.at(share)
            each = f"{1000 * run.seconds / max(1, run.graded):.1f} ms" if share == 1 else ""
            memory = (f"{look.own:.0f} MiB", f"{look.all:.0f} MiB")
            rows.append((run.name, str(look.done), f"{look.seconds:.0f}", each, *memory))
    for place, row in enumerate(rows):
        yield "| " + " | ".join(row) + " |" if markdown else "  ".join(f"{c:>9}" for c in row)
        if markdown and place == 0:
            yield "|" + "---|" * len(head)
    yield ""
    yield f"All processes were gone {lingered:.2f} s after the command was killed."


def _watched(
    grader: subprocess.Popen[bytes], out: Path, enough: Callable[[int], bool]
) -> tuple[tuple[Look, ...], list[int]]:
    """Look at a grader until it ends or enough is done; return also who was there at the end."""
    start, looks, told = time.monotonic(), [], 0.0
    family: list[int] = []
    while grader.poll() is None:
        family = _family(grader.pid)
        own, *others = [_memory(pid) / MIB for pid in family]
        done = _results(out)
        looks.append(Look(time.monotonic() - start, done, own, own + sum(others)))
        if looks[-1].seconds >= told:
            told += TOLD_EVERY
            print(looks[-1], file=sys.stderr, flush=True)
        if done and enough(done):
            break
        time.sleep(EVERY)
    # The last look may have met a command that was ending already.
    return tuple(look for look in looks if look.own), family


def _results(out: Path) -> int:
    if not out.is_dir():
        return 0
    with os.scandir(out) as entries:
        return sum(entry.name.endswith(".json") for entry in entries)


def _family(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop(0))
        with suppress(OSError):  # it has just ended
            for task in Path(f"/proc/{found[-1]}/task").glob("*/children"):
                waiting += map(int, task.read_text().split())
    return found


def _memory(pid: int) -> int:
    """Return the KiB of a process, each shared page by its share; 0 for one that is ending."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _ended(family: list[int]) -> float:
    """Wait until all have ended; BenchmarkError when somebody stays for longer than a second."""
    start = time.monotonic()
    for _ in itertools.count():
        left = [pid for pid in family if _runs(pid)]
        waited = time.monotonic() - start
        if not left:
            return waited
        if waited > SECONDS_TO_END:
            raise BenchmarkError(f"{len(left)} processes outlive a killed grader")
        time.sleep(0.01)
    raise AssertionError


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    main()
