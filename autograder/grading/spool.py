"""Entries of a class that wait on the disk until their turn comes."""

from __future__ import annotations

import struct
import tempfile
import weakref
from collections.abc import Iterator

import msgspec

from autograder.grading.entry import Entry

__all__ = ["Spool"]

_LENGTH = struct.Struct("<Q")
_pack = msgspec.msgpack.encode
_unpack = msgspec.msgpack.Decoder(Entry).decode


class Spool:
    """A file without a name that holds entries; it goes with this object, or with the process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        weakref.finalize(self, self._file.close)
        self._count = 0

    def add(self, entry: Entry) -> None:
        """Put an entry behind the others. OSError when the disk is full."""
        data = _pack(entry)
        self._file.write(_LENGTH.pack(len(data)) + data)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        """Read the entries in order, each when it is asked for."""
        place = 0
        for _ in range(self._count):
            self._file.seek(place)
            (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
            yield _unpack(self._file.read(length))
            place += _LENGTH.size + length
