"""A driver in a process of its own, asked from here: what comes back is a value or a trouble."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import EngineFault
from autograder.model import Evidence
from autograder.play.functions import FUNCTIONS
from autograder.plugin.outcomes import outcome_evidence
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.policy import Limits
from autograder.sandbox.session import Session
from autograder.wire.protocol import (
    Call,
    Code,
    Handle,
    Missing,
    Outcome,
    Part,
    Program,
    Raised,
    Returned,
    TraceLine,
)

__all__ = ["Held", "Trouble"]

WALL = 2.0
"""Seconds that one step, or the top level of one file, may compute for."""
LONG = 1e7
LIMITS = Limits(wall=WALL, total=LONG, cpu=LONG, memory=2048, output=64, frame=16)
START = Code(
    "drive",
    "def drive(module, name, note):\n"
    "    import importlib\n"
    "    return importlib.import_module(name).Driver(note)\n",
)


@dataclass(frozen=True)
class Trouble(Exception):  # noqa: N818 - what a learner reads, not a fault of ours
    """The learner's code did not do what was asked.

    function: the task's function that it is about, where that is known.
    ended: the process is gone, and what it held.
    """

    evidence: Evidence
    function: str = ""
    ended: bool = False


class Held:
    """One driver: ``autograder.play.driver`` with the learner's modules, or a framework's twin.

    texts: the parts that it has loaded, for the lines in what goes wrong.
    """

    # One after the other: a warm server is one, whoever asks it.
    _opening = threading.Lock()

    def __init__(self, sandbox: Sandbox, driver: str, limits: Limits = LIMITS) -> None:
        self._limits = limits
        with self._opening:
            self._session: Session = sandbox.open(Program("play", ()), limits)
        self.texts: list[Part] = []
        self.printed = ""
        number, name = tempfile.mkstemp(prefix="gradeflow-play-")
        os.close(number)
        self._note = Path(name)
        self._note.write_bytes(bytes([len(FUNCTIONS)]))  # one byte: which function is running
        kept = self._session.call(Call(START, (driver, name), keep=True))
        if not isinstance(kept, Returned) or not isinstance(kept.value, Handle):
            self.close()
            raise EngineFault(f"The driver of the page did not start: {kept}.")
        self._driver = kept.value

    def ask(self, order: str, *given: Any) -> Any:
        """Give an order, and return what came of it.

        Raises Trouble where the learner's code is at fault, EngineFault where we are.
        """
        outcome = self._session.call(Call(self._driver, (order, *given)))
        if not isinstance(outcome, Returned):
            raise self._ended(outcome)
        self.printed += outcome.output + _warned(outcome)
        match outcome.value:
            case ("done", value):
                return value
            case ("raised", str(kind), str(message), list(lines)):
                raise self._raised(kind, message, lines)
            case ("missing", str(name), str(kind)):
                raise Trouble(self._evidence(Missing(name, kind=kind)), name)
            case ("unfit", dict(facts)):
                shown: dict[str, str | int | float] = {
                    str(key): str(value)[:200] for key, value in facts.items()
                }
                raise Trouble(Evidence("play_unfit", facts=shown), str(shown.get("function", "")))
        raise EngineFault(f"The driver of the page answered {order} with something else.")

    def failed(self, kind: str, message: str, lines: Iterable[Any]) -> Evidence:
        """Say what an exception was, with the learner's own lines."""
        trace = tuple(
            TraceLine(label, line, function)
            for label, line, function in lines
            if isinstance(label, str) and isinstance(line, int) and isinstance(function, str)
        )
        return self._evidence(Raised(kind, message, trace))

    def close(self) -> None:
        """End the process; may be called again."""
        with contextlib.suppress(EngineFault):
            self._session.close()
        with contextlib.suppress(OSError):
            self._note.unlink()

    def _ended(self, outcome: Outcome) -> Trouble:
        """Say what ended the process, and in which function."""
        evidence = self._evidence(outcome)
        told = self._note.read_bytes()[:1]
        names = list(FUNCTIONS)
        if not told or told[0] >= len(names):
            return Trouble(evidence, ended=True)
        name = names[told[0]]
        if evidence.facts.get("limit") == "wall":
            facts = {"function": name, "amount": evidence.facts["amount"]}
            evidence = Evidence("play_stopped", facts=facts)
        return Trouble(evidence, name, ended=True)

    def _raised(self, kind: str, message: str, lines: list[Any]) -> Trouble:
        evidence = self.failed(kind, message, lines)
        function = evidence.lines[-1].function if evidence.lines else ""
        if evidence.kind == "todo":
            evidence = Evidence("play_todo", facts={"function": function or message})
        return Trouble(evidence, function or message)

    def _evidence(self, outcome: Outcome) -> Evidence:
        return outcome_evidence(outcome, Program("play", tuple(self.texts)))


def _warned(outcome: Returned) -> str:
    texts = (
        f"{each.category}: {each.message}"
        + (f" ({each.at.label}, {each.at.line})\n" if each.at else "\n")
        for each in outcome.warnings
    )
    return "".join(dict.fromkeys(texts))
