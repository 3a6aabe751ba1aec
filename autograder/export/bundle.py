"""An autograder for Gradescope: a zip with the engine, one exercise and two scripts."""

from __future__ import annotations

import importlib.metadata
import io
import json
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from packaging.requirements import Requirement

import autograder
from autograder.catalogue import Course, Exercise
from autograder.export.gradescope import Visibility
from autograder.export.inside import SETTINGS, Settings, settings_json

__all__ = ["gradescope_bundle"]

OLDEST = (1980, 1, 1, 0, 0, 0)  # the same content makes the same zip
SCRIPTS = ("setup.sh", "run_autograder")
LEFT_OUT = frozenset({"__pycache__"})


def gradescope_bundle(
    course: Course,
    exercise: Exercise,
    language: str,
    hidden: Visibility,
    *,
    allow_uncaged: bool = False,
) -> bytes:
    """Make the zip that is uploaded to Gradescope under Configure Autograder.

    exercise: as authored.
    allow_uncaged: give a score even where submissions cannot be caged.

    The zip holds the hidden checks, the reference and the course's salt, so it is for Gradescope
    and for no learner.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in SCRIPTS:
            _add(archive, name, _script(name), executable=True)
        _add(archive, "requirements.txt", _requirements(exercise).encode())
        settings = Settings(exercise.name, language, hidden, allow_uncaged)
        _add(archive, SETTINGS, settings_json(settings))
        _add(archive, "course/course.toml", _manifest(course, exercise).encode())
        for name, data in _files(exercise.folder):
            _add(archive, f"course/solutions/{exercise.name}/{name}", data)
        for name, data in _files(Path(autograder.__file__).parent):
            _add(archive, f"engine/autograder/{name}", data)
    return stream.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, executable: bool = False) -> None:
    entry = zipfile.ZipInfo(name, OLDEST)
    entry.create_system = 3  # Unix: only so are the permissions read
    entry.external_attr = (0o100755 if executable else 0o100644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def _script(name: str) -> bytes:
    folder = resources.files("autograder.export").joinpath("gradescope_files")
    return folder.joinpath(name).read_bytes().replace(b"\r\n", b"\n")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_file() and not hidden and not LEFT_OUT & set(inside.parts):
            yield inside.as_posix(), path.read_bytes()


def _manifest(course: Course, exercise: Exercise) -> str:
    """Write a course of one exercise. JSON's strings are TOML's, too."""
    return "".join(
        (
            f"exercises = [{json.dumps(exercise.name)}]\n",
            f"languages = {json.dumps(course.languages)}\n",
            f"language = {json.dumps(course.language)}\n",
            f"salt = {json.dumps(course.salt)}\n",
            f"examples = {json.dumps(course.examples)}\n\n[title]\n",
            *(f"{key} = {json.dumps(text)}\n" for key, text in course.title.by_language.items()),
        )
    )


def _requirements(exercise: Exercise) -> str:
    """List what the engine, the framework and the exercise need, in the versions that are here."""
    framework = exercise.framework
    lines = [f"{name}{_version(Requirement(name))}" for name in exercise.packages]
    for text in importlib.metadata.requires("gradeflow") or ():
        needed = Requirement(text)
        marker = str(needed.marker or "")
        if "extra" in marker and f'extra == "{framework}"' not in marker:
            continue
        condition = marker.partition("extra ==")[0].strip().removesuffix("and").strip(" ()")
        suffix = f"; {condition}" if condition else ""
        lines.append(f"{needed.name}{_version(needed)}{suffix}")
    return "\n".join(sorted(lines)) + "\n"


def _version(needed: Requirement) -> str:
    try:
        installed = importlib.metadata.version(needed.name)
    except importlib.metadata.PackageNotFoundError:
        return str(needed.specifier)
    return f"=={installed.partition('+')[0]}"  # a local build has no file of its own elsewhere
