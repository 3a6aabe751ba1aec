"""Everything GradeFlow says to a learner, in every language."""

from autograder.messages.catalogue import LANGUAGES, has, said_language, texts, translate
from autograder.messages.explain import Explanation, OwnTexts, explain, explain_evidence

__all__ = [
    "LANGUAGES",
    "Explanation",
    "OwnTexts",
    "explain",
    "explain_evidence",
    "has",
    "said_language",
    "texts",
    "translate",
]
