"""One submission: a learner's file, and the program that it holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import Final

from autograder.errors import SubmissionError
from autograder.messages import learner_error
from autograder.submission.decoding import decode
from autograder.submission.files import UnreadableError, read_regular
from autograder.submission.magics import plain_script
from autograder.submission.notebook import read_notebook
from autograder.submission.scanner import conflict_line
from autograder.wire.protocol import Part, Program

__all__ = [
    "SUBMISSION_ERRORS",
    "Submission",
    "code_digest",
    "most_bytes",
    "read_file",
    "read_program",
]

MIB = 2**20
MOST_SCRIPT = 2 * MIB
MOST_NOTEBOOK = 64 * MIB

SUBMISSION_ERRORS: Final[dict[str, tuple[str, ...]]] = {
    "submission.empty": (),
    "submission.too_large": ("size_mb", "limit_mb"),
    "submission.too_many_cells": ("limit",),
    "submission.encoding": (),
    "submission.nul": (),
    "submission.conflict": ("label", "line"),
    "submission.not_json": ("line",),
    "submission.not_notebook": (),
    "submission.no_code_cells": (),
    "submission.wrong_suffix": ("suffix",),
}
"""Every key that a SubmissionError may have, and the names of its facts."""


@dataclass(frozen=True)
class Submission:
    """What one learner handed in.

    learner: an id that is unique in its class and safe as a file's name.
    name: the file's name as the learner knows it, to be shown.
    data: the file, cut one byte after the most that such a file may have.
    origin: where it lay: a path, or ``zip!member``; to be shown, not to be opened.
    notes: keys of remarks: ``note.other_file``, ``note.same_id``.
    size: bytes of the whole file, where ``data`` is cut.
    """

    learner: str
    name: str
    data: bytes
    origin: str
    notes: tuple[str, ...] = ()
    size: int = 0

    @cached_property
    def sha256(self) -> str:
        """The hash of the data, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def read_program(submission: Submission, module: str, forbidden: tuple[str, ...] = ()) -> Program:
    """Return the program that a submission holds: a script, or the code cells of a notebook.

    Nothing of it runs, and Python's parser never sees it here: a syntax error is found by whoever
    runs the program, and is the learner's.

    Raises SubmissionError, with a key of SUBMISSION_ERRORS.
    """
    suffix = PurePath(submission.name).suffix.lower()
    most = most_bytes(submission.name)
    if not most:
        raise SubmissionError("submission.wrong_suffix", suffix=suffix)
    size = max(submission.size, len(submission.data))
    if size > most:
        raise SubmissionError(
            "submission.too_large", size_mb=round(size / MIB, 1), limit_mb=most // MIB
        )
    if suffix == ".ipynb":
        parts = read_notebook(submission.data, submission.name, MOST_SCRIPT)
    else:
        parts = (_script(submission),)
    return Program(module, parts, forbidden=forbidden)


def read_file(path: Path, module: str, forbidden: tuple[str, ...] = ()) -> Program:
    """Return the program in a file that a user named.

    Raises LearnerError when it cannot be opened: SubmissionError when it cannot be understood.
    """
    most = most_bytes(path.name)
    if not path.exists():
        raise learner_error("error.no_file", file=str(path))
    try:
        data, size = read_regular(path, most)
    except UnreadableError as error:
        raise learner_error(
            "error.not_regular" if str(error) == "not_regular" else "error.unreadable",
            file=str(path),
        ) from None
    return read_program(Submission("", path.name, data, str(path), size=size), module, forbidden)


def most_bytes(name: str) -> int:
    """Return how large a file of this name may be; 0 when it is no script and no notebook."""
    return {".py": MOST_SCRIPT, ".ipynb": MOST_NOTEBOOK}.get(PurePath(name).suffix.lower(), 0)


def code_digest(data: bytes, name: str) -> str:
    """Return a hash of the code alone: the same for a stub that was only opened and saved again."""
    try:
        parts = read_program(Submission("", name, data, ""), "stub").parts
    except SubmissionError:
        return hashlib.sha256(data).hexdigest()
    lines = (line.rstrip() for part in parts for line in part.source.split("\n"))
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()


def _script(submission: Submission) -> Part:
    text = decode(submission.data)
    line = conflict_line(text)
    if line is not None:
        raise SubmissionError("submission.conflict", label=submission.name, line=line)
    return Part(submission.name, plain_script(text))
