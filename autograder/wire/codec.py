"""Messages as bytes and back, each field checked, since whoever answers may be an enemy.

A payload is the 64-bit nonce of the request, then one tuple: the message's name and its fields.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast, get_args

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

if TYPE_CHECKING:
    from collections.abc import Callable

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


# ---- writing ----------------------------------------------------------------------------------


def pack(message: Message, nonce: int = 0, budget: Budget = _DEFAULT) -> bytes:
    """Write a message; ``nonce`` is the request's, 0 to 2**64 - 1.

    Texts and rows above the caps are cut. In an answer, a value that cannot cross becomes an
    Opaque; in a request it raises WireError. WireError too when the message is too long.
    """
    strict = isinstance(message, Program | Call | Calls)
    return _NONCE.pack(nonce) + encode(_fields(message), budget, strict=strict)


def _fields(message: Message) -> tuple[Any, ...]:
    match message:
        case Program(module, parts, forbidden, display, files, notebook, wanted):
            pieces = tuple((_cut(each.label), each.source, each.definitions_only) for each in parts)
            flags = (display, notebook)
            return ("program", _cut(module), pieces, forbidden, flags, files, wanted)
        case Call(target, args, kwargs, keep):
            return ("call", target, args, kwargs, keep)
        case Calls(calls):
            return ("calls", tuple((c.target, c.args, c.kwargs, c.keep) for c in calls))
        case Answers(packed):
            return ("answers", packed)
        case Loaded(names, failures, output, shown):
            kinds = {_cut(name): _cut(names[name]) for name in list(names)[:MOST_NAMES]}
            failed = tuple((_cut(f.part), _fields(f.outcome)) for f in failures[:MOST_FAILURES])
            below = tuple(map(_shown, shown[:MOST_PARTS]))
            return ("loaded", kinds, failed, _cut(output, None), below)
        case Returned(value, changed, warned, output, seconds):
            # A handle is a field of its own, so that data never holds one. The value is last:
            # it is what gives way when the room gets short.
            handle = (value.key, _cut(value.kind)) if isinstance(value, Handle) else None
            data = None if handle else value
            text = _cut(output, None)
            return ("returned", text, seconds, _warned(warned), handle, changed, data)
        case Raised(kind, text, trace, warned, output, seconds, bases):
            lines = tuple((_cut(t.label), t.line, _cut(t.function)) for t in trace[-MOST_ROWS:])
            head = (_cut(kind), _cut(text, LONGEST_TEXT), lines)
            tail = (
                _warned(warned),
                _cut(output, None),
                seconds,
                tuple(map(_cut, bases[:MOST_ROWS])),
            )
            return ("raised", *head, *tail)
        case Missing(name, similar, kind, there):
            near, stated = (tuple(map(_cut, each[:MOST_ROWS])) for each in (similar, there))
            return ("missing", _cut(name), near, _cut(kind), stated)
        case Stopped(limit, amount):
            return ("stopped", limit, float(amount))
        case Crashed(signal, code, protocol):
            return ("crashed", signal, code, protocol)
        case Begun(part):
            return ("begun", part)
        case Ready():
            return ("ready",)


def _shown(shown: Shown) -> tuple[str, str, str, tuple[bytes, ...]]:
    value = _cut(shown.value, LONGEST_TEXT)
    return (_cut(shown.part), _cut(shown.printed, None), value, shown.figures[:MOST_FIGURES])


def _warned(warned: tuple[Warned, ...]) -> tuple[tuple[object, ...], ...]:
    return tuple(
        (
            _cut(w.category),
            _cut(w.message, LONGEST_TEXT),
            tuple(map(_cut, w.bases[:MOST_ROWS])),
            () if w.at is None else (_cut(w.at.label), w.at.line, _cut(w.at.function)),
        )
        for w in warned[:MOST_ROWS]
    )


def _cut(text: str, cap: int | None = LONGEST_KIND) -> str:
    # A lone surrogate becomes one character, so that the cap still holds after it.
    return text[:cap].encode("utf-8", "replace").decode("utf-8")


# ---- reading ----------------------------------------------------------------------------------


def nonce_of(data: bytes) -> int:
    """Return the nonce of a payload; WireError if it is too short to have one."""
    if len(data) < _NONCE.size:
        raise WireError("A message is too short.")
    nonce: int = _NONCE.unpack_from(data)[0]
    return nonce


def unpack(data: bytes, budget: Budget) -> Message:
    """Read any message, from a trusted sender; WireError if a field is not what it must be."""
    return _message(data, budget, references=True, output=LONGEST_OUTPUT * 4)


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
    message = _message(data, budget, references=False, output=longest_output)
    if isinstance(message, Program | Call | Calls | Crashed):
        raise WireError(f"A learner's process cannot send {type(message).__name__}.")
    if isinstance(message, Stopped) and message.limit not in OWN_LIMITS:
        raise WireError(f"A learner's process cannot notice the limit {message.limit!r}.")
    return message


def _message(data: bytes, budget: Budget, *, references: bool, output: int) -> Message:
    nonce_of(data)
    value = decode(memoryview(data)[_NONCE.size :], budget, references=references)
    return _Fields(references, output).message(value)


class _Fields:
    """Checks fields, and cleans their text unless the sender is trusted."""

    def __init__(self, trusted: bool, longest_output: int) -> None:
        self.trusted = trusted
        self.longest_output = longest_output

    def message(self, value: object) -> Message:
        fields = _typed(value, tuple)
        name = fields[0] if fields else None
        read = _MESSAGES.get(name) if type(name) is str else None
        if read is None:
            raise WireError("Unknown message on the wire.")
        count, build = read
        if len(fields) != count + 1:
            raise WireError(f"The message {name} has {len(fields) - 1} fields.")
        return build(self, *fields[1:])

    # ---- kinds of fields ----

    def text(self, value: object, cap: int = LONGEST_TEXT) -> str:
        text = _capped(value, cap)
        return text if self.trusted else clean(text)

    def line(self, value: object) -> str:
        text = _capped(value, LONGEST_KIND)
        return text if self.trusted else clean_line(text)

    def output(self, value: object) -> str:
        return self.text(value, self.longest_output)

    def lines(self, value: object, most: int = MOST_ROWS) -> tuple[str, ...]:
        return tuple(self.line(each) for each in _rows(value, most))

    def warned(self, value: object) -> tuple[Warned, ...]:
        rows = (_row(each, 4) for each in _rows(value, MOST_ROWS))
        return tuple(
            Warned(
                self.line(category),
                self.text(text),
                self.lines(bases),
                None if type(at) is tuple and not at else self.trace_line(*_row(at, 3)),
            )
            for category, text, bases, at in rows
        )

    # ---- messages ----

    def program(
        self,
        module: object,
        parts: object,
        forbidden: object,
        flags: object,
        files: object,
        wanted: object,
    ) -> Program:
        rows = (_row(each, 3) for each in _rows(parts, MOST_PARTS))
        pieces = tuple(
            Part(self.line(label), _typed(source, str), _typed(only, bool))
            for label, source, only in rows
        )
        names, asked = self.lines(forbidden, MOST_NAMES), self.lines(wanted, MOST_NAMES)
        display, notebook = (_typed(each, bool) for each in _row(flags, 2))
        beside = tuple(_file(*_row(each, 2)) for each in _rows(files, MOST_FILES))
        if sum(len(data) for _, data in beside) > MOST_FILE_BYTES:
            raise WireError("The files beside a program are too large.")
        return Program(self.line(module), pieces, names, display, beside, notebook, asked)

    def call(self, target: object, args: object, kwargs: object, keep: object) -> Call:
        if not isinstance(target, Name | Code | Handle):
            raise WireError("A call has no target.")
        given = _typed(kwargs, dict)
        if not all(type(key) is str for key in given):
            raise WireError("A call's keyword is not text.")
        return Call(target, _rows(args, MOST_ARGUMENTS), given, _typed(keep, bool))

    def calls(self, calls: object) -> Calls:
        return Calls(tuple(self.call(*_row(each, 4)) for each in _rows(calls, MOST_CALLS)))

    def answers(self, packed: object) -> Answers:
        return Answers(tuple(_typed(each, bytes) for each in _rows(packed, MOST_CALLS)))

    def loaded(self, names: object, failures: object, output: object, shown: object) -> Loaded:
        found = _typed(names, dict)
        if len(found) > MOST_NAMES:
            raise WireError(f"A program states {len(found)} names.")
        kinds = {self.line(name): self.line(kind) for name, kind in found.items()}
        failed = tuple(self.failure(*_row(each, 2)) for each in _rows(failures, MOST_FAILURES))
        below = tuple(self.shown(*_row(each, 4)) for each in _rows(shown, MOST_PARTS))
        if sum(len(each.figures) for each in below) > MOST_FIGURES:
            raise WireError("A program shows too many figures.")
        return Loaded(kinds, failed, self.output(output), below)

    def shown(self, part: object, printed: object, value: object, figures: object) -> Shown:
        pictures = _rows(figures, MOST_FIGURES)
        if not all(type(each) is bytes and len(each) <= LARGEST_FIGURE for each in pictures):
            raise WireError("A figure is not a picture of a usual size.")
        # Whoever sends another format for a picture has none.
        pictures = tuple(each for each in pictures if each.startswith(PNG))
        return Shown(self.line(part), self.output(printed), self.text(value), pictures)

    def failure(self, part: object, outcome: object) -> Failure:
        message = self.message(outcome)
        allowed = isinstance(message, Raised | Stopped | Crashed)
        if not allowed or (not self.trusted and not _own(message)):
            raise WireError(f"A part cannot fail with {type(message).__name__}.")
        return Failure(self.line(part), cast("Raised | Stopped | Crashed", message))

    def returned(
        self,
        output: object,
        seconds: object,
        warned: object,
        handle: object,
        changed: object,
        value: object,
    ) -> Returned:
        result = value if handle is None else self.handle(*_row(handle, 2))
        now = _typed(changed, dict)
        if not all(_counts(key, MOST_ARGUMENTS) for key in now):
            raise WireError("A changed argument has no position.")
        text = self.output(output)
        return Returned(result, now, self.warned(warned), text, _amount(seconds))

    def handle(self, key: object, kind: object) -> Handle:
        if not _counts(key, 2**31):
            raise WireError("A handle has no key.")
        return Handle(cast("int", key), self.line(kind))

    def raised(
        self,
        kind: object,
        text: object,
        trace: object,
        warned: object,
        output: object,
        seconds: object,
        bases: object,
    ) -> Raised:
        lines = tuple(self.trace_line(*_row(each, 3)) for each in _rows(trace, MOST_ROWS))
        said, shown, above = self.text(text), self.output(output), self.lines(bases)
        head = self.line(kind), said, lines
        return Raised(*head, self.warned(warned), shown, _amount(seconds), above)

    def trace_line(self, label: object, line: object, function: object) -> TraceLine:
        if not _counts(line, 2**31):
            raise WireError("A trace has no line number.")
        return TraceLine(self.line(label), cast("int", line), self.line(function))

    def missing(self, name: object, similar: object, kind: object, there: object) -> Missing:
        return Missing(self.line(name), self.lines(similar), self.line(kind), self.lines(there))

    def stopped(self, limit: object, amount: object) -> Stopped:
        if type(limit) is not str or limit not in get_args(Limit):
            raise WireError("Unknown limit on the wire.")
        return Stopped(cast("Limit", limit), _amount(amount))

    def crashed(self, signal: object, code: object, protocol: object) -> Crashed:
        if not all(each is None or type(each) is int for each in (signal, code)):
            raise WireError("A crash has no number.")
        numbers = cast("tuple[int | None, int | None]", (signal, code))
        return Crashed(*numbers, _typed(protocol, bool))

    def begun(self, part: object) -> Begun:
        if not _counts(part, MOST_PARTS):
            raise WireError("A part has no index.")
        return Begun(cast("int", part))

    def ready(self) -> Ready:
        return Ready()


# By name: how many fields, and what checks them.
_MESSAGES: dict[str, tuple[int, Callable[..., Message]]] = {
    "program": (6, _Fields.program),
    "call": (4, _Fields.call),
    "calls": (1, _Fields.calls),
    "answers": (1, _Fields.answers),
    "loaded": (4, _Fields.loaded),
    "returned": (6, _Fields.returned),
    "raised": (7, _Fields.raised),
    "missing": (4, _Fields.missing),
    "stopped": (2, _Fields.stopped),
    "crashed": (3, _Fields.crashed),
    "begun": (1, _Fields.begun),
    "ready": (0, _Fields.ready),
}


def _file(name: object, data: object) -> tuple[str, bytes]:
    path = _capped(name, LONGEST_KIND)
    # Whoever places it joins it to a folder of the program's own: it must not lead out of that.
    if any(part in ("", ".", "..") for part in path.split("/")) or set(path) & {"\\", "\0"}:
        raise WireError("A file beside a program has no path below it.")
    return path, _typed(data, bytes)


def _own(message: Message) -> bool:
    return isinstance(message, Raised) or (
        isinstance(message, Stopped) and message.limit in OWN_LIMITS
    )


def _typed(value: object, kind: type) -> Any:
    if type(value) is not kind:
        raise WireError(f"A field is {type(value).__name__} where {kind.__name__} must be.")
    return value


def _capped(value: object, cap: int) -> str:
    text: str = _typed(value, str)
    if len(text) > cap:
        raise WireError(f"A text of {len(text)} characters passes the {cap} allowed.")
    return text


def _rows(value: object, most: int) -> tuple[Any, ...]:
    rows: tuple[Any, ...] = _typed(value, tuple)
    if len(rows) > most:
        raise WireError(f"{len(rows)} rows pass the {most} allowed.")
    return rows


def _row(value: object, width: int) -> tuple[Any, ...]:
    row = _rows(value, width)
    if len(row) != width:
        raise WireError(f"A row has {len(row)} fields where {width} must be.")
    return row


def _counts(value: object, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def _amount(value: object) -> float:
    amount: float = _typed(value, float)
    if not (math.isfinite(amount) and amount >= 0):
        raise WireError("An amount is not a number from 0.")
    return amount
