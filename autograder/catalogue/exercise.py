"""One exercise: ``exercise.toml`` and the files beside it."""

from __future__ import annotations

import dataclasses
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from autograder.catalogue.reading import Hints, Text, read_toml
from autograder.errors import CourseError
from autograder.sandbox.policy import Limits

__all__ = ["Exercise", "Hints", "Misconception", "Task", "Written", "load_exercise"]

MANIFEST = "exercise.toml"
ANSWERS = "answers.json"
FIELD = re.compile(r"{(\w+)")
Framework = Literal["numpy", "matplotlib", "torch", "tensorflow"]


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thing to write: a function, under the same name everywhere."""

    name: str
    points: float
    title: Text
    hints: Hints


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question that is answered in words, and graded by hand: in nbgrader's formgrader."""

    name: str
    points: float
    title: Text


class Misconception(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a known misunderstanding tells its learner.

    raises: patterns, found in ``Kind: message`` of an exception, that give it away by themselves.
    hidden_only: why no public check can tell it; empty where one must, as it is nearly always.
    """

    hint: Text
    raises: tuple[str, ...] = ()
    hidden_only: str = ""


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    module: str
    points: float
    title: Text
    tasks: tuple[Task, ...]
    written: tuple[Written, ...] = ()
    framework: Framework = "numpy"
    packages: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    limits: Limits = Limits()
    misconceptions: dict[str, Misconception] = {}
    messages: dict[str, Text] = {}
    checks: dict[str, dict[str, str]] = {}
    equivalent: dict[str, str] = {}
    name: str = ""  # written by build: a learner may rename their folder
    hidden: dict[str, dict[str, int]] = {}  # written by build
    parameters: dict[str, str] = {}  # written by build


class Exercise(msgspec.Struct, frozen=True):
    """One exercise, in the room of its author or as released to learners.

    written: questions whose points people give, beside those of the exercise.
    packages: what learners need to install besides, by the name that is imported: pandas.
    checks: titles of public checks, by what their names say behind the task's, then by language.
    equivalent: for ids of mutants that no check can kill, the reason why.
    hidden: as released, how many hidden checks await each task, by what they try.
    parameters: as released, those of each task's function, as its first line writes them.
    """

    name: str
    folder: Path
    module: str
    points: float
    title: Text
    tasks: tuple[Task, ...]
    written: tuple[Written, ...]
    framework: Framework
    packages: tuple[str, ...]
    forbidden: tuple[str, ...]
    limits: Limits
    misconceptions: dict[str, Misconception]
    messages: dict[str, Text]
    checks: dict[str, dict[str, str]]
    equivalent: dict[str, str]
    hidden: dict[str, dict[str, int]]
    parameters: dict[str, str]

    @property
    def wanted(self) -> tuple[str, ...]:
        """The names that it asks for: those of its tasks."""
        return tuple(task.name for task in self.tasks)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is written in, in its author's order: those of its title."""
        return self.title.languages

    @property
    def released(self) -> bool:
        """Whether this is the learner's form, with frozen answers in place of a reference."""
        return self.answers.is_file()

    @property
    def source(self) -> Path:
        """The module: the reference in the author's room, the stub in the learner's."""
        return self.folder / f"{self.module}.py"

    @property
    def answers(self) -> Path:
        """The frozen answers of the learner's form."""
        return self.folder / ANSWERS

    @property
    def variants(self) -> Path:
        """The wrong variants, in the author's room."""
        return self.folder / "misconceptions.py"

    @property
    def plotting(self) -> Path:
        """What draws a submission, where the exercise has a picture."""
        return self.folder / "plot.py"

    @property
    def tests(self) -> tuple[Path, ...]:
        """The check files that lie here: public, and in the author's room hidden."""
        both = (self.folder / "test_public.py", self.folder / "test_hidden.py")
        return tuple(path for path in both if path.is_file())

    def task(self, name: str) -> Task | None:
        """Return a task by name."""
        return next((task for task in self.tasks if task.name == name), None)


def load_exercise(folder: Path) -> Exercise:
    """Read the exercise that lies in a folder.

    Raises CourseError, located, when its manifest is missing or wrong.
    """
    folder = folder.resolve()
    path = folder / MANIFEST
    manifest = read_toml(path, _Manifest)
    for message, line in _faults(manifest, path):
        raise CourseError(message, path, line)
    fields = {name: getattr(manifest, name) for name in manifest.__struct_fields__}
    return Exercise(**{**fields, "name": manifest.name or folder.name}, folder=folder)


def _faults(manifest: _Manifest, path: Path) -> Iterator[tuple[str, int | None]]:
    """Find what the types cannot say: sums, ladders of equal length, texts that are not empty."""
    lines = path.read_text(encoding="utf-8").splitlines()

    def at(text: str) -> int | None:
        return next((n for n, line in enumerate(lines, 1) if text in line), None)

    known = {field.name for field in dataclasses.fields(Limits)}
    for key in tomllib.loads("\n".join(lines)).get("limits", {}).keys() - known:
        yield f"there is no limit {key!r}; there are {', '.join(sorted(known))}", at(key)
    for key in known:
        amount = getattr(manifest.limits, key)
        if amount is not None and not amount > 0:
            yield f"the limit {key!r} must be more than 0", at(key)
    for task in manifest.tasks:
        if not (math.isfinite(task.points) and task.points > 0):
            yield f"the task {task.name!r} must have points", at(f'"{task.name}"')
    for question in manifest.written:
        if not (math.isfinite(question.points) and question.points > 0):
            yield f"the question {question.name!r} must have points", at(f'"{question.name}"')
        if not question.name.isidentifier():
            yield f"the question {question.name!r} needs a name like a function's", at("written")
    if not manifest.module.isidentifier():
        yield f"module = {manifest.module!r} is not a Python module's name", at("module")
    for name in manifest.packages:
        if not name.isidentifier():
            yield f"packages: {name!r} is not a name that can be imported", at("packages")
    total = sum(task.points for task in manifest.tasks)
    if abs(total - manifest.points) > 1e-9:
        yield (
            f"the tasks' points add up to {total:g}, but the exercise has {manifest.points:g}: "
            "correct one of them",
            at("points"),
        )
    names = [task.name for task in manifest.tasks] + [each.name for each in manifest.written]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"{name!r} is listed twice", at(f'"{name}"')
    yield from ((told, at(word)) for told, word in _faults_of_languages(manifest))
    for name, misconception in manifest.misconceptions.items():
        for sign in misconception.raises:
            try:
                re.compile(sign)
            except re.error as error:
                yield f"{name} raises {sign!r}, which is no pattern: {error}", at(f'"{name}"')


def _faults_of_languages(manifest: _Manifest) -> Iterator[tuple[str, str]]:
    """Find texts that lack a language of the exercise, say less in one, or nothing at all.

    Each fault comes with a word that its line holds.
    """
    languages = manifest.title.languages
    known: dict[str, Text | Hints] = {
        f"title of {task.name!r}": task.title for task in manifest.tasks
    }
    known |= {f"title of {each.name!r}": each.title for each in manifest.written}
    known |= {f"hints of {task.name!r}": task.hints for task in manifest.tasks}
    known |= {f"hint of {name}": each.hint for name, each in manifest.misconceptions.items()}
    known |= {f"message {key!r}": text for key, text in manifest.messages.items()}
    for what, text in known.items():
        if set(text.languages) != set(languages):
            word = what.split()[-1].strip("'")
            yield (
                f"the {what} is written in {_listed(text.languages)}, "
                f"but the exercise's title in {_listed(languages)}: write all in the same",
                f'"{word}"' if word in manifest.misconceptions else word,
            )
            return
    for task in manifest.tasks:
        rungs = {language: len(task.hints.in_(language)) for language in languages}
        if len(set(rungs.values())) > 1:
            told = " but ".join(f"{count} in {language}" for language, count in rungs.items())
            yield (
                f"the hints of {task.name!r} have {told.replace(' in', ' rungs in', 1)}",
                f'"{task.name}"',
            )
        texts = [each.in_(x) for x in languages for each in (task.title,)]
        texts += [text for x in languages for text in task.hints.in_(x)]
        if not all(rungs.values()) or not all(text.strip() for text in texts):
            told = f"the task {task.name!r} has an empty title or hint, or no hint at all"
            yield told, f'"{task.name}"'
    for key, text in manifest.messages.items():
        fields = {language: set(FIELD.findall(text.in_(language))) for language in languages}
        odd = next((x for x in languages if fields[x] != fields[languages[0]]), None)
        if odd is not None:
            yield f"the message {key!r} names other facts in {languages[0]} than in {odd}", key


def _listed(languages: tuple[str, ...]) -> str:
    return " and ".join(languages)
