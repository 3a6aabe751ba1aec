"""Fields of messages: how each is made plain data, and how that is read, with all it must be.

A field is made once, of others, and knows no message. What is read may be an enemy's: whatever is
not as it must be raises WireError.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from autograder.errors import WireError
from autograder.wire.format import LONGEST_KIND, LONGEST_TEXT
from autograder.wire.text import clean, clean_line

__all__ = [
    "AMOUNT",
    "ANY",
    "BOOL",
    "BYTES",
    "LINE",
    "MOST_NAMES",
    "MOST_ROWS",
    "OUTPUT",
    "TEXT",
    "WHOLE",
    "Field",
    "Sender",
    "capped",
    "count_below",
    "few",
    "holding",
    "mapping",
    "maybe",
    "plain",
    "record",
    "same",
    "several",
    "typed",
]

MOST_ROWS = 50
MOST_NAMES = 20_000


class Sender(NamedTuple):
    """Whose message is read; of one who is not trusted all text is cleaned."""

    trusted: bool
    longest_output: int


class Field(NamedTuple):
    """How a field is made plain data, and how that is read, with all that it must be."""

    write: Callable[[Any], Any]
    read: Callable[[Any, Sender], Any]


def same(value: Any, _sender: object = None) -> Any:
    """Write, or read, a value as it is."""
    return value


def typed(value: object, *kinds: type) -> Any:
    """Return a value of one of these types, exactly."""
    if type(value) not in kinds:
        raise WireError(f"A field is {type(value).__name__} where {kinds[0].__name__} must be.")
    return value


def capped(value: object, cap: int) -> str:
    """Return a text of at most so many characters."""
    text: str = typed(value, str)
    if len(text) > cap:
        raise WireError(f"A text of {len(text)} characters passes the {cap} allowed.")
    return text


def plain(*kinds: type) -> Field:
    """Make a field of one of these types, which crosses as it is."""
    return Field(same, lambda value, _: value if type(value) in kinds else typed(value, *kinds))


def holding(holds: Callable[[Any], bool], what: str, write: Callable[[Any], Any] = same) -> Field:
    """Make a field of which something holds; else ``what`` is said."""

    def read(value: Any, _sender: Sender) -> Any:
        if not holds(value):
            raise WireError(what)
        return value

    return Field(write, read)


def count_below(end: int, what: str) -> Field:
    """Make a field of a whole number from 0; else ``what`` is said."""
    return holding(lambda value: type(value) is int and 0 <= value < end, what)


def _text(cap: int | None, cleaned: Callable[[str], str] = clean) -> Field:
    """Make a field of text; without a cap it is what a program has printed."""

    def write(text: str) -> str:
        # A lone surrogate becomes one character, so that the cap still holds after it.
        text = text[:cap]
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

    def read(value: object, sender: Sender) -> str:
        text = capped(value, sender.longest_output if cap is None else cap)
        return text if sender.trusted or not text else cleaned(text)

    return Field(write, read)


def several(each: Field, most: int, kept: slice = slice(None)) -> Field:
    """Make a field of several; ``kept`` are those that are written."""

    def read(value: object, sender: Sender) -> tuple[Any, ...]:
        rows = typed(value, tuple)
        if len(rows) > most:
            raise WireError(f"{len(rows)} rows pass the {most} allowed.")
        return tuple([read_one(row, sender) for row in rows]) if rows else ()

    write_one, read_one = each
    return Field(lambda rows: tuple([write_one(row) for row in rows[kept]]) if rows else (), read)


def few(each: Field, most: int = MOST_ROWS) -> Field:
    """Make a field of the first of several."""
    return several(each, most, slice(most))


def record(kind: Any, *parts: Field, finish: Callable[[Any], Any] | None = None) -> Field:
    """Make a field of a dataclass: a tuple of its fields; ``finish`` has the last word on it."""
    writing = list(zip(kind.__match_args__, (part.write for part in parts), strict=False))
    reading = [part.read for part in parts]

    def read(value: object, sender: Sender) -> Any:
        row = typed(value, tuple)
        if len(row) != len(reading):
            raise WireError(f"A row has {len(row)} fields where {len(reading)} must be.")
        found = kind(*[part(each, sender) for part, each in zip(reading, row)])  # noqa: B905
        return found if finish is None else finish(found)

    return Field(
        lambda value: tuple([write(getattr(value, name)) for name, write in writing]), read
    )


def mapping(key: Field, each: Field) -> Field:
    """Make a field of a dict of names, or of arguments."""

    def write(held: dict[Any, Any]) -> dict[Any, Any]:
        names = list(held)[:MOST_NAMES] if held else ()
        return {key.write(name): each.write(held[name]) for name in names}

    def read(value: object, sender: Sender) -> dict[Any, Any]:
        held: dict[Any, Any] = typed(value, dict)
        if not held:
            return held
        if len(held) > MOST_NAMES:
            raise WireError(f"{len(held)} names pass the {MOST_NAMES} allowed.")
        return {key.read(name, sender): each.read(held[name], sender) for name in held}

    return Field(write, read)


def maybe(part: Field) -> Field:
    """Make a field that may be None."""
    return Field(
        lambda value: None if value is None else part.write(value),
        lambda value, sender: None if value is None else part.read(value, sender),
    )


ANY = Field(same, same)
BOOL, WHOLE, BYTES = plain(bool), plain(int), plain(bytes)
LINE, TEXT, OUTPUT = _text(LONGEST_KIND, clean_line), _text(LONGEST_TEXT), _text(None)
AMOUNT = holding(
    lambda value: type(value) is float and math.isfinite(value) and value >= 0,
    "An amount is not a number from 0.",
    float,
)
