"""A release: what learners get of a course, and nothing else, in the languages that it has.

::

    course.toml  README.md  assignments/01_neuron/…    the course in its first language, ready
    translations/zh/README.md  translations/zh/assignments/…    what another language has otherwise
    release.json                                       the digest of every file
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Any

from autograder.errors import CourseError
from autograder.handout.laying import digest
from autograder.messages import learner_error

__all__ = ["GIVEN", "MARK", "ROOM", "TRANSLATIONS", "Release", "read_release"]

MARK = "release.json"
MANIFEST = "course.toml"
TRANSLATIONS = "translations"
ROOM = "assignments"
BUILT = f"{ROOM}/generated.json"
GIVEN = ("exercise.toml", "answers.json", "test_public.py", "plot.py")
"""What every exercise has beside prose and pictures; the last one where it has a picture."""


@dataclass(frozen=True)
class Release:
    """What learners get, by the name that a file will have in their folder.

    languages: that it is written in; the first is that of `files`.
    files: all but course.toml. translations: what is written otherwise in another language.
    """

    title: Mapping[str, str]
    exercises: tuple[str, ...]
    languages: tuple[str, ...]
    files: Mapping[str, bytes]
    translations: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)

    def files_in(self, language: str) -> dict[str, bytes]:
        """Return a learner's files in one language, which course.toml remembers."""
        chosen = {**self.files, **self.translations.get(language, {})}
        return chosen | {MANIFEST: self._manifest(language).encode()}

    def tree(self) -> dict[str, bytes]:
        """Return the release's own files, as they are handed out."""
        made = self.files_in(self.languages[0])
        for language, files in self.translations.items():
            made |= {f"{TRANSLATIONS}/{language}/{name}": data for name, data in files.items()}
        digests = {name: digest(name, data) for name, data in sorted(made.items())}
        text = json.dumps({"format": 1, "files": digests}, indent=1, ensure_ascii=False)
        return made | {MARK: f"{text}\n".encode()}

    def _manifest(self, language: str) -> str:
        languages = dict.fromkeys((*self.languages, language))
        titles = [f"{key} = {_quoted(text)}" for key, text in self.title.items()]
        return "\n".join(
            [
                "exercises = [",
                *(f"  {_quoted(name)}," for name in self.exercises),
                "]",
                f"languages = [{', '.join(map(_quoted, languages))}]",
                f"language = {_quoted(language)}",
                "",
                "[title]",
                *titles,
                "",
            ]
        )


def read_release(root: Traversable) -> Release:
    """Read a release, or a course's checkout as the release in the language it was built in.

    Raises LearnerError when a file is missing, or is not as it was handed out; CourseError when
    course.toml cannot be read.
    """
    manifest = _manifest_of(root)
    exercises = tuple(map(str, manifest.get("exercises", ())))
    if (root / MARK).is_file():
        digests = _digests(root, MARK)
        names = [name for name in digests if name != MANIFEST]
    else:
        digests = _digests(root, BUILT, below=f"{ROOM}/")
        names = [name for each in exercises for name in _built(root, each, digests)]
    files = {name: _read(root, name, digests.get(name)) for name in names}
    translations: dict[str, dict[str, bytes]] = {}
    for name in [name for name in files if name.startswith(f"{TRANSLATIONS}/")]:
        _, language, inner = name.split("/", 2)
        translations.setdefault(language, {})[inner] = files.pop(name)
    first = str(manifest.get("language") or (manifest.get("languages") or ["en"])[0])
    there = tuple(each for each in exercises if f"{ROOM}/{each}/exercise.toml" in files)
    if not there:
        raise learner_error("error.release_empty", source=str(root))
    title = manifest.get("title")
    if not isinstance(title, dict):
        raise CourseError(f"{root}/{MANIFEST}: the title must be a table, [title] with en = …")
    title = {str(key): str(text) for key, text in title.items()}
    return Release(title, there, (first, *translations), files, translations)


def _manifest_of(root: Traversable) -> dict[str, Any]:
    if not (root / MANIFEST).is_file():
        raise learner_error("error.no_release", source=str(root))
    try:
        return tomllib.loads((root / MANIFEST).read_bytes().decode())
    except ValueError as error:
        raise CourseError(f"{root}/{MANIFEST}: is not valid TOML: {error}") from None


def _digests(root: Traversable, name: str, below: str = "") -> dict[str, str]:
    """Read which files there must be; of a course that was built before, nothing is known."""
    if not (root / name).is_file():
        return {}
    try:
        files = json.loads((root / name).read_bytes())["files"]
        known = {below + str(file): str(made) for file, made in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise learner_error("error.release_damaged", file=name) from None
    for file in known:
        path = PurePosixPath(file)
        if (
            path.is_absolute()
            or {"..", ".gradeflow"} & {*path.parts}
            or "\\" in file
            or ":" in file
        ):
            raise learner_error("error.release_damaged", file=name)
    return known


def _built(root: Traversable, exercise: str, digests: Mapping[str, str]) -> Iterator[str]:
    """Name what build makes of an exercise: what else lies there may be somebody's own."""
    folder = f"{ROOM}/{exercise}"
    if not (root / folder / "exercise.toml").is_file():
        return
    if known := [name for name in digests if name.startswith(f"{folder}/")]:
        yield from known
        return
    try:
        module = tomllib.loads((root / folder / "exercise.toml").read_bytes().decode())["module"]
    except (ValueError, KeyError):
        raise CourseError(f"{root}/{folder}/exercise.toml: names no module") from None
    for path in (root / folder).iterdir():
        own = path.name in (*GIVEN, f"{module}.py", f"{module}.ipynb")
        if own or path.name.endswith(".png"):
            yield f"{folder}/{path.name}"


def _read(root: Traversable, name: str, known: str | None) -> bytes:
    path = root.joinpath(*name.split("/"))
    if not path.is_file():
        raise learner_error("error.release_damaged", file=name)
    data = path.read_bytes()
    if known is not None and digest(name, data) != known:
        raise learner_error("error.release_damaged", file=name)
    return data


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a string of TOML's too
