"""What a notebook carries: of its exercise all that a check needs, as one text.

The text stands in the notebook's metadata and in one of its cells. Whoever reads it has it from a
file that anybody may have written: so it is bounded before it is unpacked, holds four files by
their fixed names, and serves the checks of whoever runs the notebook alone. Grading reads none of
it.
"""

from __future__ import annotations

import atexit
import base64
import functools
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.catalogue import Exercise, load_exercise
from autograder.errors import CourseError
from autograder.handout.release import GIVEN, Release
from autograder.messages import learner_error

__all__ = ["Carried", "laid_out", "packed", "unpacked"]

VERSION = "1"
FORM = re.compile(r"(\d{1,4}):([a-zA-Z-]{1,20}):([A-Za-z0-9+/=]*)")
MOST_TEXT = 4 * 2**20  # characters
MOST_DATA = 32 * 2**20  # bytes, unpacked
MOST_MEMORY = 64 * 2**20  # bytes to unpack it with
DICTIONARY = 2**20  # bytes: more than most exercises hold, and little to unpack
FOLDER = "exercise"


@dataclass(frozen=True)
class Carried:
    """An exercise's files by name, and the language of the notebook's prose."""

    language: str
    files: Mapping[str, str]


def packed(carried: Carried) -> str:
    """Write as one line of ASCII what a notebook is to carry."""
    data = _compressed(msgspec.json.encode(carried.files))
    return f"{VERSION}:{carried.language}:{data}"


@functools.lru_cache(maxsize=32)
def _compressed(data: bytes) -> str:  # a release says the same in each of its languages
    import lzma

    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": DICTIONARY}]
    return base64.b64encode(lzma.compress(data, lzma.FORMAT_XZ, filters=filters)).decode()


def unpacked(text: str) -> Carried:
    """Read it.

    Raises LearnerError when it is damaged, too large, or of another version, or when this Python
    cannot unpack it.
    """
    form = FORM.fullmatch(text) if len(text) <= MOST_TEXT else None
    if form is None:
        raise learner_error("error.carried_damaged")
    version, language, data = form.groups()
    if version != VERSION:
        raise learner_error("error.carried_other")
    return Carried(language, _files(data))


@functools.lru_cache(maxsize=32)
def _files(text: str) -> Mapping[str, str]:
    try:
        import lzma
    except ImportError:
        raise learner_error("error.carried_lzma") from None
    try:
        opened = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_MEMORY)
        data = opened.decompress(base64.b64decode(text, validate=True), MOST_DATA)
        if not opened.eof:
            raise ValueError("it holds more than it may, or ends too soon")
        files = msgspec.json.decode(data, type=dict[str, str])
        if not {*GIVEN} - {"plot.py"} <= {*files} <= {*GIVEN}:
            raise ValueError("it holds other files")
    except (lzma.LZMAError, ValueError, msgspec.MsgspecError, RecursionError):
        raise learner_error("error.carried_damaged") from None
    return files


@functools.lru_cache(maxsize=8)
def laid_out(text: str) -> Exercise:
    """Lay what a notebook carries into a folder of this process alone, and load it from there.

    Raises LearnerError as `unpacked` does, and where the exercise is not one.
    """
    carried = unpacked(text)
    root = Path(tempfile.mkdtemp(prefix="gradeflow-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    (root / FOLDER).mkdir()
    for name, content in carried.files.items():
        (root / FOLDER / name).write_text(content, encoding="utf-8")
    try:
        exercise = load_exercise(root / FOLDER)
    except CourseError:
        raise learner_error("error.carried_damaged") from None
    (root / "course.toml").write_bytes(_course_of(exercise, carried.language))
    return exercise


def _course_of(exercise: Exercise, language: str) -> bytes:
    """Write a course of this exercise alone: it says which language is meant."""
    known = exercise.languages
    of_one: Mapping[str, bytes] = Release(
        exercise.title.by_language, (exercise.name,), known, {}
    ).files_in(language if language in known else known[0])
    return of_one["course.toml"]
