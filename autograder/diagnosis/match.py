"""Naming the misunderstanding: the wrong variants that do what the learner's program did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.diagnosis.answers import alike
from autograder.errors import UnknownAnswer
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.wire.protocol import Code, Handle, Name, Outcome, Raised, Returned

__all__ = [
    "Suspect",
    "concerns",
    "departing",
    "did_alike",
    "holds_handle",
    "matching",
    "portable",
    "refuted",
    "said_by",
]

LONGEST = 10_000  # characters of what an exception says
ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
# What an exception's text says of one input: numbers, and names in quotes.
OF_ONE_INPUT = re.compile(r"\d+|'[^']*'|\"[^\"]*\"")

# What these say tells which operation met it, and no more.
SAYS_NOTHING = frozenset({"IndexError", "ZeroDivisionError", "RecursionError"})


@dataclass(frozen=True)
class Suspect:
    """A wrong variant that can be asked: its misconception, its wrong functions, its session.

    replaced: empty where it is not known; the variant then answers for every function.
    steady: the same call has the same outcome each time; not so of programs that train from weights
    of their own.
    """

    name: str
    replaced: frozenset[str]
    session: Session
    steady: bool = True


def departing(
    exchanges: Iterable[Exchange], reference: Session
) -> tuple[list[Exchange], list[Exchange]]:
    """Return the calls that can be put to another program, and those with another outcome there.

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
    return usable, departures


def matching(
    exchanges: Sequence[Exchange], reference: Session, suspects: Sequence[Suspect]
) -> tuple[Suspect, ...]:
    """Return the variants that did, on the very inputs, what the learner's program did.

    A variant matches when it is alike on every recorded call of the functions it replaces (and of
    every probe), and the learner departs from the reference on at least one of those calls. Of
    several that match, those are returned that agree on the most departures.
    """
    usable, departures = departing(exchanges, reference)
    best: tuple[Suspect, ...] = ()
    most = 0
    for suspect in suspects if departures else ():
        concerned = [e for e in usable if concerns(suspect, e)]
        explained = [e for e in departures if concerns(suspect, e)]
        if not explained or len(explained) < most:
            continue
        # A departure is the likelier mismatch, so it is asked first.
        if all(
            did_alike(e.outcome, suspect.session.call(e.call)) for e in (*explained, *concerned)
        ):
            best = (*best, suspect) if len(explained) == most else (suspect,)
            most = len(explained)
    return best


def refuted(suspect: Suspect, exchanges: Iterable[Exchange], reference: Session) -> bool:
    """Tell whether calls of other checks speak against a variant.

    There the learner's program returned something else than the variant; what it warned of and
    changed does not count, since two mistakes may stand side by side. Of a variant that is not
    steady, only what the learner returned as the reference did speaks: else it may be chance.
    """
    for exchange in exchanges:
        mine = exchange.outcome
        if not isinstance(mine, Returned) or not portable(exchange):
            continue
        if not concerns(suspect, exchange):
            continue
        try:
            right = reference.call(exchange.call)
        except UnknownAnswer:  # what nobody froze, nobody can answer
            continue
        value = Returned(mine.value)
        if not (suspect.steady or alike(value, _value_of(right))):
            continue
        if not alike(value, _value_of(suspect.session.call(exchange.call))):
            return True
    return False


def _value_of(outcome: Outcome) -> Outcome:
    return Returned(outcome.value) if isinstance(outcome, Returned) else outcome


def did_alike(one: Outcome, other: Outcome) -> bool:
    """Tell whether a learner's program and a variant did the same.

    An exception of the same kind is not the same mistake: where both say something, they must say
    the same.
    """
    if not alike(one, other):
        return False
    said = [said_by(each) for each in (one, other) if isinstance(each, Raised)]
    return not all(said) or len(set(said)) <= 1


def said_by(outcome: Raised) -> str:
    """Return what an exception says of the mistake, without what it says of one input."""
    if outcome.kind in SAYS_NOTHING:
        return ""
    return OF_ONE_INPUT.sub("", ADDRESS.sub("", outcome.message[:LONGEST]))


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


def concerns(suspect: Suspect, exchange: Exchange) -> bool:
    """Tell whether a call is one of those that a variant answers for."""
    target = exchange.call.target
    if isinstance(target, Code) or not suspect.replaced:
        return True
    return isinstance(target, Name) and target.name in suspect.replaced
