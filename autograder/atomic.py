"""Writing a file whole or not at all: whoever looks sees the old one or the new, never a part."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

__all__ = ["TEMPORARY", "write_atomically"]

TEMPORARY = ".tmp"
"""How the name of a file ends that was being written when its process was killed."""


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
        temporary.replace(path)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
