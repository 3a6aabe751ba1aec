"""Messages as bytes and back, each field checked, since whoever answers may be an enemy.

A payload is the 64-bit nonce of the request, then one tuple: the message's name and its fields, in
the order of the table at the end, which says of each how it is written and what it must be.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias, get_args

from autograder.errors import WireError
from autograder.wire.format import LONGEST_KIND, LONGEST_TEXT, Budget
from autograder.wire.protocol import (
    LARGEST_FIGURE,
    MOST_FIGURES,
    MOST_FILE_BYTES,
    MOST_FILES,
    MOST_PARTS,
    Call,
    Calls,
    Code,
    Crashed,
    Failure,
    Handle,
    Limit,
    Loaded,
    Missing,
    Name,
    Part,
    Program,
    Raised,
    Returned,
    Shown,
    Stopped,
    TraceLine,
    Warned,
)
from autograder.wire.text import clean, clean_line
from autograder.wire.values import decode, encode

__all__ = [
    "Answer",
    "Answers",
    "Begun",
    "Message",
    "Ready",
    "nonce_of",
    "pack",
    "unpack",
    "unpack_answer",
]

LONGEST_OUTPUT = 256 * 1024
MOST_ROWS = 50
MOST_FAILURES = 2000
MOST_NAMES = 20_000
MOST_ARGUMENTS = 256
MOST_CALLS = 4096  # in one message
MOST_KEYS = 2**31  # of handles, and of a file's lines
PNG = b"\x89PNG\r\n\x1a\n"
_NONCE = struct.Struct("<Q")
_DEFAULT = Budget()


@dataclass(frozen=True)
class Ready:
    """The process is up and waits for its program; no line of the learner's has run yet."""


@dataclass(frozen=True)
class Begun:
    """While a program loads: the part with this index starts now. Part 0 is not announced."""

    part: int


@dataclass(frozen=True)
class Answers:
    """What came of several calls, or of the first of them: each an answer as it was packed."""

    packed: tuple[bytes, ...]


Answer: TypeAlias = Answers | Ready | Begun | Loaded | Returned | Raised | Missing | Stopped
Message: TypeAlias = Program | Call | Calls | Answer | Crashed
# What a process can notice by itself; of the others its keeper knows, whatever it says.
OWN_LIMITS = ("memory", "output", "cpu")


def pack(message: Message, nonce: int = 0, budget: Budget = _DEFAULT) -> bytes:
    """Write a message; ``nonce`` is the request's, 0 to 2**64 - 1.

    Texts and rows above the caps are cut. In an answer, a value that cannot cross becomes an
    Opaque; in a request it raises WireError. WireError too when the message is too long.
    """
    strict = isinstance(message, Program | Call | Calls)
    return _NONCE.pack(nonce) + encode(_write(message), budget, strict=strict)


def nonce_of(data: bytes) -> int:
    """Return the nonce of a payload; WireError if it is too short to have one."""
    if len(data) < _NONCE.size:
        raise WireError("A message is too short.")
    nonce: int = _NONCE.unpack_from(data)[0]
    return nonce


def unpack(data: bytes, budget: Budget) -> Message:
    """Read any message, from a trusted sender; WireError if a field is not what it must be."""
    return _message(data, budget, _Sender(trusted=True, longest_output=LONGEST_OUTPUT * 4))


def unpack_answer(
    data: bytes, budget: Budget, nonce: int = 0, *, longest_output: int = LONGEST_OUTPUT
) -> Answer:
    """Read what a learner's process answers to the request with this nonce.

    It may say what only it can know, and in data only; every text but the values themselves comes
    back without control characters and terminal escapes. ``longest_output`` is in characters.
    Raises WireError, and nothing else.
    """
    if nonce_of(data) != nonce:
        raise WireError("An answer does not belong to the request.")
    message = _message(data, budget, _Sender(trusted=False, longest_output=longest_output))
    if isinstance(message, Program | Call | Calls | Crashed):
        raise WireError(f"A learner's process cannot send {type(message).__name__}.")
    if isinstance(message, Stopped) and message.limit not in OWN_LIMITS:
        raise WireError(f"A learner's process cannot notice the limit {message.limit!r}.")
    return message


def _message(data: bytes, budget: Budget, sender: _Sender) -> Message:
    nonce_of(data)
    value = decode(memoryview(data)[_NONCE.size :], budget, references=sender.trusted)
    message: Message = _read(value, sender)
    return message


def _write(message: Message) -> tuple[Any, ...]:
    name, field = _BY_TYPE[type(message)]
    return (name, *field.write(message))


def _read(value: object, sender: _Sender) -> Any:
    fields = _typed(value, tuple)
    name = fields[0] if fields else None
    found = _MESSAGES.get(name) if type(name) is str else None
    if found is None:
        raise WireError("Unknown message on the wire.")
    return found[1].read(fields[1:], sender)


# ---- kinds of fields --------------------------------------------------------------------------


class _Sender(NamedTuple):
    """Whose message is read; of one who is not trusted all text is cleaned."""

    trusted: bool
    longest_output: int


class _Field(NamedTuple):
    """How a field is made plain data, and how that is read, with all that it must be."""

    write: Callable[[Any], Any]
    read: Callable[[Any, _Sender], Any]


def _same(value: Any, _sender: object = None) -> Any:
    return value


def _typed(value: object, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise WireError(f"A field is {type(value).__name__} where {kinds[0].__name__} must be.")
    return value


def _capped(value: object, cap: int) -> str:
    text: str = _typed(value, str)
    if len(text) > cap:
        raise WireError(f"A text of {len(text)} characters passes the {cap} allowed.")
    return text


def _plain(*kinds: type) -> _Field:
    return _Field(_same, lambda value, _: value if type(value) in kinds else _typed(value, *kinds))


def _held(holds: Callable[[Any], bool], what: str, write: Callable[[Any], Any] = _same) -> _Field:
    """Make a field of which something holds; else ``what`` is said."""

    def read(value: Any, _sender: _Sender) -> Any:
        if not holds(value):
            raise WireError(what)
        return value

    return _Field(write, read)


def _count(below: int, what: str) -> _Field:
    return _held(lambda value: type(value) is int and 0 <= value < below, what)


def _text(cap: int | None, cleaned: Callable[[str], str] = clean) -> _Field:
    """Make a field of text; without a cap it is what a program has printed."""

    def write(text: str) -> str:
        # A lone surrogate becomes one character, so that the cap still holds after it.
        text = text[:cap]
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

    def read(value: object, sender: _Sender) -> str:
        text = _capped(value, sender.longest_output if cap is None else cap)
        return text if sender.trusted or not text else cleaned(text)

    return _Field(write, read)


def _rows(each: _Field, most: int, kept: slice = slice(None)) -> _Field:
    """Make a field of several; ``kept`` are those that are written."""

    def read(value: object, sender: _Sender) -> tuple[Any, ...]:
        rows = _typed(value, tuple)
        if len(rows) > most:
            raise WireError(f"{len(rows)} rows pass the {most} allowed.")
        return tuple([read_one(row, sender) for row in rows]) if rows else ()

    write_one, read_one = each
    return _Field(lambda rows: tuple([write_one(row) for row in rows[kept]]) if rows else (), read)


def _few(each: _Field, most: int = MOST_ROWS) -> _Field:
    """Make a field of the first of several."""
    return _rows(each, most, slice(most))


def _record(kind: Any, *parts: _Field, finish: Callable[[Any], Any] | None = None) -> _Field:
    """Make a field of a dataclass: a tuple of its fields; ``finish`` has the last word on it."""
    writing = list(zip(kind.__match_args__, (part.write for part in parts), strict=False))
    reading = [part.read for part in parts]

    def read(value: object, sender: _Sender) -> Any:
        row = _typed(value, tuple)
        if len(row) != len(reading):
            raise WireError(f"A row has {len(row)} fields where {len(reading)} must be.")
        found = kind(*[part(each, sender) for part, each in zip(reading, row)])  # noqa: B905
        return found if finish is None else finish(found)

    return _Field(
        lambda value: tuple([write(getattr(value, name)) for name, write in writing]), read
    )


def _mapping(key: _Field, each: _Field) -> _Field:
    """Make a field of a dict of names, or of arguments."""

    def write(held: dict[Any, Any]) -> dict[Any, Any]:
        names = list(held)[:MOST_NAMES] if held else ()
        return {key.write(name): each.write(held[name]) for name in names}

    def read(value: object, sender: _Sender) -> dict[Any, Any]:
        held: dict[Any, Any] = _typed(value, dict)
        if not held:
            return held
        if len(held) > MOST_NAMES:
            raise WireError(f"{len(held)} names pass the {MOST_NAMES} allowed.")
        return {key.read(name, sender): each.read(held[name], sender) for name in held}

    return _Field(write, read)


def _maybe(part: _Field) -> _Field:
    return _Field(
        lambda value: None if value is None else part.write(value),
        lambda value, sender: None if value is None else part.read(value, sender),
    )


_ANY = _Field(_same, _same)
_BOOL, _WHOLE, _BYTES = _plain(bool), _plain(int), _plain(bytes)
_LINE, _TEXT, _OUTPUT = _text(LONGEST_KIND, clean_line), _text(LONGEST_TEXT), _text(None)
_AMOUNT = _held(
    lambda value: type(value) is float and math.isfinite(value) and value >= 0,
    "An amount is not a number from 0.",
    float,
)


# ---- programs ---------------------------------------------------------------------------------


def _file(value: object, _sender: _Sender) -> tuple[str, bytes]:
    row = _typed(value, tuple)
    if len(row) != 2:
        raise WireError("A file beside a program is a path and its bytes.")
    path = _capped(row[0], LONGEST_KIND)
    # Whoever places it joins it to a folder of the program's own: it must not lead out of that.
    if any(part in ("", ".", "..") for part in path.split("/")) or set(path) & {"\\", "\0"}:
        raise WireError("A file beside a program has no path below it.")
    return path, _typed(row[1], bytes)


def _small(program: Program) -> Program:
    if sum(len(data) for _, data in program.files) > MOST_FILE_BYTES:
        raise WireError("The files beside a program are too large.")
    return program


_NAMES = _rows(_LINE, MOST_NAMES)
_PARTS = _rows(_record(Part, _LINE, _plain(str), _BOOL), MOST_PARTS)
_FILES = _rows(_Field(_same, _file), MOST_FILES)
_PROGRAM = _record(Program, _LINE, _PARTS, _NAMES, _BOOL, _FILES, _BOOL, _NAMES, finish=_small)


def _outcome(value: object, sender: _Sender) -> Raised | Stopped | Crashed:
    message = _read(value, sender)
    own = isinstance(message, Raised) or getattr(message, "limit", None) in OWN_LIMITS
    if not isinstance(message, Raised | Stopped | Crashed) or not (sender.trusted or own):
        raise WireError(f"A part cannot fail with {type(message).__name__}.")
    return message


def _pictures(shown: Shown) -> Shown:
    # Whoever sends another format for a picture has none.
    return replace(shown, figures=tuple(each for each in shown.figures if each.startswith(PNG)))


def _of_few_figures(loaded: Loaded) -> Loaded:
    if sum(len(each.figures) for each in loaded.shown) > MOST_FIGURES:
        raise WireError("A program shows too many figures.")
    return loaded


_FIGURE = _held(
    lambda value: type(value) is bytes and len(value) <= LARGEST_FIGURE,
    "A figure is not a picture of a usual size.",
)
_FAILURES = _few(_record(Failure, _LINE, _Field(_write, _outcome)), MOST_FAILURES)
_FIGURES = _few(_FIGURE, MOST_FIGURES)
_SHOWN = _few(_record(Shown, _LINE, _OUTPUT, _TEXT, _FIGURES, finish=_pictures), MOST_PARTS)
_LOADED = _record(
    Loaded, _mapping(_LINE, _LINE), _FAILURES, _OUTPUT, _SHOWN, finish=_of_few_figures
)


# ---- calls ------------------------------------------------------------------------------------

_TARGET = _plain(Name, Code, Handle)
_ARGUMENTS = _held(
    lambda value: type(value) is tuple and len(value) <= MOST_ARGUMENTS,
    "A call has more arguments than it may.",
)
_CALL = _record(Call, _TARGET, _ARGUMENTS, _mapping(_plain(str), _ANY), _BOOL)
_TRACE_LINE = _record(TraceLine, _LINE, _count(MOST_KEYS, "A trace has no line number."), _LINE)
_TRACE = _rows(_TRACE_LINE, MOST_ROWS, slice(-MOST_ROWS, None))
_LINES = _few(_LINE)
_WARNED = _few(_record(Warned, _LINE, _TEXT, _LINES, _maybe(_TRACE_LINE)))
_HANDLE = _record(Handle, _count(MOST_KEYS, "A handle has no key."), _LINE)
_CHANGED = _mapping(_count(MOST_ARGUMENTS, "A changed argument has no position."), _ANY)


class _Came(NamedTuple):
    """What came back. A handle is a field of its own, so that data never holds one."""

    output: str
    seconds: float
    warnings: tuple[Warned, ...]
    handle: Handle | None
    changed: dict[int, Any]
    value: Any  # last: it is what gives way when the room gets short

    @classmethod
    def of(cls, it: Returned) -> _Came:
        handle = it.value if isinstance(it.value, Handle) else None
        value = None if handle else it.value
        return cls(it.output, it.seconds, it.warnings, handle, it.changed, value)

    def back(self) -> Returned:
        value = self.value if self.handle is None else self.handle
        return Returned(value, self.changed, self.warnings, self.output, self.seconds)


_CAME = _record(
    _Came, _OUTPUT, _AMOUNT, _WARNED, _maybe(_HANDLE), _CHANGED, _ANY, finish=_Came.back
)
_RETURNED = _Field(lambda it: _CAME.write(_Came.of(it)), _CAME.read)
_RAISED = _record(Raised, _LINE, _TEXT, _TRACE, _WARNED, _OUTPUT, _AMOUNT, _LINES)


# ---- all of them ------------------------------------------------------------------------------

_LIMIT = _held(
    lambda value: type(value) is str and value in get_args(Limit), "Unknown limit on the wire."
)
_CRASHED = _record(Crashed, _maybe(_WHOLE), _maybe(_WHOLE), _BOOL)
_MESSAGES: dict[str, tuple[type, _Field]] = {
    "program": (Program, _PROGRAM),
    "call": (Call, _CALL),
    "calls": (Calls, _record(Calls, _rows(_BYTES, MOST_CALLS))),
    "answers": (Answers, _record(Answers, _rows(_BYTES, MOST_CALLS))),
    "loaded": (Loaded, _LOADED),
    "returned": (Returned, _RETURNED),
    "raised": (Raised, _RAISED),
    "missing": (Missing, _record(Missing, _LINE, _LINES, _LINE, _LINES)),
    "stopped": (Stopped, _record(Stopped, _LIMIT, _AMOUNT)),
    "crashed": (Crashed, _CRASHED),
    "begun": (Begun, _record(Begun, _count(MOST_PARTS, "A part has no index."))),
    "ready": (Ready, _record(Ready)),
}
_BY_TYPE = {kind: (name, field) for name, (kind, field) in _MESSAGES.items()}
