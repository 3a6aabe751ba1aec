"""Errors that GradeFlow raises for its users.

::

    GradeFlowError            anything a user can act on; the CLI prints its text, never a traceback
    ├── CourseError           course.toml or an exercise's folder is wrong; carries file and line
    ├── LearnerError          for a learner: names its text in the catalogues, in every language
    │   └── SubmissionError   a learner's file cannot be read as a script or a notebook
    ├── CageError             the cage cannot be built, or lost a layer that was asked for
    └── EngineFault           a fault of our own: a score is withheld, never zero
        ├── KilledOutside     a submission's process was ended by nobody and nothing of ours
        ├── WireError         bytes from the cage broke the protocol
        └── UnknownAnswer     frozen answers do not hold what was asked
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

__all__ = [
    "CageError",
    "CourseError",
    "EngineFault",
    "GradeFlowError",
    "KilledOutside",
    "LearnerError",
    "SubmissionError",
    "UnknownAnswer",
    "WireError",
    "refusal",
]


class GradeFlowError(Exception):
    """An error whose text says what is wrong, where, and what to do."""


class CourseError(GradeFlowError):
    """The course's own content is wrong.

    Located where it can be: ``path`` and, counted from 1, ``line``.
    """

    def __init__(self, message: str, path: Path | None = None, line: int | None = None) -> None:
        self.message = message
        self.path = path
        self.line = line
        super().__init__(message)

    def __str__(self) -> str:
        if self.path is None:
            return self.message
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class LearnerError(GradeFlowError):
    """An error that a learner reads, in their language: ``messages.told`` puts it into words.

    ``key`` and ``facts`` name the message in the catalogues. Several names are one fact, which a
    language lists in its own way; ``similar`` is what may have been meant, and is asked behind
    every message. The error's own text is for whoever knows no language, such as a log;
    ``messages.learner_error`` makes it English.
    """

    def __init__(
        self, text: str, key: str, facts: Mapping[str, str | int | float | tuple[str, ...]]
    ) -> None:
        self.key = key
        self.facts = facts
        super().__init__(text)


class SubmissionError(LearnerError):
    """A submission cannot be read: a result's evidence takes over its key and facts."""

    facts: dict[str, str | int | float]

    def __init__(self, key: str, **facts: str | int | float) -> None:
        super().__init__(key + (f": {facts}" if facts else ""), key, facts)


class CageError(GradeFlowError):
    """The cage cannot be had on this host, or does not hold what was asked of it.

    ``why`` is only what hinders it: what to do depends on who grades, and where.
    """

    def __init__(self, why: str, advice: str = "") -> None:
        self.why = why
        super().__init__(why, advice)

    def __str__(self) -> str:
        return " ".join(filter(None, self.args))


class EngineFault(GradeFlowError):  # noqa: N818 - told apart from an error
    """Something of ours broke while grading; the score is withheld."""


class KilledOutside(EngineFault):
    """A submission's process was killed, and no limit was passed.

    By a system short of memory, by an administrator, or with its server.
    """

    def __init__(self) -> None:
        super().__init__("killed from outside, by a system short of memory or by somebody")


class WireError(EngineFault):
    """Bytes on the wire do not follow the protocol."""


class UnknownAnswer(EngineFault):
    """Frozen answers do not hold the answer to a call."""


def refusal(error: OSError) -> str:
    """Say what the machine refused, and where that is known, what to do about it."""
    place = f"{error.filename}: " if error.filename else ""
    said = f"{place}{error.strerror or error}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{said}; free some space and run the same command again"
    if not _has_temporary():
        return f"{said}; make one of them writable, or name another folder by setting TMPDIR"
    return said


def _has_temporary() -> bool:
    """Tell whether there is any folder for temporary files; Python looks for one but once."""
    import tempfile

    try:
        tempfile.gettempdir()
    except OSError:
        return False
    return True
