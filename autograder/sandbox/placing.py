"""What was handed in beside a program: modules to import, data to read."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

__all__ = ["place_files"]


def place_files(files: tuple[tuple[str, bytes], ...], *, notebook: bool) -> None:
    """Lay files where a program runs, and let it import what lies there, or what it writes there.

    The paths are below that folder: the wire takes no others. A script on a learner's own machine
    that came with nothing imports nothing from the folder where they happen to stand: a course's
    other folders are no modules of its. A notebook does, behind all else, as in a kernel.
    """
    folder = os.getcwd()  # noqa: PTH109 - in every process of a program
    own = folder == tempfile.gettempdir()
    if files and not own:
        folder, own = tempfile.mkdtemp(prefix="beside-"), True
        os.chdir(folder)
    for name, data in files:
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if own:
        sys.path.insert(0, folder)
    elif notebook:
        sys.path.append(folder)
