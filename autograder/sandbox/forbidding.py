"""Packages that an exercise is to be solved without: a rule of the course, not a protection."""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Container, Iterable

__all__ = ["ForbiddenImport", "Forbidding"]

BUILT_ON = {
    "tensorflow": ("keras", "tf_keras", "tensorflow_datasets", "tensorflow_hub"),
    "torch": ("torchvision", "torchaudio", "lightning", "pytorch_lightning", "fastai"),
}
"""What takes seconds to import, only to bring what is forbidden."""
IMPORTING = ("importlib", "_frozen_importlib", "_frozen_importlib_external")


class ForbiddenImport(ImportError):  # noqa: N818 - a learner reads the name
    """An exercise is to be solved without this module."""


class Forbidding(importlib.abc.MetaPathFinder):
    """Refuses a program's imports of what its exercise forbids, and nobody else's.

    Libraries ask for optional packages, and some, as PyTorch's first optimizer does for sklearn,
    in a way that a refusal would break.

    names: the forbidden packages; what is built on them is refused with them.
    files: the file names that the program's code was compiled with.
    """

    def __init__(self, names: Iterable[str], files: Container[str]) -> None:
        forbidden = set(names)
        built_on = {each for name in forbidden for each in BUILT_ON.get(name, ())}
        self._names = forbidden | built_on
        self._files = files

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Find nothing; raise ForbiddenImport where the program itself asks."""
        del path, target
        if fullname.partition(".")[0] in self._names and self._is_asked_by_the_program():
            raise ForbiddenImport(fullname)

    def _is_asked_by_the_program(self) -> bool:
        """Look who imports: the nearest frame that is not Python's own machinery of imports."""
        frame = sys._getframe(2)
        while str(frame.f_globals.get("__name__")).partition(".")[0] in IMPORTING:
            if frame.f_back is None:
                return False
            frame = frame.f_back
        return frame.f_code.co_filename in self._files
