"""Which misunderstanding a failure looks like."""

from autograder.diagnosis.among import name_among
from autograder.diagnosis.answers import (
    REFERENCE,
    AnswerBook,
    FrozenSession,
    Known,
    RememberingSession,
    alike,
    copied,
)
from autograder.diagnosis.asking import FRESH, Drawn, Room
from autograder.diagnosis.behaviour import Did, behaviour
from autograder.diagnosis.by_heart import by_heart
from autograder.diagnosis.considered import consider
from autograder.diagnosis.fresh import fresh, smaller
from autograder.diagnosis.match import Suspect, departing, holds_handle, matching, portable
from autograder.diagnosis.parameters import asked_parameters, misplaced
from autograder.diagnosis.patterns import PLAIN, arrangement, pattern
from autograder.diagnosis.returning import called_by, returned_names, returns_a_value
from autograder.diagnosis.second_look import (
    Question,
    innermost,
    name_of,
    pattern_of,
    remembers,
)
from autograder.diagnosis.spelling import meant_keyword
from autograder.diagnosis.variants import Variant, misconception, read_variants

__all__ = [
    "FRESH",
    "PLAIN",
    "REFERENCE",
    "AnswerBook",
    "Did",
    "Drawn",
    "FrozenSession",
    "Known",
    "Question",
    "RememberingSession",
    "Room",
    "Suspect",
    "Variant",
    "alike",
    "arrangement",
    "asked_parameters",
    "behaviour",
    "by_heart",
    "called_by",
    "consider",
    "copied",
    "departing",
    "fresh",
    "holds_handle",
    "innermost",
    "matching",
    "meant_keyword",
    "misconception",
    "misplaced",
    "name_among",
    "name_of",
    "pattern",
    "pattern_of",
    "portable",
    "read_variants",
    "remembers",
    "returned_names",
    "returns_a_value",
    "smaller",
]
