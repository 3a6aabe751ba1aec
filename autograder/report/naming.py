"""What was named in a class: misunderstandings of the exercise, and patterns that have no name."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.catalogue import Exercise
from autograder.catalogue.speaking import own_texts
from autograder.messages import has, translate
from autograder.messages.catalogue import fields
from autograder.model import FOUND_BY_HEART
from autograder.report.gathering import Gathered

__all__ = ["Named", "named_of", "pattern_text"]


@dataclass(frozen=True)
class Named:
    """Something that a failure looked like, and whose did."""

    name: str
    hint: str
    learners: tuple[str, ...]
    is_misconception: bool


def named_of(gathered: Gathered, exercise: Exercise, language: str, *, shown: bool) -> list[Named]:
    """Return misconceptions, the most frequent first, and behind them patterns.

    shown: to learners, who are not told of answers that somebody knows by heart.
    """
    own = own_texts(exercise, language)
    found = []
    for name, learners in gathered.misconceptions.items():
        if shown and name == FOUND_BY_HEART:
            continue
        learnt = translate("report.by_heart", language) if name == FOUND_BY_HEART else ""
        hint = own("misconception", name) or learnt
        found.append(Named(name, hint, learners, name != FOUND_BY_HEART))
    found += [
        Named(name.replace("_", " "), pattern_text(name, language), learners, False)
        for name, learners in gathered.patterns.items()
    ]
    return found


def pattern_text(name: str, language: str) -> str:
    """Say what a pattern is, without the numbers of one program."""
    key = f"pattern.{name}_hidden" if has(f"pattern.{name}_hidden") else f"pattern.{name}"
    if not has(key):
        return ""
    return translate(key, language, **dict.fromkeys(fields(key), "…"))
