"""How many jobs the memory of this machine, or of the container around us, is enough for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

__all__ = ["available", "jobs_that_fit"]

MIB = 2**20
# What a worker, its server and a submission take together, measured: the worker runs the reference.
NEEDED = {"numpy": 120, "matplotlib": 200, "torch": 700, "tensorflow": 900}  # MiB
NEEDED["webassembly"] = 500  # four guests at once, with their keepers
UNLIMITED = 2**60  # version 1 of control groups writes a number instead of "max"


def jobs_that_fit(asked: int, framework: str, room: int | None) -> tuple[int, str]:
    """Return how many jobs to run of those asked for, and a sentence where that is fewer.

    room: bytes that there are, as ``available`` says; None where nobody knows.
    """
    needed = NEEDED[framework] * MIB
    if room is None or room >= asked * needed:
        return asked, ""
    fit = max(1, room // needed)
    have = f"about {room / MIB:.0f} MiB of memory are left here"
    if room < needed:
        return 1, (
            f"One job takes about {NEEDED[framework]} MiB, and {have}: the system may kill it. "
            "Submissions that this hits are withheld, never lowered."
        )
    plural = "s" if fit > 1 else ""
    return fit, (
        f"{asked} jobs take about {asked * NEEDED[framework]} MiB, and {have}: "
        f"{fit} job{plural} will run."
    )


def available(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Return the bytes that may still be used here; None where the system does not say.

    proc, groups: where the kernel tells of memory and of control groups (versions 1 and 2).
    """
    rooms = [_of_machine(proc), *_of_groups(proc, groups)]
    known = [room for room in rooms if room is not None]
    return max(0, min(known)) if known else None


def _of_machine(proc: Path) -> int | None:
    for line in _lines(proc / "meminfo"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _of_groups(proc: Path, groups: Path) -> Iterator[int | None]:
    """Yield what each control group around this process leaves, from the inside out."""
    for line in _lines(proc / "self" / "cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            for folder in _up(groups, path):
                yield _left(folder, "memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            for folder in _up(groups / "memory", path):
                yield _left(folder, *names)


def _up(root: Path, path: str) -> Iterator[Path]:
    """Yield a group's folder and those around it; in a container its own may be the root."""
    here = root / path.lstrip("/")
    while here != root and root in here.parents:
        yield here
        here = here.parent
    yield root


def _left(folder: Path, limit: str, usage: str, cache: str) -> int | None:
    most, used = _lines(folder / limit), _lines(folder / usage)
    if not most or not used or not most[0].isdigit() or int(most[0]) >= UNLIMITED:
        return None
    # The kernel gives back what it has only read from files before it kills anybody.
    stat = (line.split() for line in _lines(folder / "memory.stat"))
    idle = next((int(pair[1]) for pair in stat if pair[:1] == [cache]), 0)
    return int(most[0]) - int(used[0]) + idle


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
