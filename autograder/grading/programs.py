"""The programs that were graded, beside their results: a class can be looked at without its zip.

A program is kept under the digest of its submission, which its result holds too: whoever changes a
file and hands it in again gets another place. They are learners' work, in their instructor's
folder, and go nowhere else. One that a power failure has damaged is none: it is read again from
where the submission lies, so the disk is not waited for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.atomic import write_atomically
from autograder.errors import GradeFlowError
from autograder.model import Result
from autograder.wire.protocol import Program

if TYPE_CHECKING:
    from autograder.grading.entry import Entry

__all__ = ["Programs"]

FOLDER = "programs"
_read = msgspec.json.Decoder(Program).decode


class Programs:
    """The folder ``programs`` in a folder of results."""

    def __init__(self, results: Path) -> None:
        self._folder = results / FOLDER

    def __str__(self) -> str:
        return str(self._folder)

    def has(self, sha256: str) -> bool:
        """Tell whether a submission's program is kept, and whole."""
        return self._kept(sha256) is not None

    def keep(self, sha256: str, program: Program) -> None:
        """Keep a program, unless it is there.

        Raises GradeFlowError when the disk is full or refuses.
        """
        if not sha256 or self.has(sha256):
            return
        try:
            self._folder.mkdir(exist_ok=True)
            write_atomically(self._path(sha256), msgspec.json.encode(program), durable=False)
        except OSError as error:
            raise GradeFlowError(
                f"A program could not be written to {self._folder} ({error.strerror}): "
                "make room there and run the same command again."
            ) from None

    def kept_with(self, entry: Entry) -> Entry:
        """Keep the program of an entry, and return the entry. GradeFlowError as `keep`."""
        if entry.program is not None:
            self.keep(entry.sha256, entry.program)
        return entry

    def of(self, result: Result) -> Program | None:
        """Return the program of a result; None where it is gone, damaged, or never was."""
        return self._kept(result.sha256)

    def _kept(self, sha256: str) -> Program | None:
        try:
            return _read(self._path(sha256).read_bytes()) if sha256 else None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def _path(self, sha256: str) -> Path:
        # A result may have been changed by hand: its digest must name no other folder.
        return self._folder / f"{''.join(filter(str.isalnum, sha256))[:64]}.json"
