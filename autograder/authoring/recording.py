"""Writing down what public checks ask: of the learner's program, and of the reference."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from autograder.diagnosis import holds_handle
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.policy import Limits
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Loaded, Outcome, Program, Returned
from autograder.wire.values import Budget, decode, encode

__all__ = ["Calls", "Recording", "TrustedPlaces"]

NUDGE = 1e-9


@dataclass
class Calls:
    """Distinct calls, in the order in which they were first made.

    who: what sits in the learner's place now: the reference, the reference with every number a
    little changed, a wrong variant.
    sure: the keys of the calls that the reference made there; each of them must be frozen.
    made: the very calls of the learner's program, by id, so that the judge, who puts them to the
    reference, is told from a check.
    kept: calls of a check that want an object of the reference.
    strange: calls by which a check puts to the reference what the learner's program returned.
    """

    known: dict[bytes, Call] = field(default_factory=dict)
    sure: set[bytes] = field(default_factory=set)
    made: dict[int, Call] = field(default_factory=dict)
    kept: list[Call] = field(default_factory=list)
    strange: list[Call] = field(default_factory=list)
    who: Literal["right", "nudged", "wrong"] = "right"

    def note(self, call: Call, *, of_reference: bool) -> None:
        """Write a call down, made to the learner's program or to the reference."""
        if not of_reference:
            self.made[id(call)] = call
        if call.keep or holds_handle((call.target, call.args, call.kwargs)):
            if of_reference and self.who == "right":
                self.kept.append(call)
            return
        key = encode((call.target, call.args, call.kwargs))
        if self.who == "right":
            self.sure.add(key)
        elif of_reference and key not in self.sure and id(call) not in self.made:
            self.strange.append(call)
        if self.who != "nudged":
            # Decoded, because the check may go on to change the arrays that it passed.
            self.known.setdefault(key, Call(*decode(key, Budget())))


@dataclass(frozen=True)
class Recording:
    """A session that writes down what it is asked."""

    session: Session
    calls: Calls
    of_reference: bool = True

    def load(self) -> Loaded:
        """Run the program's top level, once."""
        return self.session.load()

    def call(self, call: Call) -> Outcome:
        """Write the call down and answer it."""
        self.calls.note(call, of_reference=self.of_reference)
        return self.session.call(call)

    def close(self) -> None:
        """End the program."""
        self.session.close()


@dataclass(frozen=True)
class Nudged:
    """A right program whose numbers are off by less than any check can see."""

    session: Session

    def load(self) -> Loaded:
        """Run the program's top level, once."""
        return self.session.load()

    def call(self, call: Call) -> Outcome:
        """Answer a call, almost rightly."""
        outcome = self.session.call(call)
        if isinstance(outcome, Returned):
            return replace(outcome, value=_nudge(outcome.value))
        return outcome

    def close(self) -> None:
        """End the program."""
        self.session.close()


def _nudge(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_nudge(item) for item in value)
    if isinstance(value, dict):
        return {key: _nudge(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc":
        return np.multiply(value, 1 + NUDGE, dtype=value.dtype)
    return value * (1 + NUDGE) if isinstance(value, float) else value


@dataclass
class TrustedPlaces:
    """Opens trusted programs in this process: the reference, it again but nudged, the variants."""

    calls: Calls
    opened: int = 0
    kind: str = "none"
    layers: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def open(self, program: Program, limits: Limits) -> Session:
        """Start a session whose calls are written down."""
        session: Session = InProcessSession(program, limits)
        self.opened += 1
        self.calls.who = "wrong"
        if self.opened == 1:
            self.calls.who = "right"
        if self.opened == 2:
            self.calls.who, session = "nudged", Nudged(session)
        return Recording(session, self.calls, of_reference=False)
