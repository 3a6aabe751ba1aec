"""From an error to a sentence: what a learner's command says when it cannot be carried out."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping, Sequence

from autograder.errors import CourseError, EngineFault, GradeFlowError, LearnerError, refusal
from autograder.messages.catalogue import translate
from autograder.messages.explain import clean

__all__ = ["learner_error", "number_of", "some", "told", "typed"]

PLAIN = re.compile(r"[\w./\\:~+=@%,-]+")  # of a word that no shell takes apart
Facts = Mapping[str, str | int | float | tuple[str, ...]]


def learner_error(key: str, /, **facts: str | int | float | tuple[str, ...]) -> LearnerError:
    """Make an error for a learner, by the key of its text and the facts that the text names.

    Its own text is the English one, for whoever only writes it down.
    """
    return LearnerError(_sentence(key, "en", facts), key, facts)


def typed(word: str) -> str:
    """Write a word of a command, such as a path, so that it can be typed or copied as it stands."""
    if PLAIN.fullmatch(word) and not (os.name == "posix" and "\\" in word):
        return word
    return shlex.quote(word) if os.name == "posix" else f'"{word}"'


def told(error: GradeFlowError | OSError, language: str) -> str:
    """Tell a learner of an error, in their language.

    What is wrong with the course, the engine or the machine is no doing of theirs, which is said
    first; what exactly it is stays in English, for whoever mends it.
    """
    match error:
        case LearnerError():
            return _sentence(error.key, language, error.facts)
        case CourseError():
            return _sentence("error.course", language, {"detail": str(error)})
        case EngineFault():
            return _sentence("error.fault", language, {"detail": str(error)})
        case OSError():
            return _sentence("error.machine", language, {"detail": refusal(error)})
    return clean(str(error))


def some(names: Sequence[str], most: int) -> str:
    """List names for an instructor: so many of them, and a sign where there are more."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def number_of(count: int, noun: str) -> str:
    """Count things for an instructor: ``1 exercise``, ``2 exercises``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _sentence(key: str, language: str, facts: Facts) -> str:
    text = translate(key, language, **{name: _listed(facts[name], language) for name in facts})
    if facts.get("similar"):
        text = translate("error.similar", language, text=text, similar=facts["similar"])
    return clean(text)


def _listed(fact: str | int | float | tuple[str, ...], language: str) -> str | int | float:
    if not isinstance(fact, tuple):
        return fact
    return translate("error.between", language).join(fact) or translate("error.none", language)
