"""How long a learner waits: ``gradeflow check`` from command to verdict.

Run with ``python -m benchmarks.check_latency``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from autograder.catalogue import find_course
from benchmarks.material import EXERCISE
from benchmarks.measuring import BenchmarkError, timed, tool
from tools.classroom.material import MARKER

AIM = 0.7


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_latency", description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = max(1, parser.parse_args(arguments).runs)
    console = Console(highlight=False)
    course, command = find_course(Path(__file__).parent), tool("gradeflow")
    assert course is not None
    folder = course.assignments / EXERCISE
    if command is None or not folder.is_dir():
        console.print("First: make setup, and gradeflow build.", style="red")
        return 2
    room = course.root / "build" / "check-latency"
    shutil.rmtree(room, ignore_errors=True)
    worst = 0.0
    try:
        for name, code in (("stub", 1), ("solution", 0)):
            work = room / name / EXERCISE
            shutil.copytree(folder, work)
            if name == "solution":
                source = course.authored(EXERCISE).source
                (work / source.name).write_text(MARKER.sub("", source.read_text("utf-8")), "utf-8")
            script = work / course.authored(EXERCISE).source.name
            line: list[str | Path] = [command, "check", script]
            # The first run compiles bytecode and fills the disk's cache.
            times = [timed(line, work, pinned=False, codes=(code,)) for _ in range(runs + 1)][1:]
            median = statistics.median(times)
            worst = max(worst, median)
            console.print(
                f"gradeflow check, {name:<9} median {median:.3f} s of {runs} runs "
                f"({min(times):.3f} to {max(times):.3f})"
            )
    except BenchmarkError as error:
        console.print(str(error), style="red", markup=False)
        return 2
    finally:
        shutil.rmtree(room, ignore_errors=True)
    mark, style = ("✔", "green") if worst < AIM else ("✘", "red")
    console.print(f"{mark} {worst:.3f} s at the median; the aim is under {AIM} s", style=style)
    return 0 if worst < AIM else 1


if __name__ == "__main__":
    sys.exit(main())
