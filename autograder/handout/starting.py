"""From a release to a learner's own folder, and from a newer one to what is new in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.catalogue import find_course
from autograder.errors import CourseError
from autograder.handout.laying import Laid, lay, read_record, write_record
from autograder.handout.release import Release
from autograder.messages import learner_error

__all__ = ["GIVEN", "Started", "remembered", "start"]

GIVEN = Path(".gradeflow", "given")
"""Below a learner's folder: each script and notebook as it was handed out, for reset."""
README = "README.md"
RECORD = Path(".gradeflow", "given.json")


@dataclass(frozen=True)
class Started:
    """What a start did. again: the folder had been started before. gone: no longer released."""

    laid: Laid
    again: bool
    gone: tuple[str, ...]


def remembered(folder: Path) -> str | None:
    """Return the language that was chosen for a folder; None where none was."""
    if not (folder / RECORD).is_file():
        return None
    try:
        course = find_course(folder)
    except CourseError:
        return None
    return course.language if course is not None and course.root == folder.resolve() else None


def start(release: Release, folder: Path, language: str) -> Started:
    """Lay a release into a learner's folder; what they have written in it stays as it is.

    Raises LearnerError when the folder is an instructor's, or holds another course; OSError when
    it cannot be written.
    """
    if (folder / "solutions").is_dir():
        raise learner_error("error.start_authors", folder=str(folder))
    files = release.files_in(language)
    record = read_record(folder / RECORD)
    if other := _other_course(release, folder, record):
        raise learner_error("error.start_other", folder=str(folder), title=other)
    laid = lay(folder, files, record)
    _keep_given(folder, files)
    # What is no longer released stays known: it may come back, and is nobody's own work.
    write_record(folder / RECORD, record | laid.record)
    gone = tuple(name for name in record if name not in files and (folder / name).is_file())
    return Started(laid, bool(record), gone)


def _other_course(release: Release, folder: Path, record: Mapping[str, str]) -> str:
    """Return the title of another course that a folder was started with; else nothing.

    A new title is no other course, nor is a release of other exercises: both at once are.
    """
    if not record or any(name in record for name in release.files if name != README):
        return ""
    try:
        course = find_course(folder)
    except CourseError:
        return ""
    same = course is None or set(course.title.by_language.values()) & set(release.title.values())
    return "" if course is None or same else course.title.in_(course.language)


def _keep_given(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = Path(name)
        own = path.suffix in (".py", ".ipynb") and path.name not in ("test_public.py", "plot.py")
        copy = folder / GIVEN / path
        if own and not (copy.is_file() and copy.read_bytes() == data):
            copy.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(copy, data)
