"""Reading files that somebody else may have planted."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

__all__ = ["UnreadableError", "open_regular", "read_regular"]

# A pipe must not block, a link must not lead away between the look and the opening.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class UnreadableError(Exception):
    """A file cannot be had: ``unreadable``, ``not_regular``, or a reason of an archive."""


def open_regular(path: Path, *, planted: bool = False) -> BinaryIO:
    """Open a regular file.

    planted: whoever wrote the file chose what lies there, so a link is not followed.

    Raises UnreadableError.
    """
    try:
        descriptor = os.open(path, _FLAGS | (_NO_LINK if planted else 0))
    except (OSError, ValueError):
        raise UnreadableError("unreadable") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("not_regular")
    return os.fdopen(descriptor, "rb")


def read_regular(path: Path, most: int, *, planted: bool = False) -> tuple[bytes, int]:
    """Return the first ``most + 1`` bytes of a file, and its size.

    Raises UnreadableError.
    """
    with open_regular(path, planted=planted) as stream:
        try:
            return stream.read(most + 1), os.fstat(stream.fileno()).st_size
        except OSError:
            raise UnreadableError("unreadable") from None
