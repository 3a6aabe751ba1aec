"""Everything GradeFlow says to a learner, in every language."""

from autograder.messages.catalogue import LANGUAGES, has, said_language, texts, translate
from autograder.messages.explain import Explanation, OwnTexts, clean, explain, explain_evidence
from autograder.messages.telling import learner_error, number_of, some, told, typed

__all__ = [
    "LANGUAGES",
    "Explanation",
    "OwnTexts",
    "clean",
    "explain",
    "explain_evidence",
    "has",
    "learner_error",
    "number_of",
    "said_language",
    "some",
    "texts",
    "told",
    "translate",
    "typed",
]
