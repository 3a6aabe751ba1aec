"""What the answers of a class say of the class and of the test: pure functions of numbers."""

from autograder.measures.following import Follows, chance_of, following
from autograder.measures.items import (
    Alpha,
    Item,
    cronbach_alpha,
    item_of,
    learners_needed,
    rest_correlation,
)
from autograder.measures.spread import Spread, binned, spread_of

__all__ = [
    "Alpha",
    "Follows",
    "Item",
    "Spread",
    "binned",
    "chance_of",
    "cronbach_alpha",
    "following",
    "item_of",
    "learners_needed",
    "rest_correlation",
    "spread_of",
]
