"""Messages as bytes and back, each field checked, since whoever answers may be an enemy.

A payload is the 64-bit nonce of the request, a byte for the kind of message, one for the number of
its fields, and these, one behind the other, in the order of the table at the end, which says of
each how it is written and what it must be.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias, get_args

from autograder.errors import WireError
from autograder.wire.fields import (
    AMOUNT,
    ANY,
    BOOL,
    BYTES,
    LINE,
    MOST_NAMES,
    MOST_ROWS,
    OUTPUT,
    TEXT,
    WHOLE,
    Field,
    Sender,
    capped,
    count_below,
    few,
    holding,
    mapping,
    maybe,
    plain,
    record,
    same,
    several,
    typed,
)
from autograder.wire.format import LONGEST_KIND, Budget
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
from autograder.wire.values import decode_row, encode_row

__all__ = [
    "Answer",
    "Answers",
    "Begun",
    "Message",
    "Ready",
    "nonce_of",
    "pack",
    "timed",
    "unpack",
    "unpack_answer",
]

LONGEST_OUTPUT = 256 * 1024
MOST_FAILURES = 2000
MOST_ARGUMENTS = 256
MOST_CALLS = 4096  # in one message
MOST_KEYS = 2**31  # of handles, and of a file's lines
PNG = b"\x89PNG\r\n\x1a\n"
_HEAD, _SECONDS = struct.Struct("<QBB"), struct.Struct("<d")
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
_REQUESTS = (Program, Call, Calls)  # a tuple: a union would be made each time
_NO_ANSWERS = (*_REQUESTS, Crashed)
_TRUSTED = Sender(trusted=True, longest_output=LONGEST_OUTPUT * 4)


def pack(message: Message, nonce: int = 0, budget: Budget = _DEFAULT) -> bytes:
    """Write a message; ``nonce`` is the request's, 0 to 2**64 - 1.

    Texts and rows above the caps are cut. In an answer, a value that cannot cross becomes an
    Opaque; in a request it raises WireError. WireError too when the message is too long.
    """
    code, row = _write(message)
    return _HEAD.pack(nonce, code, len(row)) + encode_row(row, budget, type(message) in _REQUESTS)


def nonce_of(data: bytes) -> int:
    """Return the nonce of a payload; WireError if it is too short to have one."""
    if len(data) < _HEAD.size:
        raise WireError("A message is too short.")
    nonce: int = _HEAD.unpack_from(data)[0]
    return nonce


def unpack(data: bytes, budget: Budget) -> Message:
    """Read any message, from a trusted sender; WireError if a field is not what it must be."""
    nonce_of(data)
    return _message(data, budget, _TRUSTED)


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
    message = _message(data, budget, Sender(trusted=False, longest_output=longest_output))
    if isinstance(message, _NO_ANSWERS):
        raise WireError(f"A learner's process cannot send {type(message).__name__}.")
    if isinstance(message, Stopped) and message.limit not in OWN_LIMITS:
        raise WireError(f"A learner's process cannot notice the limit {message.limit!r}.")
    return message


def _message(data: bytes, budget: Budget, sender: Sender) -> Message:
    _, code, count = _HEAD.unpack_from(data)
    row = decode_row(memoryview(data)[_HEAD.size :], count, budget, sender.trusted)
    message: Message = _field_of(code).read(tuple(row), sender)
    return message


def _write(message: Message) -> tuple[int, tuple[Any, ...]]:
    code, field = _BY_TYPE[type(message)]
    return code, field.write(message)


def _field_of(code: object) -> Field:
    if type(code) is not int or not 0 <= code < len(_MESSAGES):
        raise WireError("Unknown message on the wire.")
    return _MESSAGES[code][1]


# ---- programs ---------------------------------------------------------------------------------


def _file(value: object, _sender: Sender) -> tuple[str, bytes]:
    row = typed(value, tuple)
    if len(row) != 2:
        raise WireError("A file beside a program is a path and its bytes.")
    path = capped(row[0], LONGEST_KIND)
    # Whoever places it joins it to a folder of the program's own: it must not lead out of that.
    if any(part in ("", ".", "..") for part in path.split("/")) or set(path) & {"\\", "\0"}:
        raise WireError("A file beside a program has no path below it.")
    return path, typed(row[1], bytes)


def _small(program: Program) -> Program:
    if sum(len(data) for _, data in program.files) > MOST_FILE_BYTES:
        raise WireError("The files beside a program are too large.")
    return program


_NAMES = several(LINE, MOST_NAMES)
_PARTS = several(record(Part, LINE, plain(str), BOOL), MOST_PARTS)
_FILES = several(Field(same, _file), MOST_FILES)
_PROGRAM = record(Program, LINE, _PARTS, _NAMES, BOOL, _FILES, BOOL, _NAMES, finish=_small)


def _outcome(value: object, sender: Sender) -> Raised | Stopped | Crashed:
    code, row = value if type(value) is tuple and len(value) == 2 else (None, ())
    message = _field_of(code).read(row, sender)
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


_FIGURE = holding(
    lambda value: type(value) is bytes and len(value) <= LARGEST_FIGURE,
    "A figure is not a picture of a usual size.",
)
_FAILURES = few(record(Failure, LINE, Field(_write, _outcome)), MOST_FAILURES)
_FIGURES = few(_FIGURE, MOST_FIGURES)
_SHOWN = few(record(Shown, LINE, OUTPUT, TEXT, _FIGURES, finish=_pictures), MOST_PARTS)
_LOADED = record(Loaded, mapping(LINE, LINE), _FAILURES, OUTPUT, _SHOWN, finish=_of_few_figures)


# ---- calls ------------------------------------------------------------------------------------

_TARGET = plain(Name, Code, Handle)
_ARGUMENTS = holding(
    lambda value: type(value) is tuple and len(value) <= MOST_ARGUMENTS,
    "A call has more arguments than it may.",
)
_CALL = record(Call, _TARGET, _ARGUMENTS, mapping(plain(str), ANY), BOOL)
_TRACE_LINE = record(TraceLine, LINE, count_below(MOST_KEYS, "A trace has no line number."), LINE)
_TRACE = several(_TRACE_LINE, MOST_ROWS, slice(-MOST_ROWS, None))
_LINES = few(LINE)
_WARNED = few(record(Warned, LINE, TEXT, _LINES, maybe(_TRACE_LINE)))
_HANDLE = record(Handle, count_below(MOST_KEYS, "A handle has no key."), LINE)
_CHANGED = mapping(count_below(MOST_ARGUMENTS, "A changed argument has no position."), ANY)


class _Beside(NamedTuple):
    """What came beside a value, which is rare: a handle too, so that data never holds one."""

    output: str
    warnings: tuple[Warned, ...]
    handle: Handle | None
    changed: dict[int, Any]


class _Came(NamedTuple):
    """What came back."""

    seconds: float
    beside: _Beside | None
    value: Any  # last: it is what gives way when the room gets short

    @classmethod
    def of(cls, it: Returned) -> _Came:
        handle = it.value if type(it.value) is Handle else None
        if handle is None and not (it.output or it.warnings or it.changed):
            return cls(it.seconds, None, it.value)
        beside = _Beside(it.output, it.warnings, handle, it.changed)
        return cls(it.seconds, beside, it.value if handle is None else None)

    def back(self) -> Returned:
        seconds, beside, value = self
        if beside is None:
            return Returned(value, seconds=seconds)
        value = value if beside.handle is None else beside.handle
        return Returned(value, beside.changed, beside.warnings, beside.output, seconds)


_BESIDE = record(_Beside, OUTPUT, _WARNED, maybe(_HANDLE), _CHANGED)
_CAME = record(_Came, AMOUNT, maybe(_BESIDE), ANY, finish=_Came.back)
_RETURNED = Field(lambda it: _CAME.write(_Came.of(it)), _CAME.read)
_RAISED = record(Raised, LINE, TEXT, _TRACE, _WARNED, OUTPUT, AMOUNT, _LINES)


def timed(data: bytes, nonce: int) -> tuple[float, bytes] | None:
    """Return the seconds of an answer to the request with this nonce, and its value as it came.

    None where it is anything but a value with nothing beside it: then it must be read whole. What
    is equal to the last byte is read as the same value.
    """
    if (data[8:11], data[19:20]) != _ALONE or nonce_of(data) != nonce:
        return None
    (seconds,) = _SECONDS.unpack_from(data, 11)
    return (seconds, data[20:]) if 0 <= seconds < math.inf else None


# ---- all of them ------------------------------------------------------------------------------

_LIMIT = holding(
    lambda value: type(value) is str and value in get_args(Limit), "Unknown limit on the wire."
)
_CRASHED = record(Crashed, maybe(WHOLE), maybe(WHOLE), BOOL)
_MESSAGES: tuple[tuple[type, Field], ...] = (
    (Program, _PROGRAM),
    (Call, _CALL),
    (Calls, record(Calls, several(BYTES, MOST_CALLS))),
    (Answers, record(Answers, several(BYTES, MOST_CALLS))),
    (Loaded, _LOADED),
    (Returned, _RETURNED),
    (Raised, _RAISED),
    (Missing, record(Missing, LINE, _LINES, LINE, _LINES)),
    (Stopped, record(Stopped, _LIMIT, AMOUNT)),
    (Crashed, _CRASHED),
    (Begun, record(Begun, count_below(MOST_PARTS, "A part has no index."))),
    (Ready, record(Ready)),
)
_BY_TYPE = {kind: (code, field) for code, (kind, field) in enumerate(_MESSAGES)}
# How each value begins that comes back alone: its kind and number of fields, seconds (11 to 18),
# None.
_ALONE = pack(Returned(None))[8:11], b"N"
