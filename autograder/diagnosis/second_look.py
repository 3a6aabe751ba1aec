"""A second look at what a failure seems to be: the program is asked again, with fresh inputs.

It comes after all checks of a program, because to call a program once more may change what it
answers next: no verdict may hang on whether a diagnosis was sought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.compare import difference
from autograder.diagnosis.answers import alike
from autograder.diagnosis.asking import Room, is_quick
from autograder.diagnosis.match import Suspect, concerns, did_alike, refuted
from autograder.diagnosis.patterns import PLAIN, fits, pattern
from autograder.model import Diagnosis, Evidence
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.wire.protocol import Name, Outcome, Returned

__all__ = [
    "Question",
    "innermost",
    "name_of",
    "pattern_of",
    "remembers",
    "telling",
]

DISTINCT = 3
FLAT = frozenset({"sign", "factor", "offset"})


@dataclass(frozen=True)
class Question:
    """What a check leaves open of a program that failed it.

    departures: the calls of which the reference makes another outcome.
    suspects: the variants that did the same on all of them.
    seen: the pattern between the values that the check compared.
    """

    departures: tuple[Exchange, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    seen: Diagnosis | None = None

    @property
    def asked(self) -> object:
        """What is to be found out: of which functions, and between which variants."""
        return frozenset(map(id, self.suspects)), frozenset(map(_target, self.departures))


def name_of(question: Question, elsewhere: Sequence[Exchange], room: Room) -> str | None:
    """Return the misconception of the only variants that do as the learner on fresh inputs too.

    elsewhere: calls of other checks; a variant must not have departed there where the learner did
    not, or otherwise.
    None where variants of several misconceptions remain, or where nothing but what many programs
    would answer speaks for one.
    """
    asked = question.asked  # the checks of a task ask alike
    if room.known.get(asked) is None:
        room.known[asked] = _asked_again(question, elsewhere, room)
    return room.known[asked]


def _target(exchange: Exchange) -> object:
    target = exchange.call.target
    return target.name if isinstance(target, Name) else target


def _asked_again(question: Question, elsewhere: Sequence[Exchange], room: Room) -> str | None:
    alive = [s for s in question.suspects if not refuted(s, elsewhere, room.reference)]
    wrong = [e for e in question.departures if _concern(alive, e)]
    alive, asked, _ = _surviving(alive, wrong, room)
    sure = asked or telling(wrong, room.reference)
    if alive and not sure:
        # An empty list has no fresh version; what else the function was asked may go wrong afresh.
        others = [e for e in elsewhere if isinstance(e.call.target, Name) and _concern(alive, e)]
        alive, _, sure = _surviving(alive, others, room)
    names = {suspect.name for suspect in alive}
    return names.pop() if len(names) == 1 and sure else None


def _surviving(
    suspects: Sequence[Suspect], exchanges: Sequence[Exchange], room: Room
) -> tuple[list[Suspect], bool, bool]:
    """Ask calls afresh: return who did as the learner, if any was asked, and if any went wrong."""
    alive, asked, wrong = list(suspects), False, False
    for call, mine, right in room.again(exchanges):
        asked = True
        wrong |= not alike(mine, right)
        probe = Exchange(call, mine)
        alive = [
            s
            for s in alive
            if not concerns(s, probe) or did_alike(mine, room.bound.call(s.session, call))
        ]
        if not alive:
            break
    return alive, asked, wrong


def _concern(suspects: Sequence[Suspect], exchange: Exchange) -> bool:
    return any(concerns(suspect, exchange) for suspect in suspects)


def telling(departures: Sequence[Exchange], reference: Session) -> bool:
    """Tell whether outcomes are such as no other mistake is likely to have."""
    values: set[float] = set()
    for exchange in departures:
        wanted = reference.call(exchange.call)
        mine = exchange.outcome
        if not isinstance(mine, Returned):
            return True  # an exception with the same text, the same limit
        if not isinstance(wanted, Returned) or mine.changed or mine.warnings:
            return True
        if _form(mine.value) != _form(wanted.value):
            return True
        values |= _numbers(mine.value)
    return len(values) >= DISTINCT


def _form(value: Any) -> object:
    if isinstance(value, list | tuple):
        return [_form(item) for item in value]
    if isinstance(value, dict):
        return {key: _form(item) for key, item in value.items()}
    shape = getattr(value, "shape", ())
    return type(value).__name__ if not isinstance(value, int | float | np.generic) else "", shape


def _numbers(value: Any) -> set[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return set().union(*(_numbers(item) for item in value)) if value else set()
    if isinstance(value, np.ndarray | np.generic | bool | int | float):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return set(np.round(array.ravel()[:1000].astype(float), 9).tolist())
    return set()


def pattern_of(question: Question, others: Sequence[Question], room: Room) -> Diagnosis | None:
    """Return the pattern that every answer of the function shows, recorded or asked afresh."""
    seen = question.seen
    if seen is not None and seen.name in PLAIN:
        return seen
    targets = {e.call.target for e in question.departures if isinstance(e.call.target, Name)}
    calls = [e for each in (question, *others) for e in each.departures if e.call.target in targets]
    pairs = [(e.outcome, room.reference.call(e.call)) for e in calls]
    if seen is None:
        return _of_single_numbers(pairs, calls, room)
    if any(_shows(seen, *pair) is False for pair in pairs):
        return None
    answers = [_shows(seen, mine, right) for _, mine, right in room.again(calls)]
    if False in answers:
        return None
    # Nothing could be asked again: then two calls of the checks themselves must show it.
    recorded = [_shows(seen, *pair) for pair in pairs].count(True)
    return seen if True in answers or (not answers and recorded >= 2) else None


def remembers(question: Question, room: Room, *, ask: bool) -> bool:
    """Tell whether a function gives two answers to one and the same call, asked twice.

    ask: else only what is known of the function already.
    """
    for exchange in question.departures:
        target = exchange.call.target
        if not isinstance(target, Name):
            continue
        if ask and target.name not in room.steady and is_quick(exchange) and room.bound.left():
            one, other = (room.bound.call(room.learner, exchange.call) for _ in range(2))
            if isinstance(one, Returned) and isinstance(other, Returned):
                room.steady[target.name] = alike(Returned(one.value), Returned(other.value))
        if not room.steady.get(target.name, True):
            return True
    return False


def _shows(seen: Diagnosis, mine: Outcome, right: Outcome) -> bool | None:
    if not isinstance(mine, Returned) or not isinstance(right, Returned):
        return None
    return fits(seen, *innermost(mine.value, right.value))


def _of_single_numbers(
    pairs: list[tuple[Outcome, Outcome]],
    calls: Sequence[Exchange],
    room: Room,
) -> Diagnosis | None:
    """Find in several calls, each with a single number, what one alone cannot show."""
    recorded = _returned(pairs)
    if not _all_single(recorded):  # nobody need be asked again
        return None
    numbers = recorded + _returned([(mine, right) for _, mine, right in room.again(calls)])
    if len(numbers) < DISTINCT + 1 or not _all_single(numbers):
        return None
    have, want = (np.array([float(pair[k]) for pair in numbers]) for k in (0, 1))
    found = pattern(Evidence("differs"), have, want)
    return found if found is not None and found.name in FLAT else None


def _returned(pairs: Sequence[tuple[Outcome, Outcome]]) -> list[tuple[Any, Any]]:
    return [
        (mine.value, right.value)
        for mine, right in pairs
        if isinstance(mine, Returned) and isinstance(right, Returned)
    ]


def _all_single(numbers: Sequence[tuple[Any, Any]]) -> bool:
    return all(_single(n) for pair in numbers for n in pair)


def _single(value: object) -> bool:
    return (
        isinstance(value, int | float | np.generic | np.ndarray)
        and not isinstance(value, bool)
        and np.ndim(value) == 0
        and np.asarray(value).dtype.kind in "iuf"
    )


def innermost(got: Any, wanted: Any) -> tuple[Any, Any]:
    """Return the first items of two containers that differ: arrays, numbers, lists of numbers."""
    while isinstance(wanted, dict | list | tuple):
        if not isinstance(got, type(wanted)) or len(got) != len(wanted):
            break
        keys = list(wanted) if isinstance(wanted, dict) else range(len(wanted))
        if all(_single(wanted[key]) for key in keys):
            break
        differing = (
            key
            for key in keys
            if (not isinstance(got, dict) or key in got)
            and difference(got[key], wanted[key], rtol=1e-6) is not None
        )
        key = next(differing, None)
        if key is None:
            break
        got, wanted = got[key], wanted[key]
    return got, wanted
