"""``answers.json``: frozen answers as a file that a person can read and git can compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from autograder.diagnosis.answers import REFERENCE, AnswerBook, Known
from autograder.errors import CourseError
from autograder.wire.format import LIBRARIES
from autograder.wire.protocol import (
    Again,
    Call,
    Code,
    Name,
    Opaque,
    Outcome,
    Raised,
    Returned,
    Seed,
    Stopped,
    Tensor,
    Warned,
)

__all__ = ["read_answers", "to_json"]

FORMAT = 1
# What reading a file raises that is not, or not quite, what to_json wrote.
DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def to_json(book: AnswerBook) -> str:
    """Write a book; equal books give equal bytes."""
    entries = [
        {
            "call": _call_out(entry.call),
            "outcomes": {key: _outcome_out(each) for key, each in entry.outcomes.items()},
        }
        for entry in book.entries
    ]
    replaced = {key: sorted(names) for key, names in book.variants.items()}
    # Whoever builds a course fills in what the answers are made of.
    head = {"format": FORMAT, "made_of": "", "checksum": "", "variants": replaced}
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "answers": [\n{lines}\n]}}\n'


def read_answers(path: Path) -> AnswerBook:
    """Read a book.

    Raises CourseError when the file is not one.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise CourseError("was made by another version of GradeFlow: fetch it anew", path)
        variants = {key: frozenset(names) for key, names in data["variants"].items()}
        entries = tuple(
            Known(
                _call_in(entry["call"]),
                {key: _outcome_in(each) for key, each in entry["outcomes"].items()},
            )
            for entry in data["answers"]
        )
        if not all(REFERENCE in entry.outcomes for entry in entries):
            raise ValueError("an answer without the reference's")
    except DAMAGE as error:
        raise CourseError(f"is damaged ({type(error).__name__}): fetch it anew", path) from None
    return AnswerBook(entries, variants)


# ---- values: JSON where JSON has the type, else an object with one key that starts with "$" ----


def _out(value: Any) -> Any:
    match value:
        case np.ndarray():
            return {
                "$array": [_out(item) for item in value.ravel().tolist()],
                "shape": list(value.shape),
                "dtype": value.dtype.str.lstrip("<>|="),
            }
        case np.generic():
            return {"$scalar": _out(value.item()), "dtype": value.dtype.str.lstrip("<>|=")}
        case bool() | int() | str() | None:
            return value
        case float():
            return value if np.isfinite(value) else {"$float": str(value)}
        case complex():
            return {"$complex": [_out(value.real), _out(value.imag)]}
        case list():
            return [_out(item) for item in value]
        case tuple():
            return {"$tuple": [_out(item) for item in value]}
        case dict():
            return {"$dict": [[_out(key), _out(item)] for key, item in value.items()]}
        case Name(name):
            return {"$name": name}
        case Seed(number):
            return {"$seed": number}
        case Again():
            return {"$again": 1}
        case Code(name, source):
            return {"$code": name, "source": source}
        case Tensor(library, array):
            return {"$tensor": library, "array": _out(array)}
        case Opaque(kind, text):
            return {"$opaque": kind, "text": text}
        case bytes():
            return {"$bytes": value.hex()}
        case set() | frozenset():
            name = "$set" if isinstance(value, set) else "$frozenset"
            return {name: sorted((_out(item) for item in value), key=json.dumps)}
    raise TypeError(f"a {type(value).__name__} cannot be frozen")


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return [_in(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$array": items, "shape": shape, "dtype": dtype}:
            return np.array([_in(item) for item in items], dtype).reshape(shape)
        case {"$scalar": item, "dtype": dtype}:
            return np.dtype(dtype).type(_in(item))
        case {"$float": text}:
            return float(text)
        case {"$complex": [real, imag]}:
            return complex(_in(real), _in(imag))
        case {"$tuple": items}:
            return tuple(_in(item) for item in items)
        case {"$dict": pairs}:
            return {_in(key): _in(item) for key, item in pairs}
        case {"$name": name}:
            return Name(name)
        case {"$seed": number}:
            return Seed(number)
        case {"$again": 1}:
            return Again()
        case {"$code": name, "source": source}:
            return Code(name, source)
        case {"$tensor": library, "array": array} if library in LIBRARIES:
            return Tensor(library, _in(array))
        case {"$opaque": kind, "text": text}:
            return Opaque(kind, text)
        case {"$bytes": text}:
            return bytes.fromhex(text)
        case {"$set": items}:
            return {_in(item) for item in items}
        case {"$frozenset": items}:
            return frozenset(_in(item) for item in items)
    raise ValueError("unknown kind of value")


def _call_out(call: Call) -> dict[str, Any]:
    out: dict[str, Any] = {"target": _out(call.target), "args": [_out(arg) for arg in call.args]}
    if call.kwargs:
        out["kwargs"] = {key: _out(value) for key, value in call.kwargs.items()}
    return out


def _call_in(data: dict[str, Any]) -> Call:
    kwargs = {key: _in(value) for key, value in data.get("kwargs", {}).items()}
    return Call(_in(data["target"]), tuple(_in(arg) for arg in data["args"]), kwargs)


def _outcome_out(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Returned():
            out: dict[str, Any] = {"value": _out(outcome.value)}
            if outcome.changed:
                out["changed"] = {str(k): _out(value) for k, value in outcome.changed.items()}
            if outcome.warnings:
                out["warnings"] = [warned.category for warned in outcome.warnings]
            return out
        case Raised():
            return {"raised": outcome.kind, "message": outcome.message}
        case Stopped():
            return {"stopped": outcome.limit, "amount": outcome.amount}
    raise TypeError(f"a call that ended as {type(outcome).__name__} cannot be frozen")


def _outcome_in(data: dict[str, Any]) -> Outcome:
    if "raised" in data:
        return Raised(data["raised"], data["message"])
    if "stopped" in data:
        return Stopped(data["stopped"], data["amount"])
    changed = {int(k): _in(value) for k, value in data.get("changed", {}).items()}
    warned = tuple(Warned(category, "") for category in data.get("warnings", []))
    return Returned(_in(data["value"]), changed, warned)
