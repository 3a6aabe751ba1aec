"""What of a course other people on this machine can read, as the rights of its files are."""

from __future__ import annotations

import stat
from pathlib import Path

__all__ = ["exposed", "how_to_close"]

KEPT = ("solutions", "course.toml", "submitted", "autograded", "gradebook.db", "build")
"""What is not for learners: solutions and hidden checks, the salt, others' work and points."""


def exposed(root: Path) -> tuple[str, ...]:
    """Name what others than the owner and the group can open; a usual umask lets them.

    root: the course's folder. A folder that nobody else may enter hides what is in it.
    """
    root = root.resolve()
    try:
        if not all(_may(folder, stat.S_IXOTH) for folder in (root, *root.parents)):
            return ()
        return tuple(name for name in KEPT if _is_open(root / name))
    except OSError:  # what we cannot look at ourselves is no finding
        return ()


def how_to_close(root: Path) -> str:
    """Say what to do about it."""
    return f"chmod 700 {root.resolve()}"


def _is_open(path: Path) -> bool:
    wanted = stat.S_IXOTH if path.is_dir() else stat.S_IROTH
    return path.exists() and _may(path, wanted)


def _may(path: Path, right: int) -> bool:
    return bool(path.stat().st_mode & right)
