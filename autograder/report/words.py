"""Words that every renderer needs."""

from __future__ import annotations

from autograder.catalogue import Exercise
from autograder.model import CheckResult, Verdict

__all__ = ["LANGUAGE_TAGS", "WORST_FIRST", "names_of_languages", "sentence"]

WORST_FIRST = (Verdict.FAULT, Verdict.ERROR, Verdict.FAILED, Verdict.SKIPPED, Verdict.PASSED)

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
"""How a page names a language to a browser, where that is not the language's own code."""
NAMES = {"en": "English", "zh": "中文"}


def names_of_languages(exercise: Exercise) -> dict[str, str]:
    """Name the languages that a page of an exercise is in: those that it is written in."""
    return {language: NAMES.get(language, language) for language in exercise.languages}


def sentence(check: CheckResult) -> str:
    """Write a check's name as the sentence it is, the task's own name unchanged."""
    name = check.name.removeprefix("test_")
    head = check.task if name.startswith(check.task) else ""
    # pytest writes a parameter at once behind the name
    return head + name[len(head) :].replace("_", " ").replace("[", " [", 1)
