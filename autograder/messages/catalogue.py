"""Texts by language and key."""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from importlib import resources
from string import Formatter

__all__ = ["LANGUAGES", "VARIABLE", "fields", "has", "said_language", "texts", "translate"]

LANGUAGES = ("en", "zh")
VARIABLE = "GRADEFLOW_LANGUAGE"
_CELL = re.compile(r"cell (\d+)")
_RUN = re.compile(r"cell \[(\d+)\]")


def said_language() -> str | None:
    """Return the language that $GRADEFLOW_LANGUAGE asks for, ``zh`` for ``zh_CN.UTF-8`` too."""
    said = os.environ.get(VARIABLE, "").lower()[:2]
    return said if said in LANGUAGES else None


@cache
def texts(language: str) -> dict[str, str]:
    """Return all texts of a language, by keys such as ``evidence.shape``.

    A course may be written in a language that the engine does not speak: then it speaks English.
    """
    if language not in LANGUAGES:
        return texts(LANGUAGES[0])
    raw = resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(raw)
    return {f"{table}.{key}": text for table, keys in tables.items() for key, text in keys.items()}


def has(key: str) -> bool:
    """Tell whether there is such a text."""
    return key in texts("en")


@cache
def fields(key: str) -> frozenset[str]:
    """Return the names of the facts that a text uses."""
    return frozenset(name for _, name, _, _ in Formatter().parse(texts("en")[key]) if name)


def translate(key: str, language: str, /, **facts: object) -> str:
    """Return a text with its facts filled in.

    Facts are learner's text at times, so they are never formatted themselves: braces in a fact
    stay braces. A fact that a text names but nobody gave stays visible as ``?``. The label of a
    notebook's cell is said in the language too: ``cell 3``, or by its run, ``cell [3]``.
    """
    text = texts(language)[key]
    for kind, sign in (("cell", _CELL), ("run", _RUN)):
        if found := sign.fullmatch(str(facts.get("label", ""))):
            facts["label"] = texts(language)[f"label.{kind}"].format(number=found[1])
    return text.format_map(_Facts(facts))


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
