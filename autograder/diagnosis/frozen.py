"""``answers.json``: frozen answers as a file that a person can read and git can compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from autograder.diagnosis.answers import REFERENCE, AnswerBook, Known
from autograder.diagnosis.thawing import thawed_call, thawed_outcome
from autograder.errors import CourseError
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
    MemoryError,
)
MOST_BYTES = 32 * 2**20


def to_json(book: AnswerBook) -> str:
    """Write a book; equal books give equal bytes.

    Raises CourseError for more than is read again.
    """
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
    text = json.dumps(head, ensure_ascii=False)[:-1] + f', "answers": [\n{lines}\n]}}\n'
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise CourseError(f"the answers take more than {most} MiB: let public checks draw less")
    return text


def read_answers(path: Path) -> AnswerBook:
    """Read a book.

    Raises CourseError when the file is not one.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("longer than any that is made")
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise CourseError("was made by another version of GradeFlow: fetch it anew", path)
        return _book(data)
    except DAMAGE as error:
        raise CourseError(f"is damaged ({type(error).__name__}): fetch it anew", path) from None


def _book(data: dict[str, Any]) -> AnswerBook:
    variants = {key: frozenset(map(str, names)) for key, names in data["variants"].items()}
    entries = tuple(
        Known(
            thawed_call(entry["call"]),
            {key: thawed_outcome(each) for key, each in entry["outcomes"].items()},
        )
        for entry in data["answers"]
    )
    if not all(REFERENCE in entry.outcomes for entry in entries):
        raise ValueError("an answer without the reference's")
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


def _call_out(call: Call) -> dict[str, Any]:
    out: dict[str, Any] = {"target": _out(call.target), "args": [_out(arg) for arg in call.args]}
    if call.kwargs:
        out["kwargs"] = {key: _out(value) for key, value in call.kwargs.items()}
    return out


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
