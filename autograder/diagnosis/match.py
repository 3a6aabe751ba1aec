"""Naming the misunderstanding: the wrong variant that does what the learner's program did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.diagnosis.answers import alike
from autograder.errors import UnknownAnswer
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.wire.protocol import Code, Handle, Name

__all__ = ["Suspect", "holds_handle", "name_misconception", "portable"]


@dataclass(frozen=True)
class Suspect:
    """A wrong variant that can be asked: its misconception, its wrong functions, its session.

    replaced: empty where it is not known; the variant then answers for every function.
    """

    name: str
    replaced: frozenset[str]
    session: Session


def name_misconception(
    exchanges: Sequence[Exchange], reference: Session, suspects: Sequence[Suspect]
) -> str | None:
    """Return the misconception whose variant did, on the very inputs, what the learner's did.

    A variant matches when it is alike on every recorded call of the functions it replaces (and of
    every probe), and the learner departs from the reference on at least one of those calls. Of
    several that match, the one that agrees on the most departures wins, then the first listed.
    Calls on objects that stay in the cage have no counterpart elsewhere and are passed over.
    """
    usable, departures = [], []
    for exchange in filter(portable, exchanges):
        try:
            right = alike(exchange.outcome, reference.call(exchange.call))
        except UnknownAnswer:  # an input that the learner's own values made: nobody froze it
            continue
        usable.append(exchange)
        if not right:
            departures.append(exchange)
    if not departures:
        return None
    best: tuple[int, str] | None = None
    for suspect in suspects:
        concerned = [e for e in usable if _concerns(suspect, e)]
        explained = [e for e in departures if _concerns(suspect, e)]
        if not explained or (best is not None and len(explained) <= best[0]):
            continue
        # A departure is the likelier mismatch, so it is asked first.
        if all(alike(e.outcome, suspect.session.call(e.call)) for e in [*explained, *concerned]):
            best = (len(explained), suspect.name)
    return best[1] if best else None


def portable(exchange: Exchange) -> bool:
    """Tell whether a call can be put to another program: it needs no object of this one."""
    call = exchange.call
    return not call.keep and not holds_handle((call.target, call.args, call.kwargs))


def holds_handle(value: object) -> bool:
    """Tell whether a value is an object of one session, or a container with one in it."""
    if isinstance(value, dict):
        return any(holds_handle(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(holds_handle(item) for item in value)
    return isinstance(value, Handle)


def _concerns(suspect: Suspect, exchange: Exchange) -> bool:
    target = exchange.call.target
    if isinstance(target, Code) or not suspect.replaced:
        return True
    return isinstance(target, Name) and target.name in suspect.replaced
