"""Which misunderstanding a failure looks like."""

from autograder.diagnosis.answers import (
    REFERENCE,
    AnswerBook,
    FrozenSession,
    Known,
    RememberingSession,
    alike,
)
from autograder.diagnosis.match import Suspect, holds_handle, name_misconception, portable
from autograder.diagnosis.patterns import pattern
from autograder.diagnosis.variants import Variant, misconception, read_variants

__all__ = [
    "REFERENCE",
    "AnswerBook",
    "FrozenSession",
    "Known",
    "RememberingSession",
    "Suspect",
    "Variant",
    "alike",
    "holds_handle",
    "misconception",
    "name_misconception",
    "pattern",
    "portable",
    "read_variants",
]
