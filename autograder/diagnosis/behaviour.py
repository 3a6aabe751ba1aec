"""What a program did on a check's calls, as a short digest: equal digests, equal behaviour.

Two learners with the same mistake write it differently, and add up in another order. So a call that
came out as the reference's is only called right, and a number counts to some digits alone. The
borders between what is rounded up and down lie where no ordinary number lies.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.answers import alike
from autograder.diagnosis.match import OF_ONE_INPUT
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.wire.protocol import (
    Crashed,
    Handle,
    Missing,
    Name,
    Opaque,
    Outcome,
    Raised,
    Returned,
    Stopped,
    Tensor,
)

__all__ = ["behaviour"]

MOST_CALLS = 200
MOST_PIECES = 20_000  # of one call's values; what is beyond them is told by its length
MOST_ENTRIES = 65_536  # of an array, evenly spread
LONGEST = 10_000  # characters of a text
NOTHING = 1e-9  # what is nearer to 0 is 0
DIGITS, FEW_DIGITS = 6, 3  # the few of numbers in single precision
ODD = 0.381966  # no sum or quotient of simple numbers lies on such a border
ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


def behaviour(
    exchanges: Sequence[Exchange],
    usable: Collection[Exchange],
    departures: Collection[Exchange],
    remark: str = "",
    reference: Session | None = None,
) -> str:
    """Return a digest, of 16 characters, of what a program did on recorded calls.

    usable, departures: those of them that the reference can be asked, and answers otherwise.
    remark: what the check itself found, which counts as well.
    reference: where it is given, of a call whose value is wrong the value alone counts: whether an
    argument was changed, too, or warned of something, is a matter of its own.
    """
    wrong = {id(each) for each in departures}
    right = {id(each) for each in usable} - wrong
    whole = hashlib.sha256(remark.encode(errors="replace"))
    for exchange in exchanges[:MOST_CALLS]:
        target = exchange.call.target
        name = target.name if isinstance(target, Name) else ""
        outcome = exchange.outcome
        if reference is not None and id(exchange) in wrong:
            outcome = _value_alone(exchange, reference)
        told = ["="] if id(exchange) in right else _bounded(_outcome(outcome))
        whole.update("\0".join(["\n", name, *told]).encode(errors="replace"))
    return whole.hexdigest()[:16]


def _value_alone(exchange: Exchange, reference: Session) -> Outcome:
    mine, right = exchange.outcome, reference.call(exchange.call)
    if not isinstance(mine, Returned):
        return mine
    alone = Returned(mine.value)
    wrong = not isinstance(right, Returned) or not alike(alone, Returned(right.value))
    return alone if wrong else mine


def _bounded(pieces: Iterator[str]) -> list[str]:
    return [piece for piece, _ in zip(pieces, range(MOST_PIECES), strict=False)]


def _outcome(outcome: Outcome) -> Iterator[str]:
    match outcome:
        case Returned():
            yield "returned"
            yield from _value(outcome.value)
            for place, changed in sorted(outcome.changed.items()):
                yield f"changed {place}"
                yield from _value(changed)
            yield from sorted({warned.category for warned in outcome.warnings})
        case Raised():
            said = OF_ONE_INPUT.sub("", ADDRESS.sub("", outcome.message[:LONGEST]))
            yield f"raised {outcome.kind}: {said}"
        case Missing():
            yield f"missing {outcome.kind}"
        case Stopped():
            yield f"stopped {outcome.limit}"
        case Crashed():
            yield "crashed"


def _value(value: Any) -> Iterator[str]:
    match value:
        case None | Handle() | Opaque():
            yield getattr(value, "kind", "None")
        case Tensor():
            yield value.library
            yield from _array(value.array)
        case np.ndarray() | np.generic():
            yield from _array(np.asarray(value))
        case bool():
            yield str(value)
        case int() | float() | complex():
            yield _number(value)
        case str() | bytes():
            yield f"{type(value).__name__} {len(value)} {value[:LONGEST]!r}"
        case list() | tuple():  # a list for a tuple is another style and not another mistake
            yield f"[{len(value)}"
            for item in value:
                yield from _value(item)
        case dict():
            yield f"{{{len(value)}"
            for key, item in value.items():
                yield from _value(key)
                yield from _value(item)
        case set() | frozenset():
            yield f"({len(value)}"
            yield from sorted(" ".join(_value(item)) for item in list(value)[:MOST_PIECES])
        case _:
            yield f"{type(value).__name__} {getattr(value, 'name', '')}"


def _array(array: np.ndarray[Any, Any]) -> Iterator[str]:
    kind = "number" if array.dtype.kind in "iuf" else array.dtype.kind
    if kind not in ("number", "b", "c"):
        yield f"{kind} {array.shape}"
        return
    few = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    digits = FEW_DIGITS if few else DIGITS
    if array.ndim == 0:  # a single number is one, whoever made it
        yield str(bool(array)) if kind == "b" else _number(_plain(array), digits)
        return
    yield f"{kind} {array.shape}"
    entries = array.reshape(-1)[:: max(1, array.size // MOST_ENTRIES)]
    parts = (entries.real, entries.imag) if kind == "c" else (entries,)
    for part in parts:
        yield from _entries(part.astype(np.float64), digits)


def _plain(array: np.ndarray[Any, Any]) -> complex:
    if array.dtype.kind == "c":
        return complex(array)
    return float(array) if array.dtype.kind == "f" else int(array)


def _entries(entries: np.ndarray[Any, Any], digits: int) -> Iterator[str]:
    """Tell many numbers by how large they are, and by two sums of theirs that weigh each other."""
    finite = np.isfinite(entries)
    if not finite.all():
        strange = np.sign(entries, where=~finite, out=np.zeros_like(entries))
        yield hashlib.sha256(np.nan_to_num(strange, nan=7.0).tobytes()).hexdigest()[:16]
        entries = np.where(finite, entries, 0.0)
    scale = float(np.abs(entries).max(initial=0.0))
    yield _number(scale, digits)
    if scale < NOTHING:
        return
    places = np.arange(entries.size)
    for turn in (1.0, math.sqrt(2)):
        weights = np.cos(turn * places + turn)
        sums = float((entries / scale) @ weights) / math.sqrt(entries.size)
        yield str(math.floor(sums * 10 ** (digits - 1) + ODD))


def _number(value: complex, digits: int = DIGITS) -> str:
    if isinstance(value, complex):
        return f"{_number(value.real)} {_number(value.imag)}"
    if isinstance(value, int) and value.bit_length() > 1000:
        return f"{value.bit_length()} bits {value % (2**61 - 1)}"
    number = float(value)
    if not math.isfinite(number):
        return repr(number)
    if abs(number) < NOTHING:
        return "0"
    # Where the number of digits before the point changes is such a border, too.
    power = math.floor(math.log10(abs(number)) + ODD) - digits + 1
    return f"{math.floor(number / 10.0**power + ODD)}e{power}"
