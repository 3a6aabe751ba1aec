"""What was named in a class: misunderstandings of the exercise, and patterns that have no name."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.catalogue import Exercise
from autograder.messages import has, translate
from autograder.messages.catalogue import fields
from autograder.plugin.opening import own_texts
from autograder.report.gathering import Gathered

__all__ = ["Named", "named_of", "pattern_text"]

BY_HEART = "by heart"


@dataclass(frozen=True)
class Named:
    """Something that a failure looked like, and whose did."""

    name: str
    hint: str
    learners: tuple[str, ...]
    is_misconception: bool


def named_of(gathered: Gathered, exercise: Exercise, language: str) -> list[Named]:
    """Return misconceptions, the most frequent first, and behind them patterns."""
    own = own_texts(exercise, language)
    found = []
    for name, learners in gathered.misconceptions.items():
        learnt = translate("report.by_heart", language) if name == BY_HEART else ""
        hint = own("misconception", name) or learnt
        found.append(Named(name, hint, learners, name != BY_HEART))
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
