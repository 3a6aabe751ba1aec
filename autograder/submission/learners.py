"""Learners' ids: unique in a class, and safe as names of files on every system."""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["safe_id", "shown", "unique_id"]

LONGEST = 120  # bytes of UTF-8; file systems allow 255, and a suffix is yet to come
RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)", re.IGNORECASE
)


def safe_id(text: str) -> str:
    """Return a learner's name or number as an id; letters of every script stay.

    Stable: an id is its own id.
    """
    kept = "".join(_safe(character) for character in unicodedata.normalize("NFC", text))
    # What was dropped may have stood between a letter and its accent.
    plain = unicodedata.normalize("NFC", " ".join(kept.split())).lstrip(". -~").rstrip(". ")
    if RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain.encode()) > LONGEST:
        digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:8]
        head = plain.encode()[: LONGEST - 9].decode(errors="ignore").rstrip(". ")
        plain = unicodedata.normalize("NFC", f"{head}-{digest}")
    return plain or "learner"


def unique_id(wanted: str, taken: set[str]) -> str:
    """Return the id, or with ``-2``, ``-3`` … where it is taken, and take it.

    taken: ids by ``casefold``, since some file systems do not tell ``Ana`` from ``ana``.
    """
    chosen, number = wanted, 1
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{wanted}-{number}"
    taken.add(chosen.casefold())
    return chosen


def shown(text: str) -> str:
    """Return a file's name or path as text that can be printed and written as UTF-8."""
    return "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in text)


def _safe(character: str) -> str:
    if character in '<>:"/\\|?*':
        return "_"
    kind = unicodedata.category(character)
    if kind[0] == "Z" or character in "\t\r\n":
        return " "
    return "" if kind[0] == "C" else character
