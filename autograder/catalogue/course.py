"""The course: ``course.toml`` at its root."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.catalogue.exercise import MANIFEST, Exercise, load_exercise
from autograder.catalogue.naming import meant, similar
from autograder.catalogue.reading import Text, read_toml
from autograder.errors import CourseError
from autograder.messages import LANGUAGES, learner_error, said_language

__all__ = ["Course", "examples_at", "find_course", "find_exercise", "installed_from", "language_at"]

MANIFEST_OF_COURSE = "course.toml"


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    exercises: tuple[str, ...]
    languages: tuple[str, ...] = LANGUAGES
    language: str = ""
    salt: str = ""
    examples: bool = True
    install: str = ""
    weights: dict[str, float] = {}


class Course(msgspec.Struct, frozen=True):
    """A course: its exercises in teaching order, and the two rooms they live in.

    languages: that its texts may be written in; an exercise may be written in some of them.
    language: which is meant where nobody has chosen one; the first, unless it is said.
    salt: mixed into the hidden checks' random inputs; every instructor sets their own.
    weights: of exercises in the course's total; without any, each weighs as much as its points.
    examples: whether feedback on a failed hidden check shows a call of other inputs that fails too.
    install: what pip installs where a notebook finds no engine; the released version by default.
    """

    root: Path
    title: Text
    exercises: tuple[str, ...]
    language: str
    salt: str
    languages: tuple[str, ...] = LANGUAGES
    examples: bool = True
    install: str = ""
    weights: dict[str, float] = {}

    @property
    def solutions(self) -> Path:
        """What instructors write; absent where the course was only released."""
        return self.root / "solutions"

    @property
    def assignments(self) -> Path:
        """What learners get."""
        return self.root / "assignments"

    def exercises_in(self, room: Path) -> tuple[str, ...]:
        """Return the exercises that lie in one of the two rooms, in teaching order."""
        return tuple(name for name in self.exercises if (room / name / MANIFEST).is_file())

    def meant(self, typed: str) -> str:
        """Return the exercise's name for a short form that a person typed; else what they typed."""
        return meant(typed, self.exercises) or typed

    def authored(self, name: str) -> Exercise:
        """Load an exercise from the instructor's room."""
        exercise = self._load(self.solutions, name)
        for language in exercise.languages:
            if language not in self.languages:
                told = f"is written in {language!r}, which course.toml does not list in languages"
                raise CourseError(f"{told}: add it there", exercise.folder / MANIFEST)
        return exercise

    def released(self, name: str) -> Exercise:
        """Load an exercise from the learner's room; its texts may speak more languages than theirs.

        A course that was started from a checkout has one language, and the exercise's texts all.
        """
        return self._load(self.assignments, name)

    def _load(self, room: Path, name: str) -> Exercise:
        if not (room / name / MANIFEST).is_file():
            if name in self.exercises:
                raise learner_error("error.not_there", name=name, folder=str(room))
            # Among the names of a whole course a suggestion would be overlooked.
            if near := similar(name, self.exercises):
                raise learner_error("error.no_exercise", name=name, similar=near)
            raise learner_error("error.no_exercise_of", name=name, names=self.exercises)
        return load_exercise(room / name)


def find_course(start: Path) -> Course | None:
    """Find the course that a folder or file belongs to, looking upwards."""
    for folder in (start.resolve(), *start.resolve().parents):
        path = folder / MANIFEST_OF_COURSE
        if path.is_file():
            manifest = read_toml(path, _Manifest)
            _no_strangers(folder, manifest, path)
            _weigh(manifest, path)
            manifest = _with_language(manifest, path)
            fields = {name: getattr(manifest, name) for name in manifest.__struct_fields__}
            return Course(root=folder, **fields)
    return None


def _with_language(manifest: _Manifest, path: Path) -> _Manifest:
    if not manifest.languages:
        raise CourseError('languages is empty: write languages = ["en"]', path)
    language = manifest.language or manifest.languages[0]
    if language not in manifest.languages:
        told = f"language = {language!r} is none of languages: {', '.join(manifest.languages)}"
        raise CourseError(told, path)
    return msgspec.structs.replace(manifest, language=language)


def language_at(place: Path, chosen: str | None = None) -> str:
    """Choose a language: as chosen, as $GRADEFLOW_LANGUAGE says, as the course of a place says.

    A course that is broken says none: whoever needs the course tells what is wrong with it.
    """
    said = chosen if chosen in LANGUAGES else said_language()
    if said is not None:
        return said
    try:
        course = find_course(place)
    except CourseError:
        course = None
    return course.language if course else LANGUAGES[0]


def examples_at(place: Path) -> bool:
    """Tell whether the course of a place shows fresh examples; where there is none, not."""
    course = find_course(place)
    return course is not None and course.examples


def installed_from(place: Path) -> str:
    """Return what pip is to install for the course of a place; empty where it does not say."""
    course = find_course(place)
    return course.install if course is not None else ""


def _weigh(manifest: _Manifest, path: Path) -> None:
    for name, weight in manifest.weights.items():
        if name not in manifest.exercises:
            raise CourseError(f"weights names {name!r}, which exercises does not list", path)
        if not 0 <= weight < float("inf"):
            raise CourseError(f"the weight of {name!r} must be a number that is not below 0", path)


def _no_strangers(root: Path, manifest: _Manifest, path: Path) -> None:
    solutions = root / "solutions"
    if not solutions.is_dir():
        return
    there = {folder.name for folder in solutions.iterdir() if (folder / MANIFEST).is_file()}
    for name in sorted(there - set(manifest.exercises)):
        raise CourseError(f"solutions/{name} is not listed under exercises: add it", path)
    for name in manifest.exercises:
        if name not in there:
            raise CourseError(f"exercises lists {name!r}, but solutions/{name} is not there", path)


def find_exercise(start: Path) -> Exercise | None:
    """Find the exercise that a folder or file lies in, looking upwards."""
    for folder in _upwards(start.resolve()):
        if (folder / MANIFEST).is_file():
            return load_exercise(folder)
    return None


def _upwards(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents
