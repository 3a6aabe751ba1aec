"""What a measurement is, and running a command on one core."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "MOST_OVERHEAD",
    "BenchmarkError",
    "Measured",
    "Round",
    "Skipped",
    "fitted",
    "one_core",
    "pooled",
    "timed",
    "times",
    "tool",
]

MOST_OVERHEAD = 0.020  # seconds a submission over the warm limit: an aim of docs/performance.md
SEARCHED = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


class BenchmarkError(Exception):
    """A contender did not do its work, so its time says nothing."""


@dataclass(frozen=True)
class Measured:
    """How long a contender takes.

    each: seconds for every further submission; None where that is not above its spread, which is
    what the two quickest of runs that should be alike differ by. start: seconds before the first
    one, likewise.
    classes: seconds of whole classes, by size, as they were measured.
    note: on what it was measured, where that is not the whole class.
    """

    name: str
    start: float | None
    each: float | None
    spread: float = 0.0
    classes: Mapping[int, float] = field(default_factory=dict)
    note: str = ""

    def of_class(self, count: int) -> float | None:
        """Return the seconds for a class of that size: measured, or by start and slope."""
        if count in self.classes:
            return self.classes[count]
        if self.each is None or self.start is None:
            return None
        return self.start + count * self.each

    @property
    def slope(self) -> str:
        """Say what every further submission takes, and by how much that is unsure."""
        return "-" if self.each is None else f"{self.each:.4f} ± {self.spread:.4f}"


@dataclass(frozen=True)
class Round:
    """What a contender took this time: seconds by the size of the class, a small and a large one.

    Contenders take turns, so that a machine whose speed drifts slows all of them alike.
    """

    name: str
    seconds: Mapping[int, float]
    note: str = ""


@dataclass(frozen=True)
class Skipped:
    """A contender that cannot be measured here, and what to do about it."""

    name: str
    why: str


def fitted(name: str, runs: Mapping[int, Sequence[float]], note: str = "") -> Measured:
    """Work out start and slope from several runs of a small and of a large class.

    Of each size the quickest run counts: other work on the machine only ever adds.
    """
    few, many = min(runs), max(runs)
    best = {size: min(seconds) for size, seconds in runs.items()}
    each = (best[many] - best[few]) / (many - few)
    apart = [
        sorted(seconds)[min(1, len(seconds) - 1)] - best[size] for size, seconds in runs.items()
    ]
    spread = sum(apart) / (many - few)
    sure = each > spread and min(len(runs[few]), len(runs[many])) > 1
    start = max(0.0, best[few] - few * each)
    return Measured(name, start if sure else None, each if sure else None, spread, best, note)


def pooled(rounds: Sequence[Round]) -> Measured:
    """Work out start and slope from rounds of one contender, likewise."""
    first = rounds[0]
    return fitted(
        first.name,
        {size: [each.seconds[size] for each in rounds] for size in first.seconds},
        first.note,
    )


def times(slow: float | None, quick: float | None) -> str:
    """Say how many times as long one thing takes as another; a dash where nobody knows."""
    return "-" if slow is None or quick is None else f"{slow / quick:.1f}"


def one_core() -> Callable[[], None] | None:
    """Return what pins a child process to the first core that we may use; None where none can."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = min(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {core})


def timed(
    command: Sequence[str | Path],
    folder: Path,
    *,
    pinned: bool = True,
    codes: tuple[int, ...] = (0,),
    environment: dict[str, str] | None = None,
) -> float:
    """Run a command and return its seconds.

    Raises BenchmarkError when it ends with an exit code that is not among ``codes``.
    """
    start = time.perf_counter()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        preexec_fn=one_core() if pinned else None,
        # nbgrader starts alembic by name: its own environment's folder comes first.
        env=os.environ | {"PATH": SEARCHED} | (environment or {}),
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode not in codes:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise BenchmarkError(f"{command[0]} ended with exit code {done.returncode}:\n{tail}")
    return seconds


def tool(name: str) -> Path | None:
    """Find a command that is installed with this Python, else on the path."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    return Path(found) if found else None
