"""Where a release may lie: a folder, a zip, a checkout, or a course installed as a package."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

from autograder.catalogue import similar
from autograder.messages import learner_error

__all__ = ["GROUP", "open_source", "place_of"]

GROUP = "gradeflow.courses"
"""Entry points of packages that hold a course: ``name = "package"``, beside its course.toml."""
# What zipfile says of a file that is none, is cut, is locked by a password, or packed in a new way.
DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError)
MOST = 1 << 30  # bytes that a zip may hold, unpacked


def place_of(source: str) -> Path | None:
    """Return the folder that a source is; None where it is a zip or a package."""
    path = Path(source)
    return path.resolve() if path.is_dir() else None


@contextmanager
def open_source(source: str) -> Iterator[Traversable]:
    """Open what a person calls the course, at the folder that holds course.toml.

    Raises LearnerError when there is nothing of that name, or it holds no course.
    """
    path = Path(source)
    if path.is_dir():
        yield _root(path, source)
    elif path.is_file():
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(each.file_size for each in archive.infolist()) > MOST:
                    raise learner_error("error.no_zip", file=source)
                yield _root(cast(Traversable, zipfile.Path(archive)), source)
        except DAMAGED:  # also while it is read, by whoever asked for it
            raise learner_error("error.no_zip", file=source) from None
    else:
        yield _root(_installed(source), source)


def _installed(source: str) -> Traversable:
    known = {each.name: each for each in entry_points(group=GROUP)}
    if source not in known:
        raise learner_error("error.no_source", source=source, similar=similar(source, [*known]))
    try:
        return resources.files(known[source].module)
    except ImportError:  # it was taken away, and its name stayed
        raise learner_error("error.no_source", source=source, similar="") from None


def _root(place: Traversable, source: str) -> Traversable:
    """Find course.toml here, or in the one folder in which a zip of a repository holds all."""
    if (place / "course.toml").is_file():
        return place
    below = [each for each in place.iterdir() if each.is_dir() and (each / "course.toml").is_file()]
    if len(below) != 1:
        raise learner_error("error.no_release", source=source)
    return below[0]
