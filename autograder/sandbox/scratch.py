"""Folders for what programs write, each of which goes with the process that made it.

One that is killed can remove nothing any more. So a folder is locked for as long as its maker
lives, and the next one to make one removes those whose lock is free.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from autograder.errors import EngineFault, refusal

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["Scratch"]

PREFIX = "gradeflow-held-"
GRACE = 60.0  # seconds in which a folder that is not locked may be one that is just being made


class Scratch:
    """A folder of its own for temporary files.

    passable: processes of other users may pass through it, to what is theirs, but not list it.

    Raises EngineFault where none can be made.
    """

    def __init__(self, *, passable: bool = False) -> None:
        try:
            _sweep()
            self.path = tempfile.mkdtemp(prefix=PREFIX)
            self._lock = _lock(self.path)
            if passable:
                Path(self.path).chmod(0o711)
        except OSError as error:
            told = f"No folder for temporary files can be made: {refusal(error)}."
            raise EngineFault(told) from error

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make a program put its temporary files here."""
        return dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self.path)

    def remove(self) -> None:
        """Remove it with all that it holds; may be called again."""
        _remove(self.path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lock(folder: str) -> int | None:
    """Hold a folder until this process ends; None where others hold it, or it cannot be held."""
    if fcntl is None:
        return None
    descriptor = None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if descriptor is not None:
            os.close(descriptor)
        return None
    return descriptor


@functools.cache
def _sweep() -> None:
    """Remove what processes have left that were killed; once is enough."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.lstat().st_mtime < GRACE:
                continue
            lock = _lock(str(folder))
            if lock is not None:
                _remove(str(folder))
                os.close(lock)


def _remove(folder: str) -> None:
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # folders nested deeper than Python recurses
        subprocess.run(["rm", "-rf", "--", folder], check=False)
