"""Which of a check's calls a value came from that the check found wrong."""

from __future__ import annotations

from collections.abc import Callable

from autograder.checks import Mismatch, difference
from autograder.sandbox.proxy import Exchange, Recorder
from autograder.wire.protocol import Outcome, Returned

__all__ = ["source_of"]

MOST_TRIED = 64  # calls that may have given one and the same value


def source_of(
    error: Mismatch, recorder: Recorder, right: Callable[[Exchange], Outcome | None]
) -> Exchange | None:
    """Return the call that gave the wrong value; where none is known for it, the last one.

    right: asks the reference the same call; None where it cannot be asked. A check that makes
    several calls before it compares has None, True or 3 from more than one of them: it is the
    first whose right answer is the wanted one.
    """
    if error.evidence.kind == "statement":  # a condition, which speaks of no value
        return recorder.exchanges[-1] if recorder.exchanges else None
    found = recorder.of(error.got)
    if len(found) > 1 and error.wanted is not None:
        for exchange in found[: -MOST_TRIED - 1 : -1]:
            answer = right(exchange)
            if isinstance(answer, Returned) and _gives(answer.value, error.wanted):
                return exchange
    return found[0] if found else None


def _gives(whole: object, wanted: object) -> bool:
    """Tell whether a value is the wanted one, or one of its parts is."""
    if difference(whole, wanted) is None:
        return True
    parts = list(whole.values()) if isinstance(whole, dict) else whole
    return isinstance(parts, list | tuple) and any(_gives(part, wanted) for part in parts)
