"""The names that a program has defined: what a call finds, and what is told of a missing one."""

from __future__ import annotations

import difflib
import types
from typing import Any

from autograder.sandbox.loading import TopLevel
from autograder.wire.protocol import Missing

__all__ = ["MissingError", "Scope"]

MOST_STATED = 8  # names of a program that are told where another is missing


class MissingError(Exception):
    """What a call needs is not there; ``outcome`` says what."""

    def __init__(self, outcome: Missing) -> None:
        self.outcome = outcome


class Scope:
    """The names of a module that a top level has made."""

    def __init__(self, module: types.ModuleType, top: TopLevel) -> None:
        self._module = module
        self._top = top

    def public(self) -> dict[str, str]:
        """Return the names that are the program's to offer, each with its type."""
        return {
            name: type(value).__name__
            for name, value in list(self._module.__dict__.items())
            if isinstance(name, str)
            and not name.startswith("_")
            and name not in self._top.own_names
            and not isinstance(value, types.ModuleType)
        }

    def find(self, name: str, *, callable_only: bool = False) -> Any:
        """Return what bears a name.

        Raises MissingError where nothing does, or what does cannot be called and has to be.
        """
        scope = self._module.__dict__
        if name not in scope:
            raise MissingError(self.lacking(name))
        value = scope[name]
        if callable_only and not callable(value):
            raise MissingError(Missing(name, kind=type(value).__name__))
        return value

    def lacking(self, name: str) -> Missing:
        """Say that a name is not there, and which are: not those that an import brought."""
        known = self.public()
        own = (None, self._module.__name__, "__main__")
        stated = [each for each in known if _origin(self._module.__dict__.get(each)) in own]
        return Missing(name, _similar(name, known), there=tuple(stated[-MOST_STATED:]))


def _origin(value: object) -> str | None:
    """Return the module of a function or class, and None of what is neither."""
    try:
        return str(value.__module__) if callable(value) and hasattr(value, "__name__") else None
    except Exception:  # a learner's object may do anything when it is asked
        return None


def _similar(name: str, names: dict[str, str]) -> tuple[str, ...]:
    """Names a learner may have meant, nearest first; case and underscores do not count."""
    plain = {known.lower().replace("_", ""): known for known in names}
    close = difflib.get_close_matches(name.lower().replace("_", ""), plain, n=3, cutoff=0.7)
    return tuple(plain[match] for match in close)
