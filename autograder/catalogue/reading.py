"""Reading TOML into typed records, with errors that name file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import msgspec

from autograder.errors import CourseError

__all__ = ["Hints", "Text", "line_of", "read_toml", "text_of"]

T = TypeVar("T")
Value = TypeVar("Value")


class _ByLanguage(Generic[Value]):
    """What learners read, in each language that its author writes."""

    # No dataclass: msgspec would read its field where a table of languages stands.
    def __init__(self, by_language: Mapping[str, Value]) -> None:
        self.by_language = MappingProxyType(dict(by_language))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.by_language == self.by_language

    def __hash__(self) -> int:
        return hash(tuple(self.by_language.items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self.by_language)!r})"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are, in the author's order."""
        return tuple(self.by_language)

    def in_(self, language: str) -> Value:
        """Return it in a language; where it is not written in that one, in the author's first."""
        first = next(iter(self.by_language.values()))
        return self.by_language.get(language, first)


class Text(_ByLanguage[str]):
    """A learner's text in the languages of its exercise, or of the course."""


class Hints(_ByLanguage[tuple[str, ...]]):
    """A ladder of hints: a question, a pointer, a near-solution."""


def _by_language(kind: type, given: Any) -> Any:
    """Read a text of several languages; TOML writes it as a table with a key for each."""
    if not issubclass(kind, _ByLanguage):
        raise NotImplementedError(kind)
    if not isinstance(given, dict) or not given:
        raise TypeError('write it by language, as in title.en = "…"')
    inner = tuple[str, ...] if kind is Hints else str
    return kind({key: msgspec.convert(each, inner) for key, each in given.items()})


def read_toml(path: Path, kind: type[T]) -> T:
    """Read a TOML file as a record.

    Raises CourseError, located, when the file is missing, is not TOML, or does not fit the record.
    """
    text = text_of(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else None
        raise CourseError(f"is not valid TOML: {error}", path, line) from None
    try:
        return msgspec.convert(data, kind, dec_hook=_by_language)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `")
        line = line_of(text, place.rstrip("`"))
        where = f" (at {place.rstrip('`')[2:]})" if place else ""
        raise CourseError(message + where, path, line) from None


def line_of(text: str, place: str) -> int | None:
    """Find the line of a place such as ``$.tasks[2].points`` in a TOML text, as near as can be.

    Counts ``[[tasks]]`` headers for the index, then looks for the last key below.
    """
    found = re.match(r"\$\.(\w+)(?:\[(\d+|\.\.\.)\])?(?:\.(\w+))?", place)
    if not found:
        return None
    table, index, key = found.groups()
    lines = text.splitlines()
    headers = [
        number
        for number, line in enumerate(lines)
        if re.match(rf"\s*\[*{re.escape(table)}\b|\s*{re.escape(table)}\s*[=.]", line)
    ]
    if not headers:
        return None
    start = headers[min(int(index), len(headers) - 1)] if index and index.isdigit() else headers[0]
    for number in range(start + 1, len(lines)):
        if key and re.match(rf"\s*{re.escape(key)}\b", lines[number]):
            return number + 1
        if lines[number].startswith("["):
            break
    return start + 1


def text_of(path: Path) -> str:
    """Read a file of a course. CourseError when it is missing, or no text in UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError("this file is missing; create it", path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"cannot be read: {error}", path) from None
