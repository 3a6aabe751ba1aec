"""Reading a zip that somebody else made: nothing is written to disk, no name is used as a path.

A learning platform's zip holds a class, and in it learners' own zips. Each is read under bounds:
the table of contents before it is parsed, the members by count, by size and by how far they unfold.
"""

from __future__ import annotations

import contextlib
import io
import re
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from autograder.submission.files import UnreadableError, open_regular
from autograder.submission.finding import Found, Haul, ignored_folder, kind_of, unreachable
from autograder.submission.learners import shown

__all__ = ["Shelf", "add_zip"]

MIB = 2**20
MOST_CONTENTS = 4 * MIB
MOST_MEMBERS = 20_000
MOST_MEMBERS_NESTED = 2_000
MOST_NESTED = 64 * MIB
MOST_UNFOLDING = 200
SMALL = MIB
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA lets a file choose how much memory
UTF8_NAME = 0x800
ENCRYPTED = 0x1

Lends = Callable[[], AbstractContextManager[zipfile.ZipFile]]


class Shelf:
    """Zips on disk, the last one kept open: a class's zip is read member by member.

    A context manager, which closes it.
    """

    def __init__(self) -> None:
        self._path: Path | None = None
        self._archive: zipfile.ZipFile | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def lender(self, path: Path, *, planted: bool) -> Lends:
        """Return what lends the zip at a path; it raises UnreadableError."""

        def lend() -> AbstractContextManager[zipfile.ZipFile]:
            if self._archive is None or self._path != path:
                self._stack.close()
                self._archive = None
                stream = self._stack.enter_context(open_regular(path, planted=planted))
                self._archive = self._stack.enter_context(_opened(stream, MOST_MEMBERS))
                self._path = path
            return contextlib.nullcontext(self._archive)

        return lend


def add_zip(found: Found, lend: Lends, haul: Haul, *, nested: bool = False) -> None:
    """Add a zip's files to the haul, and those of the zips in it; no deeper.

    found: the zip; its parts are what stands before the names of its members.
    """
    try:
        with lend() as archive:
            members = archive.infolist()
    except UnreadableError as error:
        problem = unreachable(found.parts, found.origin, str(error), modified=found.modified)
        haul.found.append(problem)
        return
    before = len(haul.found)
    for info in members:
        name = _name(info)
        parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", ".", ".."))
        if not parts or any(ignored_folder(part) for part in parts[:-1]):
            continue
        here, origin = (*found.parts, *parts), f"{found.origin}!{shown(name)}"
        if info.filename.endswith("/"):  # not info.is_dir(), which fails on one without a name
            if not ignored_folder(parts[-1]):
                haul.found.append(unreachable(here, origin, "nothing", "folder"))
            continue
        kind = kind_of(parts[-1])
        refusal = _refusal(info) or ("zip_nested" if nested and kind == "zip" else "")
        if not kind:
            continue
        if refusal:
            haul.found.append(unreachable(here, origin, refusal, modified=_modified(info)))
            continue
        member = Found(here, origin, kind, _modified(info), _reader(lend, info))
        if kind == "zip":
            add_zip(member, _nested(member), haul, nested=True)
        else:
            haul.found.append(member)
    if len(haul.found) == before and found.parts:
        haul.found.append(unreachable(found.parts, found.origin, "nothing", "folder"))


class _Cautious:
    """A stream for Python's zip reader that refuses one read: of too long a table of contents."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.opening = True

    def read(self, size: int = -1, /) -> bytes:
        if self.opening and size > MOST_CONTENTS:
            raise UnreadableError("zip_too_many")
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True


@contextlib.contextmanager
def _opened(stream: IO[bytes], most_members: int) -> Iterator[zipfile.ZipFile]:
    cautious = _Cautious(stream)
    try:
        archive = zipfile.ZipFile(cautious)
    except UnreadableError:
        raise
    except Exception:  # an enemy's bytes: Python's reader raises a dozen kinds
        raise UnreadableError("zip_damaged") from None
    cautious.opening = False
    with archive:
        if len(archive.infolist()) > most_members:
            raise UnreadableError("zip_too_many")
        yield archive


def _nested(member: Found) -> Lends:
    """Return what lends a zip within a zip, unfolded in memory each time it is asked for."""

    @contextlib.contextmanager
    def lend() -> Iterator[zipfile.ZipFile]:
        data, size = member.read(MOST_NESTED)
        if max(size, len(data)) > MOST_NESTED:
            raise UnreadableError("zip_too_large")
        with _opened(io.BytesIO(data), MOST_MEMBERS_NESTED) as archive:
            yield archive

    return lend


def _reader(lend: Lends, info: zipfile.ZipInfo) -> Callable[[int], tuple[bytes, int]]:
    def read(most: int) -> tuple[bytes, int]:
        with lend() as archive:
            try:
                with archive.open(info) as stream:
                    return stream.read(most + 1), info.file_size
            except Exception:  # an enemy's bytes, as above
                raise UnreadableError("zip_damaged") from None

    return read


def _refusal(info: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "symlink"
    if info.flag_bits & ENCRYPTED:
        return "zip_password"
    if info.compress_type not in METHODS:
        return "zip_method"
    if info.file_size > max(SMALL, MOST_UNFOLDING * info.compress_size):
        return "zip_bomb"
    return ""


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; where no encoding is told, UTF-8 or that of Chinese Windows."""
    if info.flag_bits & UTF8_NAME:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode(encoding).partition("\0")[0]
    return info.filename


def _modified(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
