"""What a program did on a check's calls, as short digests: equal digests, equal behaviour.

Two learners with the same mistake write it differently, and add up in another order. So a call that
came out as the reference's is only called right, and a number counts to some digits alone. The
borders between what is rounded up and down lie where no ordinary number lies.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.diagnosis.answers import alike
from autograder.diagnosis.match import said_by
from autograder.diagnosis.nothing import stops_at_nothing
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

__all__ = ["Did", "behaviour"]

MOST_CALLS = 200
MOST_PIECES = 20_000  # of one call's values; what is beyond them is told by its length
MOST_ENTRIES = 65_536  # of an array, evenly spread
LONGEST = 10_000  # characters of a text
NOTHING = 1e-9  # what is nearer to 0 is 0
DIGITS, FEW_DIGITS = 6, 3  # the few of numbers in single precision
ODD = 0.381966  # no sum or quotient of simple numbers lies on such a border


@dataclass(frozen=True)
class Did:
    """What a program did on a check's calls, as five digests; empty where there is nothing.

    values: of what it returned that is wrong, and of the kinds of its exceptions.
    said: of what these exceptions said, but for what they say of one input.
    aside: of arguments that it overwrote and of warnings, where the value is right.
    without: of where it first had no answer, where it had none wherever it was wrong.
    nothing: the same, where it was stopped when asked of nothing, and was wrong nowhere else.
    """

    values: str = ""
    said: str = ""
    aside: str = ""
    without: str = ""
    nothing: str = ""

    @classmethod
    def read(cls, text: str) -> Did:
        """Read what was written; of anything else all of it is values."""
        return cls(*text.split("-")) if text.count("-") in (2, 3, 4) else cls(text)

    def __str__(self) -> str:
        return "-".join((self.values, self.said, self.aside, self.without, self.nothing))


def behaviour(
    exchanges: Sequence[Exchange],
    usable: Collection[Exchange],
    departures: Collection[Exchange],
    remark: str = "",
    reference: Session | None = None,
) -> Did:
    """Return what a program did on recorded calls.

    usable, departures: those of them that the reference can be asked, and answers otherwise.
    remark: what the check itself found; it counts where no call tells anything.
    reference: where it is given, of a call whose value is wrong the value alone counts: whether an
    argument was changed, too, or warned of something, is a matter of its own.
    """
    wrong = {id(each) for each in departures}
    right = {id(each) for each in usable} - wrong
    values, said, without, aside = list[str](), list[str](), list[str](), set[str]()
    nothing = True
    for place, exchange in enumerate(exchanges[:MOST_CALLS]):
        if id(exchange) in right:
            continue
        known = reference.call(exchange.call) if reference and id(exchange) in wrong else None
        told = _told(exchange, known)
        without += [f"{place} {_name(exchange)}"] if _had_none(exchange.outcome, known) else []
        values += [f"{place} {_name(exchange)} {told.values}"] if told.values else []
        nothing &= not told.values or stops_at_nothing(exchange.call, exchange.outcome)
        said += [told.said] if told.said else []
        aside |= {told.aside} if told.aside else set()
    if not values and not aside:
        values = [remark]
    first = without[:1] if len(without) == len(values) else []
    return Did(*map(_digest, (values, said, sorted(aside), first, first if nothing else [])))


def _had_none(mine: Outcome, right: Outcome | None) -> bool:
    """Tell whether a program had no answer where there is one: it stopped, or returned None.

    A name that is not defined is a mistake in writing the answer down.
    """
    if isinstance(mine, Raised):
        return mine.kind != "NameError"
    if isinstance(mine, Returned):
        wanted = isinstance(right, Returned) and right.value is not None
        return wanted and mine.value is None
    return isinstance(mine, Stopped)


@dataclass(frozen=True)
class _Told:
    """What one call tells: as ``Did``, in full. Of what is right, nothing."""

    values: str = ""
    said: str = ""
    aside: str = ""


def _told(exchange: Exchange, right: Outcome | None) -> _Told:
    mine = exchange.outcome
    if isinstance(mine, Raised):
        return _Told(f"raised {mine.kind}", said_by(mine))
    if not isinstance(mine, Returned):
        return _Told("\0".join(_bounded(_ended(mine))))
    theirs = right if isinstance(right, Returned) else None
    value = "\0".join(_bounded(_value(mine.value)))
    if right is not None and not (theirs and alike(Returned(mine.value), Returned(theirs.value))):
        return _Told(f"returned {value}")
    aside = "\0".join(_bounded(_aside(mine, theirs)))
    return _Told("" if theirs else f"returned {value}", aside=aside)


def _aside(mine: Returned, right: Returned | None) -> Iterator[str]:
    """Tell what a call did besides: into what an argument was changed, where it must be."""
    for place, changed in sorted(mine.changed.items()):
        yield f"changed {place}"
        if right is None or place in right.changed:
            yield from _value(changed)
    yield from sorted({warned.category for warned in mine.warnings})


def _bounded(pieces: Iterator[str]) -> list[str]:
    return [piece for piece, _ in zip(pieces, range(MOST_PIECES), strict=False)]


def _ended(outcome: Outcome) -> Iterator[str]:
    match outcome:
        case Missing():
            yield f"missing {outcome.kind}"
        case Stopped():
            yield f"stopped {outcome.limit}"
        case Crashed():
            yield "crashed"


def _name(exchange: Exchange) -> str:
    target = exchange.call.target
    return target.name if isinstance(target, Name) else ""


def _digest(pieces: Sequence[str]) -> str:
    if not pieces:
        return ""
    text = "\0".join(pieces).encode(errors="replace")
    return hashlib.sha256(text).hexdigest()[:12]


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
