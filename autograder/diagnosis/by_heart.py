"""Programs that give the known answers to the known inputs, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograder.checks.compare import difference
from autograder.diagnosis.asking import Room
from autograder.diagnosis.match import departing
from autograder.sandbox.proxy import Exchange
from autograder.wire.protocol import Name, Returned

__all__ = ["by_heart"]

NEAR = 1e-3  # no check's tolerance is wider
FEW = 2  # answers that may be right by chance, and fresh ones that may be wrong by another mistake


def by_heart(exchanges: Iterable[Exchange], room: Room, numbers: Sequence[int]) -> tuple[str, ...]:
    """Name the functions whose known answers are all right and whose fresh ones are all wrong.

    exchanges: all calls with inputs that learners have. A function counts when it did as the
    reference on all of them and gave at least two answers, different ones, and when it was asked at
    least two of them with fresh inputs and answered none.
    numbers: the fresh versions of a call that are asked, such as nobody has frozen.
    """
    known: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        if isinstance(exchange.call.target, Name):
            known.setdefault(exchange.call.target.name, []).append(exchange)
    return tuple(name for name, asked in known.items() if _learnt(asked, room, numbers))


def _learnt(asked: Sequence[Exchange], room: Room, numbers: Sequence[int]) -> bool:
    usable, wrong = departing(asked, room.reference)
    if wrong or len(list(_distinct(usable))) < FEW:
        return False
    fresh = 0
    for _, mine, right in room.again(usable, numbers):
        if not isinstance(mine, Returned) or not isinstance(right, Returned):
            fresh += 1
            continue
        if difference(mine.value, right.value, rtol=NEAR, atol=1e-6, dtype="any") is None:
            return False
        fresh += 1
    return fresh >= FEW


def _distinct(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    seen: list[object] = []
    for exchange in exchanges:
        if not isinstance(exchange.outcome, Returned):
            continue
        value = exchange.outcome.value
        if all(difference(value, other) is not None for other in seen):
            seen.append(value)
            yield exchange
