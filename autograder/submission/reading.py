"""One submission: a learner's file, and the program that it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from autograder.errors import SubmissionError
from autograder.messages import learner_error
from autograder.model import Diagnosis
from autograder.submission.content import form_of
from autograder.submission.decoding import decode
from autograder.submission.files import UnreadableError, read_regular
from autograder.submission.notebook import read_notebook
from autograder.submission.scanner import conflict_line
from autograder.wire.protocol import Part, Program

__all__ = [
    "MOST_NOTEBOOK",
    "SUBMISSION_ERRORS",
    "Problem",
    "Submission",
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
    "submission.json": (),
    "submission.other_language": ("language",),
    "submission.no_code_cells": (),
    "submission.wrong_suffix": ("suffix",),
    "submission.not_code": (),
    "submission.picture": (),
    "submission.link": (),
    "submission.nothing": (),
    "submission.archive": ("reason",),
    "submission.unreachable": ("reason",),
}
"""Every key that a SubmissionError may have, and the names of its facts."""


@dataclass(frozen=True)
class Problem:
    """Why nothing can be graded: a key of SUBMISSION_ERRORS, and its facts."""

    key: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What one learner handed in.

    learner: an id that is unique in its class and safe as a file's name.
    name: the file's name as the learner knows it, to be shown.
    data: the file, cut one byte after the most that such a file may have.
    origin: where it lay: a path, or ``zip!member``; to be shown, not to be opened.
    notes: remarks, ``note.other_file`` and the like.
    size: bytes of the whole file, where ``data`` is cut.
    files: what was handed in beside it: paths below its folder, and bytes.
    problem: why there is nothing to grade, where that is known already.
    handed_in: when, ISO 8601, as the platform tells it; empty where it does not.
    late: whether the platform itself calls it late.
    """

    learner: str
    name: str
    data: bytes
    origin: str
    notes: tuple[Diagnosis, ...] = ()
    size: int = 0
    files: tuple[tuple[str, bytes], ...] = ()
    problem: Problem | None = None
    handed_in: str = ""
    late: bool = False

    @property
    def is_out_of_reach(self) -> bool:
        """Whether there is a file whose bytes cannot be had."""
        return self.problem is not None and "reason" in self.problem.facts

    @cached_property
    def sha256(self) -> str:
        """The hash, in hexadecimal, of all that its grade depends on; of one file, of its data."""
        whole = hashlib.sha256(self.data)
        for path, data in self.files:
            whole.update(b"\0" + hashlib.sha256(path.encode()).digest())
            whole.update(hashlib.sha256(data).digest())
        if self.problem is not None:
            whole.update(b"\0" + repr((self.name, self.size, self.problem)).encode())
        return whole.hexdigest()


def read_program(
    submission: Submission,
    module: str,
    forbidden: tuple[str, ...] = (),
    wanted: tuple[str, ...] = (),
) -> Program:
    """Return the program that a submission holds: a script, or the code cells of a notebook.

    wanted: what the exercise asks for, as the wire's Program has it.

    Nothing of it runs, and Python's parser never sees it here: a syntax error is found by whoever
    runs the program, and is the learner's.

    Raises SubmissionError, with a key of SUBMISSION_ERRORS.
    """
    if submission.problem is not None:
        raise SubmissionError(submission.problem.key, **submission.problem.facts)
    form = form_of(submission.data, submission.name)
    most = MOST_NOTEBOOK if form == "notebook" else MOST_SCRIPT
    size = max(submission.size, len(submission.data))
    if size > most:
        raise SubmissionError(
            "submission.too_large", size_mb=round(size / MIB, 1), limit_mb=most // MIB
        )
    if form == "notebook":
        parts = read_notebook(submission.data, submission.name, MOST_SCRIPT)
    else:
        parts = (_script(submission),)
    return Program(
        module,
        parts,
        forbidden=forbidden,
        files=submission.files,
        notebook=form == "notebook",
        wanted=wanted,
    )


def read_file(
    path: Path, module: str, forbidden: tuple[str, ...] = (), wanted: tuple[str, ...] = ()
) -> Program:
    """Return the program in a file that a user named.

    Raises LearnerError when it cannot be opened: SubmissionError when it cannot be understood.
    """
    if not path.exists():
        raise learner_error("error.no_file", file=str(path))
    try:
        data, size = read_regular(path, MOST_NOTEBOOK)
    except UnreadableError as error:
        raise learner_error(
            "error.not_regular" if str(error) == "not_regular" else "error.unreadable",
            file=str(path),
        ) from None
    submission = Submission("", path.name, data, str(path), size=size)
    return read_program(submission, module, forbidden, wanted)


def _script(submission: Submission) -> Part:
    text = decode(submission.data)
    line = conflict_line(text)
    if line is not None:
        raise SubmissionError("submission.conflict", label=submission.name, line=line)
    return Part(submission.name, text)
