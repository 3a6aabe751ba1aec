"""Why a failure was called what it was called: what became of each misconception it might be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from autograder.checks.evidence import show, show_call
from autograder.diagnosis.match import Suspect, concerns, did_alike, portable, refuted
from autograder.diagnosis.second_look import Question
from autograder.model.considered import NEAREST, Considered
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.wire.protocol import Crashed, Missing, Outcome, Raised, Returned

__all__ = ["consider"]

MOST = 400  # characters of a call or a value


def consider(
    task: str,
    named: str,
    question: Question,
    asked: Sequence[Exchange],
    elsewhere: Sequence[Exchange],
    suspects: Sequence[Suspect],
    reference: Session,
) -> tuple[Considered, ...]:
    """Return what became of each misconception that concerns a check, the nearest first.

    named: what the failure is called; empty where it is called nothing.
    asked: the check's calls; elsewhere: those of other checks.
    """
    seen: dict[str, Considered] = {}
    known = {id(each) for each in question.departures}
    calls = [*question.departures, *(each for each in asked if id(each) not in known)]
    for suspect in suspects:
        mine = [each for each in calls if portable(each) and concerns(suspect, each)]
        # Only a call that went wrong makes anybody think of a misconception.
        if not any(concerns(suspect, each) for each in question.departures):
            continue
        found = _fate(task, named, suspect, mine, elsewhere, reference)
        best = seen.get(suspect.name)
        if best is None or _rank(found) < _rank(best):
            seen[suspect.name] = found
    return tuple(sorted(seen.values(), key=_rank))


def _rank(each: Considered) -> tuple[int, int, str]:
    return NEAREST.index(each.fate), -each.agreed, each.name


def _fate(
    task: str,
    named: str,
    suspect: Suspect,
    calls: Sequence[Exchange],
    elsewhere: Sequence[Exchange],
    reference: Session,
) -> Considered:
    against = list(_against(suspect, calls))
    agreed, count = len(calls) - len(against), len(calls)
    if suspect.name == named and not against:
        return Considered(task, suspect.name, "named", agreed, count)
    if suspect.name == named:
        return Considered(task, suspect.name, "beside", agreed, count)
    if against:
        return _shown(Considered(task, suspect.name, "otherwise", agreed, count), against[0])
    for exchange in elsewhere:
        if refuted(suspect, [exchange], reference):
            theirs = suspect.session.call(exchange.call)
            known = Considered(task, suspect.name, "elsewhere", agreed, count)
            return _shown(known, (exchange, theirs))
    return Considered(task, suspect.name, "unsure", agreed, count)


def _against(suspect: Suspect, calls: Sequence[Exchange]) -> Iterator[tuple[Exchange, Outcome]]:
    for exchange in calls:
        theirs = suspect.session.call(exchange.call)
        if not did_alike(exchange.outcome, theirs):
            yield exchange, theirs


def _shown(known: Considered, found: tuple[Exchange, Outcome]) -> Considered:
    exchange, theirs = found
    return msgspec.structs.replace(
        known,
        call=show_call(exchange.call)[:MOST],
        mine=_told(exchange.outcome),
        theirs=_told(theirs),
    )


def _told(outcome: Outcome) -> str:
    match outcome:
        case Returned(value=value):
            text = show(value)
        case Raised():
            text = f"{outcome.kind}: {outcome.message}"
        case Missing() | Crashed():
            text = type(outcome).__name__.lower()
        case _:
            text = f"stopped ({outcome.limit})"
    return text[:MOST]
