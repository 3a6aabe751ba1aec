"""What a measurement is, and running a command on one core."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BenchmarkError", "Measured", "Skipped", "fitted", "one_core", "timed", "tool"]

SEARCHED = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


class BenchmarkError(Exception):
    """A contender did not do its work, so its time says nothing."""


@dataclass(frozen=True)
class Measured:
    """How long a contender takes.

    start: seconds before the first submission; each: seconds for every further one.
    note: on what it was measured, where that is not the whole class.
    """

    name: str
    start: float
    each: float
    note: str = ""

    def of_class(self, count: int) -> float:
        """Return the seconds for a class of that size."""
        return self.start + count * self.each


@dataclass(frozen=True)
class Skipped:
    """A contender that cannot be measured here, and what to do about it."""

    name: str
    why: str


def fitted(name: str, seconds: dict[int, float], note: str = "") -> Measured:
    """Work out start and slope from the seconds for two sizes of class."""
    few, many = sorted(seconds.items())
    each = (many[1] - few[1]) / (many[0] - few[0])
    return Measured(name, max(0.0, few[1] - few[0] * each), each, note)


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
