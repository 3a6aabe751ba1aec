"""What was looked at, as facts; the catalogues turn them into a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from autograder.messages import translate
from autograder.wire.text import clean_line

__all__ = ["Finding", "State"]

State: TypeAlias = Literal["ok", "absent", "notice", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    what: its name: ``kernel python3``, a file. key: in the catalogues' table ``doctor`` it says
    what is, and with ``_do`` behind it what to do; ``ok`` and ``absent`` may need nothing done.
    does: another key for what to do, where several findings share one text.
    """

    what: str
    state: State
    key: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    does: str = ""

    def detail(self, language: str) -> str:
        """Say what is."""
        return self._said(self.key, language)

    def advice(self, language: str) -> str:
        """Say what to do about it; empty where nothing is to be done."""
        return "" if self.state == "ok" else self._said(self.does or f"{self.key}_do", language)

    def _said(self, key: str, language: str) -> str:
        # Paths and a kernel's last words come from outside, and go to a terminal.
        facts = {name: clean_line(str(fact)) for name, fact in self.facts.items()}
        return translate(f"doctor.{key}", language, **facts)
