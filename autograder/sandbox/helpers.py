"""What was handed in beside a program: modules to import, data to read."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

__all__ = ["place_files"]


def place_files(files: tuple[tuple[str, bytes], ...]) -> None:
    """Lay files where a program runs, and let it import what lies there, or what it writes there.

    The paths are below that folder: the wire takes no others.
    """
    folder = Path.cwd()
    if files and folder != Path(tempfile.gettempdir()):
        folder = Path(tempfile.mkdtemp(prefix="beside-"))
        os.chdir(folder)
    for name, data in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
