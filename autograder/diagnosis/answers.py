"""Answers known beforehand: what the reference and each wrong variant return on given inputs.

In the author's room they are computed by running those programs, each call once however many
learners are graded. For a learner's machine they are *frozen* into ``answers.json``, which then
stands in for programs that are not shipped.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.checks.compare import agrees
from autograder.diagnosis.syntax import meaning
from autograder.errors import UnknownAnswer
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.meter import aside
from autograder.sandbox.session import Session
from autograder.wire.digest import digest_of
from autograder.wire.protocol import Call, Code, Loaded, Outcome, Raised, Returned, Stopped, Tensor
from autograder.wire.weight import weight

__all__ = [
    "REFERENCE",
    "AnswerBook",
    "FrozenSession",
    "Known",
    "RememberingSession",
    "alike",
    "copied",
    "same",
]

REFERENCE = "reference"
MOST_REMEMBERED = 64 * 2**20  # bytes, of one program
# A thousand roundings of float32, or sums that cancel: another order of operations, no other idea.
SINGLE = (np.dtype(np.float32), np.dtype(np.float16))


class RememberingSession:
    """A session over a trusted program whose answers depend on nothing but the call.

    most: bytes of answers to remember; those that were asked for longest ago go first, since what
    a class asks again and again is the checks' own, and the rest one learner's values have made.
    """

    def __init__(self, session: Session, most: int = MOST_REMEMBERED) -> None:
        self._session = session
        self._known: OrderedDict[bytes, tuple[Outcome, int]] = OrderedDict()
        self._room = most

    def load(self) -> Loaded:
        """Run the program's top level, once."""
        return self._session.load()

    def call(self, call: Call) -> Outcome:
        """Answer from memory, or ask the program."""
        key = None if call.keep else digest_of(call)
        if key is None:
            return self._asked(call)
        if key not in self._known:
            return self._learnt(key, self._asked(call))
        self._known.move_to_end(key)
        return copied(self._known[key][0])

    def _asked(self, call: Call) -> Outcome:
        with aside():
            return self._session.call(call)

    def _learnt(self, key: bytes, outcome: Outcome) -> Outcome:
        size = weight((key, outcome))
        self._known[key] = outcome, size
        self._room -= size
        while self._room < 0 and len(self._known) > 1:
            _, (_, freed) = self._known.popitem(last=False)
            self._room += freed
        return copied(outcome)

    def forget(self) -> None:
        """Let go of what was kept for one submission: a class would fill the memory."""
        if isinstance(self._session, InProcessSession):
            self._session.forget()

    def close(self) -> None:
        """End the program."""
        self._session.close()


@dataclass(frozen=True)
class Known:
    """One call, with the outcome of the reference and of each variant that differs from it."""

    call: Call
    outcomes: dict[str, Outcome]


class AnswerBook:
    """All frozen answers of an exercise, found by call.

    variants: for each wrong variant's key, the functions that are wrong in it.
    """

    def __init__(self, entries: tuple[Known, ...], variants: dict[str, frozenset[str]]) -> None:
        self.entries = entries
        self.variants = variants
        self._plain = [_plain(entry.call) for entry in entries]
        self._exact = {
            digest_of(call): entry for call, entry in zip(self._plain, entries, strict=True)
        }

    def find(self, call: Call) -> Known | None:
        """Find a call: the very bytes, else the same call with inputs equal to ten digits.

        Random inputs pass through the platform's own log and exp, so their last bits may differ
        between the author's machine and the learner's. A probe is the same as long as it says the
        same: a newer engine may hold it with another comment.
        """
        call = _plain(call)
        exact = self._exact.get(digest_of(call) or b"")
        if exact is not None:
            return exact
        given = (call.args, call.kwargs)
        for entry, plain in zip(self.entries, self._plain, strict=True):
            if plain.target == call.target and same((plain.args, plain.kwargs), given, rtol=1e-10):
                return entry
        return None


class FrozenSession:
    """Stands in for one program, by its key (``reference``, ``A1.1``), from frozen answers."""

    def __init__(self, book: AnswerBook, key: str) -> None:
        self._book = book
        self._key = key

    def load(self) -> Loaded:
        """Nothing runs."""
        return Loaded({})

    def call(self, call: Call) -> Outcome:
        """Return the frozen outcome.

        Raises UnknownAnswer for a call that was not frozen: the released folder is stale.
        """
        known = self._book.find(call)
        if known is None:
            raise UnknownAnswer(
                "answers.json does not hold the answer to a call of test_public.py; "
                "the folder was changed or is older than its tests: fetch it anew"
            )
        return copied(known.outcomes.get(self._key, known.outcomes[REFERENCE]))

    def close(self) -> None:
        """Nothing to end."""


def copied(outcome: Outcome) -> Outcome:
    """Copy the value of an outcome that is kept: a check may change what it was given."""
    return (
        replace(outcome, value=_copied(outcome.value)) if isinstance(outcome, Returned) else outcome
    )


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value)(_copied(item) for item in value)
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return value


def _plain(call: Call) -> Call:
    """Return a call in which code of ours is without its layout."""
    kwargs = {name: _without_layout(value) for name, value in call.kwargs.items()}
    args = tuple(map(_without_layout, call.args))
    return replace(call, target=_without_layout(call.target), args=args, kwargs=kwargs)


def _without_layout(value: Any) -> Any:
    if isinstance(value, Code):
        return Code(value.name, meaning(value.source))
    if isinstance(value, list | tuple):
        return type(value)(_without_layout(item) for item in value)
    if isinstance(value, dict):
        return {key: _without_layout(item) for key, item in value.items()}
    return value


def same(one: object, other: object, *, rtol: float = 1e-7, in_form: bool = True) -> bool:
    """Tell whether two values are alike, in value within a tolerance, and in type.

    With ``in_form`` false only what checks tell apart counts as another type: an array or a single
    number, of numbers or of truth values. Integers for floats, or a list for a tuple, are then
    another style and not another mistake.
    """
    if in_form and type(one) is not type(other):
        return False
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return one.library == other.library and same(one.array, other.array, rtol=rtol)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(
            same(a, b, rtol=rtol, in_form=in_form) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            same(value, other[key], rtol=rtol, in_form=in_form) for key, value in one.items()
        )
    if in_form:
        alike_in_form = getattr(one, "dtype", None) == getattr(other, "dtype", None)
    else:
        forms = _form(one), _form(other)
        alike_in_form = forms[0] == forms[1] if any(forms) else type(one) is type(other)
    if not alike_in_form:
        return False
    single = any(getattr(value, "dtype", None) in SINGLE for value in (one, other))
    rtol, atol = (max(rtol, 1e-4), 1e-6) if single else (rtol, 1e-12)
    return agrees(one, other, rtol=rtol, atol=atol, dtype="any")


def _form(value: object) -> tuple[bool, str] | None:
    """Return whether a value is an array, and the kind of its numbers; None for anything else."""
    if not isinstance(value, np.ndarray | np.generic | bool | int | float | complex):
        return None
    array = np.asarray(value)
    return array.ndim > 0, "number" if array.dtype.kind in "iuf" else array.dtype.kind


def alike(one: Outcome, other: Outcome, *, rtol: float = 1e-6) -> bool:
    """Tell whether two programs did the same: value, changed arguments, warnings, exception.

    ``rtol=1e-6`` forgives another order of operations and float32 somewhere on the way.
    """
    if isinstance(one, Returned) and isinstance(other, Returned):
        categories = [{w.category for w in outcome.warnings} for outcome in (one, other)]
        return (
            same(one.value, other.value, rtol=rtol, in_form=False)
            and same(one.changed, other.changed, rtol=rtol, in_form=False)
            and categories[0] == categories[1]
        )
    if isinstance(one, Raised) and isinstance(other, Raised):
        return one.kind == other.kind
    if isinstance(one, Stopped) and isinstance(other, Stopped):
        return one.limit == other.limit
    return False
