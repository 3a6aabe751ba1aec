"""The kernel in which a learner works, as a sandbox that is none: their cells have run already."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.policy import Limits
from autograder.sandbox.session import Session
from autograder.wire.protocol import Part, Program

__all__ = ["Kernel"]

MOST_CELLS = 1000
"""Runs of cells that are looked at, the last ones: a traceback may lead into any of them."""


class Kernel:
    """What is defined so far in this process, and the cells that defined it.

    namespace: the learner's globals. around: what holds while one of their functions runs.
    """

    kind = "none"
    layers: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def __init__(
        self, namespace: dict[str, object], around: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._around = around
        shell = _shell()
        hidden: dict[str, object] = getattr(shell, "user_ns_hidden", {})
        # What IPython has put there is nobody's definition.
        self._namespace = {k: v for k, v in namespace.items() if hidden.get(k, _NONE) is not v}
        self._cells = _cells_of(shell)

    def program(self, module: str) -> Program:
        """Return the cells that have run as a program, for what is told of them."""
        return Program(module, tuple(self._cells.values()), live=True)

    def open(self, program: Program, limits: Limits) -> Session:
        """Answer calls with what is defined; nothing runs anew."""
        labels = {file: part.label for file, part in self._cells.items()}
        cells = replace(program, parts=())
        return InProcessSession(cells, limits, self._namespace, labels=labels, around=self._around)


_NONE = object()


def _shell() -> Any:
    """Return IPython's shell; None where the learner's code runs in no kernel."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _cells_of(shell: Any) -> dict[str, Part]:
    """Return the cells that have run, by the file names that tracebacks have for them.

    A cell is called by the number that stands beside it: of its last run.
    """
    numbers = getattr(getattr(shell, "compile", None), "_filename_map", {})
    last = sorted(numbers.items(), key=lambda each: int(each[1]))[-MOST_CELLS:]
    return {
        name: Part(f"cell [{number}]", "".join(linecache.getlines(name))) for name, number in last
    }
