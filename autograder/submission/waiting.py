"""A class's submissions, whose files wait on the disk until somebody looks at one."""

from __future__ import annotations

import dataclasses
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import msgspec

from autograder.errors import GradeFlowError
from autograder.submission.reading import Submission

__all__ = ["Room", "Waiting", "Waits"]

_pack = msgspec.msgpack.encode
_unpack = msgspec.msgpack.Decoder(tuple[bytes, tuple[tuple[str, bytes], ...]]).decode


@dataclass(frozen=True)
class Waits:
    """A submission without its files, and where these lie in the room."""

    told: Submission
    start: int = 0
    length: int = 0


class Room:
    """A file without a name, which goes with this object or with the process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        weakref.finalize(self, self._file.close)
        self._end = 0

    def put(self, submission: Submission) -> Waits:
        """Let a submission's files wait.

        Raises GradeFlowError when the disk is full.
        """
        data = _pack((submission.data, submission.files))
        try:
            self._file.seek(self._end)
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            text = f"What was handed in finds no room among the temporary files: {error}."
            raise GradeFlowError(text) from error
        start, self._end = self._end, self._end + len(data)
        return Waits(dataclasses.replace(submission, data=b"", files=()), start, len(data))

    def take(self, waits: Waits) -> Submission:
        """Return a submission with its files."""
        self._file.seek(waits.start)
        data, files = _unpack(self._file.read(waits.length))
        return dataclasses.replace(waits.told, data=data, files=files)


class Waiting(Sequence[Submission]):
    """Submissions in order; of their files only those are in memory that somebody holds."""

    def __init__(self, room: Room, waits: Sequence[Waits]) -> None:
        self._room = room
        self._waits = tuple(waits)

    def __len__(self) -> int:
        return len(self._waits)

    @overload
    def __getitem__(self, place: int) -> Submission: ...

    @overload
    def __getitem__(self, place: slice) -> Waiting: ...

    def __getitem__(self, place: int | slice) -> Submission | Waiting:
        if isinstance(place, slice):
            return Waiting(self._room, self._waits[place])
        return self._room.take(self._waits[place])

    @property
    def told(self) -> tuple[Submission, ...]:
        """What is known of them beside their files."""
        return tuple(waits.told for waits in self._waits)
