"""Stepping through one's own program: in this very process, with a debugger or a breakpoint.

Nothing is caged and no limit holds: whoever steps sits before it, and the code is their own.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.policy import Limits
from autograder.sandbox.session import Session
from autograder.wire.protocol import Program

__all__ = ["Stepping", "debugger_here", "stops_somewhere"]

BREAK = re.compile(r"^[^#\n]{0,400}\b(?:breakpoint|set_trace) ?\(", re.MULTILINE)
MOST = 2**20  # characters that are searched
DEBUGGERS = ("pydevd", "debugpy")  # PyCharm's and VS Code's


class Stepping:
    """Opens a learner's own file where a debugger sees its lines and a person what it prints."""

    kind = "none"
    layers: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, program: Program, limits: Limits) -> Session:
        """Hold the program here."""
        return InProcessSession(program, limits, steps=self._path)

    def close(self) -> None:
        """Nothing to end: the program lives in this process."""


def stops_somewhere(script: Path) -> bool:
    """Tell whether a script asks for a debugger: ``breakpoint()``, ``pdb.set_trace()``."""
    try:
        with script.open(encoding="utf-8", errors="replace") as stream:
            return script.suffix == ".py" and BREAK.search(stream.read(MOST)) is not None
    except OSError:
        return False  # whoever is to run it says so


def debugger_here() -> bool:
    """Tell whether this process runs in a debugger: PyCharm's, VS Code's or pdb."""
    if any(name in sys.modules for name in DEBUGGERS):
        return True
    bdb = sys.modules.get("bdb")
    traced_by = getattr(sys.gettrace(), "__self__", None)
    return bdb is not None and isinstance(traced_by, bdb.Bdb)
