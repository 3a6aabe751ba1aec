"""PyTorch without its compiler, until somebody compiles: imported before PyTorch, this sees to it.

An optimizer imports ``torch._dynamo`` only to say that nothing of it is to be compiled: 820 modules
and more than a second of the processor, for two functions that do nothing where nothing is. These
two stand in its place. Whatever else is asked of it imports it.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

__all__: list[str] = []

NAME = "torch._dynamo"


class _Uncompiled(types.ModuleType):
    """Stands for the compiler as long as it is only asked to leave something alone."""

    @staticmethod
    def graph_break(*_said: Any, **_named: Any) -> None:
        """Say where what is compiled ends."""

    @staticmethod
    def disable(function: Any = None, *_said: Any, **_named: Any) -> Any:
        """Return a function as it is: it is not to be compiled."""
        return function if function is not None else lambda given: given

    def __getattr__(self, name: str) -> Any:
        stands = sys.modules.get(NAME) is self
        # Who looks through all modules asks for names of this kind; who imports a part of this
        # one, for where it lies, and so does the import system while it makes it.
        if name.startswith("__") and not (stands and name == "__path__"):
            raise AttributeError(f"module {NAME!r} has no attribute {name!r}")
        if stands:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)


class _Finder(MetaPathFinder, Loader):
    """Finds the stand-in the first time, and never again."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: object = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname != NAME:
            return None
        sys.meta_path.remove(self)
        return ModuleSpec(NAME, self)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Uncompiled(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave it empty."""


if NAME not in sys.modules:
    sys.meta_path.insert(0, _Finder())
