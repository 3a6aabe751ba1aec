"""Laying generated files into a folder in which people write, and never over what they wrote.

A record beside the files holds the digest of each as it was made. A file that is no longer that
one, or of which nobody knows, is somebody's own: it is left alone and named.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.atomic import write_atomically

__all__ = ["BACKUP", "Laid", "digest", "lay", "read_record", "tell_apart", "write_record"]

BACKUP = Path(".gradeflow", "backup")
BINARY = (".png", ".whl", ".zip")
# A learner may choose another language by hand: the file is no less ours for that.
CHOICE = re.compile(rb'^language = ".*"$', re.MULTILINE)
Record = dict[str, str]


@dataclass(frozen=True)
class Laid:
    """What became of each file, by its name in the folder.

    new: it was not there. updated: what had been generated before. kept: somebody's own, left
    alone though it differs. saved: where the old text lies of a file that was replaced all the
    same. record: the digests to keep.
    """

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    saved: Mapping[str, Path] = field(default_factory=dict)
    record: Record = field(default_factory=dict)


def plain(name: str, data: bytes) -> bytes:
    """Return a file's bytes with the ends of lines that git makes on no system."""
    return data if name.endswith(BINARY) else data.replace(b"\r\n", b"\n")


def digest(name: str, data: bytes) -> str:
    """Return what tells a generated file from an edited one."""
    data = plain(name, data)
    if name == "course.toml":
        data = CHOICE.sub(b"", data)
    return hashlib.sha256(data).hexdigest()


def _same(_name: str, old: bytes, new: bytes) -> bool:
    return old == new


def tell_apart(
    root: Path,
    files: Mapping[str, bytes],
    record: Mapping[str, str],
    good: Callable[[str, bytes, bytes], bool] = _same,
) -> Laid:
    """Tell what laying files would do, without writing anything.

    files: by their names below the root, with slashes.
    record: the digests of what was laid before.
    good: whether an old file may stay although its bytes differ from the new one's.

    Raises OSError when a file that is there cannot be read.
    """
    new, updated, kept = [], [], []
    after: Record = {}
    for name, data in files.items():
        path = root / name
        try:
            old = plain(name, path.read_bytes())
        except FileNotFoundError:
            new.append(name)
            after[name] = digest(name, data)
            continue
        if old == plain(name, data) or good(name, old, data):
            after[name] = digest(name, old)
        elif record.get(name) == digest(name, old):
            updated.append(name)
            after[name] = digest(name, data)
        else:
            kept.append(name)
            if name in record:  # if it becomes again what was given, it can be brought up to date
                after[name] = record[name]
    return Laid(tuple(new), tuple(updated), tuple(kept), {}, after)


def lay(
    root: Path,
    files: Mapping[str, bytes],
    record: Mapping[str, str],
    good: Callable[[str, bytes, bytes], bool] = _same,
    *,
    force: bool = False,
) -> Laid:
    """Write files into a folder, and leave alone what is somebody's own.

    force: write over that too, once a copy of it lies below ``.gradeflow/backup``.

    Raises OSError when a file cannot be read or written.
    """
    plan = tell_apart(root, files, record, good)
    saved = dict(_saved(root, plan.kept)) if force else {}
    for name in (*plan.new, *plan.updated, *saved):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, files[name])
    after = plan.record | {name: digest(name, files[name]) for name in saved}
    kept = () if force else plan.kept
    return Laid(plan.new, (*plan.updated, *saved), kept, saved, after)


def _saved(root: Path, names: Iterable[str]) -> Iterable[tuple[str, Path]]:
    """Copy files to a folder of their own, of this moment; yield where each copy lies."""
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S")
    folder = root / BACKUP / stamp
    number = 1
    while folder.exists():
        number += 1
        folder = root / BACKUP / f"{stamp}-{number}"
    for name in names:
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(copy, (root / name).read_bytes())
        yield name, copy


def read_record(path: Path) -> Record:
    """Read the digests of what was laid; of a record that is lost or damaged nothing is known."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, dict):
        return {}
    return {name: known for name, known in files.items() if isinstance(known, str)}


def write_record(path: Path, record: Mapping[str, str]) -> bool:
    """Write the digests, a line each for the sake of merges; tell whether they had changed.

    Raises OSError when the folder cannot be written.
    """
    if read_record(path) == dict(record):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"files": dict(sorted(record.items()))}, indent=1, ensure_ascii=False)
    write_atomically(path, f"{text}\n".encode())
    return True
