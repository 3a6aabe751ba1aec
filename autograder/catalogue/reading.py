"""Reading TOML into typed records, with errors that name file and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.errors import CourseError

__all__ = ["Text", "line_of", "read_toml"]

T = TypeVar("T")


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A learner's text in every language of the course."""

    en: str
    zh: str

    def in_(self, language: str) -> str:
        """Return the text in a language, ``en`` or ``zh``."""
        return self.zh if language == "zh" else self.en


def read_toml(path: Path, kind: type[T]) -> T:
    """Read a TOML file as a record.

    Raises CourseError, located, when the file is missing, is not TOML, or does not fit the record.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError("this file is missing; create it", path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"cannot be read: {error}", path) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else None
        raise CourseError(f"is not valid TOML: {error}", path, line) from None
    try:
        return msgspec.convert(data, kind)
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
