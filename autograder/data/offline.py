"""Makes ``keras.datasets.mnist.load_data()`` work without a network, for unmodified programs.

Keras looks for the full file in its own folder, checks its hash, and deletes a smaller one. So
nothing is put there; instead the one function that fetches the file is replaced, in the one module
that loads MNIST, whichever way a program imports it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

__all__ = ["serve_mnist", "serves_mnist"]

_MODULE = "keras.src.datasets.mnist"


def serve_mnist(find: Callable[[], Path]) -> None:
    """Let Keras read MNIST from the file that is found when a program loads it.

    Keras may be imported before or after. This imports nothing of it and runs no operation, so a
    fork server may call it. May be called again, with another file.
    """
    sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, _Patching)]
    module = sys.modules.get(_MODULE)
    if module is not None:
        _patch(module, find)
    else:
        sys.meta_path.insert(0, _Patching(find))


def serves_mnist() -> bool:
    """Tell whether Keras reads MNIST from a file of ours in this process."""
    module = sys.modules.get(_MODULE)
    if module is not None:
        return getattr(module.__dict__.get("get_file"), "__module__", "") == __name__
    return any(isinstance(each, _Patching) for each in sys.meta_path)


def _patch(module: ModuleType, find: Callable[[], Path]) -> None:
    def get_file(*_: object, **__: object) -> str:
        return str(find())

    module.__dict__["get_file"] = get_file


class _Patching(importlib.abc.MetaPathFinder):
    """Finds the module as Python does, and patches it when it has been run."""

    def __init__(self, find: Callable[[], Path]) -> None:
        self._find = find

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del target
        if fullname != _MODULE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module
            # The loader is this spec's own: no other module is loaded by it.
            vars(spec.loader)["exec_module"] = _then_patch(run, self._find)
        return spec


def _then_patch(
    run: Callable[[ModuleType], None], find: Callable[[], Path]
) -> Callable[[ModuleType], None]:
    def exec_module(module: ModuleType) -> None:
        run(module)
        _patch(module, find)

    return exec_module
