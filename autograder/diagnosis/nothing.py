"""A program that stops when it is asked of nothing: an empty list, no number that tells more."""

from __future__ import annotations

from autograder.diagnosis.asking import FRESH
from autograder.diagnosis.fresh import fresh
from autograder.wire.protocol import Call, Outcome, Raised

__all__ = ["stops_at_nothing"]

OF_ITSELF = frozenset({"NameError", "UnboundLocalError", "TypeError", "AttributeError"})
"""Exceptions that say what is wrong with the writing, and not with what was asked."""


def stops_at_nothing(call: Call, outcome: Outcome) -> bool:
    """Tell whether an exception stops a program at a call of which there is no fresh version.

    It has forgotten that there may be nothing, whatever else it does.
    """
    stopped = isinstance(outcome, Raised) and outcome.kind not in OF_ITSELF
    return stopped and fresh(call, FRESH[0]) is None
