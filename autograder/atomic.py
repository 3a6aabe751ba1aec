"""Writing a file whole or not at all: whoever looks sees the old one or the new, never a part."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from pathlib import Path

__all__ = ["TEMPORARY", "write_atomically"]

TEMPORARY = ".tmp"
"""How the name of a file ends that was being written when its process was killed."""
_TRIES = 20
_SECONDS_BETWEEN_TRIES = 0.05


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put a file in the place of another, or where there was none.

    Who may read it stays as it was; a new file's rights are those of any new file. The bytes are on
    the disk before the name is, so that a power failure leaves no empty file either; not with
    ``durable=False``, for what can be made again and is told from a damaged one, since waiting for
    the disk takes milliseconds.

    Raises OSError when the folder is not there or cannot be written, or the disk is full.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}{TEMPORARY}")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
        _put(temporary, path)
    except BaseException as error:  # Ctrl-C too leaves nothing behind
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError) and error.errno is not None:
            error.filename = str(path)  # a full disk names no file, a refused one the temporary
        raise


def _put(temporary: Path, path: Path) -> None:
    """Give a file its name.

    Windows refuses while anybody has the old one open, as virus scanners do for a moment.
    """
    for _ in range(_TRIES):
        with contextlib.suppress(PermissionError):
            temporary.replace(path)
            return
        time.sleep(_SECONDS_BETWEEN_TRIES)
    temporary.replace(path)
