"""One run at a time in a folder of results."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import IO

from autograder.errors import GradeFlowError

__all__ = ["FolderLock"]

NAME = ".gradeflow.lock"
HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)

# The system drops these locks with the process that holds them, however it ends: nothing is stale.
if sys.platform == "win32":
    import msvcrt

    FAR = 2**20  # what is locked cannot be read, and the holder's number stands at the beginning

    def _lock(stream: IO[str]) -> None:
        os.lseek(stream.fileno(), FAR, os.SEEK_SET)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        os.lseek(stream.fileno(), 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(stream: IO[str]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """An exclusive lock on a folder, held until it is released or the process ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stream: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether it is ours now."""
        return self._stream is not None

    def acquire(self) -> None:
        """Take the lock.

        Raises GradeFlowError when another run holds it, or the folder cannot be locked.
        """
        path = self._folder / NAME
        try:
            stream = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise GradeFlowError(
                f"{self._folder} cannot be written to ({error.strerror}): give another --out."
            ) from None
        try:
            _lock(stream)
        except OSError as error:
            with stream:
                raise GradeFlowError(self._refusal(error, stream)) from None
        self._stream = stream
        with contextlib.suppress(OSError):  # only a courtesy to whoever is refused
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()

    def release(self) -> None:
        """Give the lock back. Its file stays: removing it could let two runs in."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _refusal(self, error: OSError, stream: IO[str]) -> str:
        if error.errno not in HELD:
            return (
                f"{self._folder} cannot be locked ({error.strerror}): give an --out on a disk of "
                "this machine."
            )
        stream.seek(0)
        holder = stream.read(20).strip()
        named = f" (process {holder})" if holder.isdigit() else ""
        return (
            f"Another run is writing results to {self._folder}{named}: wait until it is done, or "
            "give another --out."
        )
