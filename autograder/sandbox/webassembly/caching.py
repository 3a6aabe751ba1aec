"""Where compiled guests are kept: native code is run from there, so nobody else may write it."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from pathlib import Path

from autograder.errors import CageError

__all__ = ["cache_folder", "ready_cache"]


def cache_folder() -> Path:
    """Return where they are kept: in ``$GRADEFLOW_CACHE``, or among this user's caches."""
    named = os.environ.get("GRADEFLOW_CACHE")
    if named:
        return Path(named) / "webassembly"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "gradeflow" / "webassembly"


def ready_cache() -> Path:
    """Return that folder, there and as the package wants it: without it each guest would compile.

    Raises CageError where it cannot be had.
    """
    try:
        return _ready(cache_folder())
    except (OSError, RuntimeError) as error:  # of another user, of a disk, or there is no home
        place = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        why = place + (getattr(error, "strerror", None) or str(error))
        raise CageError(
            f"WebAssembly: compiled guests have no folder ({why})",
            "Name one of yours, on a disk of this machine, with GRADEFLOW_CACHE.",
        ) from None


def _ready(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = folder.resolve()
    if sys.platform != "win32":
        found = folder.stat()
        if found.st_uid != os.getuid():
            raise PermissionError(errno.EPERM, "is another user's", str(folder))
        if found.st_mode & 0o077:
            folder.chmod(0o700)
    if not any(folder.glob("*.cwasm")):  # what is complete may lie where nobody writes
        with tempfile.TemporaryFile(dir=folder):
            pass
    return folder
