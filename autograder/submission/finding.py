"""What lies in a folder: all that was handed in, found without opening any of it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.submission.files import UnreadableError, read_regular
from autograder.submission.learners import shown

__all__ = ["Found", "Haul", "Skipped", "ignored_folder", "kind_of", "unreachable", "walk_folder"]

Kind = Literal["file", "zip", "stamp", "folder", ""]

IGNORED_FOLDERS = frozenset({"__MACOSX", "__pycache__", "node_modules", "site-packages", "venv"})
# What a system or an editor leaves, and nobody hands in.
IGNORED_FILES = re.compile(r"[.~].*|thumbs\.db|desktop\.ini|icon\r", re.IGNORECASE)
STAMP = "timestamp.txt"  # nbgrader puts one beside each submission
DEEPEST = 12
MOST_EACH = {0: 100_000, 1: 50_000, 2: 5_000}
"""Entries under one folder, by its depth, so that one learner's folder cannot hold up a class."""


@dataclass(frozen=True)
class Found:
    """Something that was handed in.

    parts: its path below what was given; a zip counts as a folder.
    kind: ``file``, ``zip``, nbgrader's ``stamp``, or a ``folder`` with nothing in it.
    modified: seconds; comparable among the files of one learner only.
    read: returns at most so many bytes and one more, and the size; raises UnreadableError.
    problem: why it cannot be had, a key of LEFT_OUT; whose it is counts all the same.
    """

    parts: tuple[str, ...]
    origin: str
    kind: Kind
    modified: float
    read: Callable[[int], tuple[bytes, int]]
    problem: str = ""


@dataclass(frozen=True)
class Skipped:
    """Something that was left out, and why: a key of LEFT_OUT."""

    origin: str
    reason: str


@dataclass
class Haul:
    """What was found and what was left out, while looking.

    beside: how many files go with a graded one, for it to import or read.
    """

    found: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    beside: int = 0
    entries: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def skip(self, origin: str, reason: str) -> None:
        """Leave something out."""
        self.skipped.append(Skipped(shown(origin), reason))

    def has_room(self, folder: tuple[str, ...]) -> bool:
        """Count one more entry of a folder; False when there are too many around it."""
        for depth, most in MOST_EACH.items():
            if len(folder) >= depth:
                self.entries[folder[:depth]] += 1
                if self.entries[folder[:depth]] > most:
                    return False
        return True


def kind_of(name: str) -> Kind:
    """Tell by its name what a file is; empty for what nobody handed in."""
    if name == STAMP:
        return "stamp"
    if IGNORED_FILES.fullmatch(name):
        return ""
    return "zip" if name.lower().endswith(".zip") else "file"


def unreachable(
    parts: tuple[str, ...], origin: str, reason: str, kind: Kind = "file", modified: float = 0.0
) -> Found:
    """Return something that was handed in and cannot be had."""

    def read(_most: int) -> tuple[bytes, int]:
        raise UnreadableError(reason)

    return Found(parts, shown(origin), kind, modified, read, reason)


def ignored_folder(name: str) -> bool:
    """Tell whether nothing in a folder of this name was written by a learner."""
    return name in IGNORED_FOLDERS or name.startswith(".")


def walk_folder(root: Path, haul: Haul, under: tuple[str, ...] = ()) -> list[tuple[Path, Found]]:
    """Add a folder's files to the haul, all but zips, and return those.

    under: what stands before the path of each.

    Links are left out, wherever they lead: whoever wrote a learner's folder could plant one to the
    solutions or to another learner's work. What a link within the folder shows is found by itself.
    """
    zips: list[tuple[Path, Found]] = []
    waiting: list[tuple[Path, tuple[str, ...]]] = [(root, under)]
    while waiting:
        folder, parts = waiting.pop()
        before = len(haul.found) + len(zips) + len(waiting)
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            haul.found.append(unreachable(parts, str(folder), "unreadable"))
            continue
        for entry in entries:
            if not haul.has_room(parts):
                haul.found.append(unreachable((*parts, "…"), str(folder), "too_many_files"))
                break
            _look(entry, parts, haul, waiting, zips)
        if parts and len(haul.found) + len(zips) + len(waiting) == before:
            haul.found.append(unreachable(parts, str(folder), "nothing", "folder"))
    return zips


def _look(
    entry: os.DirEntry[str],
    parts: tuple[str, ...],
    haul: Haul,
    waiting: list[tuple[Path, tuple[str, ...]]],
    zips: list[tuple[Path, Found]],
) -> None:
    path, here = Path(entry.path), (*parts, entry.name)
    kind = kind_of(entry.name)
    try:
        if entry.is_symlink() or getattr(entry, "is_junction", bool)():
            if kind or entry.is_dir():
                haul.found.append(unreachable(here, entry.path, "symlink"))
        elif entry.is_dir(follow_symlinks=False):
            if ignored_folder(entry.name):
                return
            if len(here) > DEEPEST:
                haul.found.append(unreachable(here, entry.path, "too_deep"))
            else:
                waiting.append((path, here))
        elif kind:
            modified = entry.stat(follow_symlinks=False).st_mtime

            def read(most: int) -> tuple[bytes, int]:
                return read_regular(path, most, planted=True)

            found = Found(here, shown(entry.path), kind, modified, read)
            if kind == "zip":
                zips.append((path, found))
            else:
                haul.found.append(found)
    except OSError:
        haul.found.append(unreachable(here, entry.path, "unreadable"))
