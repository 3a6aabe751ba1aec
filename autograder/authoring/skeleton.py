"""Starting an exercise: a small one that builds and audits as it stands, to be rewritten."""

from __future__ import annotations

import keyword
import re
import sys
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.catalogue import Course, find_course, make_course
from autograder.errors import CourseError, GradeFlowError

__all__ = ["new_course", "new_exercise"]

NAME = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)")
EXERCISES = re.compile(r"^exercises\s*=\s*\[", re.MULTILINE)
SHADOWED = sys.stdlib_module_names | {"numpy", "torch", "tensorflow", "keras", "pytest"}
# Inside the list: a string, a comment, or the bracket that ends it.
WRITTEN = ("en", "zh")
"""The languages of the templates."""
TEXTS = re.compile(
    r"^(?P<key>(?:[\w.]+\.)?)(?P<language>en|zh)(?P<text> = (?:\[[^\]]*\]|\"[^\n]*\")\n)",
    re.MULTILINE,
)
PROSE = re.compile(
    r"^# %% \[markdown\] lang=\"(?P<language>en|zh)\"\n(?P<text>(?:#.*\n)+\n*)", re.MULTILINE
)
PIECE = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'|#[^\n]*|\]')


def new_course(root: Path, name: str, languages: Sequence[str]) -> Course:
    """Start a course in an empty folder, for a first exercise of this name.

    What begins with a dot, such as a virtual environment, does not count.

    Raises GradeFlowError where anything else lies there, and for a name that does not fit.
    """
    _taken_apart(name)
    if any(not each.name.startswith(".") for each in root.iterdir()):
        raise GradeFlowError(
            f"There is no course in {root} or above, and a new one is started in an empty folder "
            "alone. Go to the course's folder, or make an empty one, and run the command there."
        )
    make_course(root, languages)
    course = find_course(root)
    assert course is not None
    return course


def new_exercise(course: Course, name: str) -> Path:
    """Write the skeleton of an exercise, list it in course.toml, and return its folder.

    name: two digits and a module's name, ``13_convolution``.

    Raises GradeFlowError for a name that does not fit or is taken.
    """
    number, module = _taken_apart(name)
    folder = course.solutions / name
    if name in course.exercises or folder.exists():
        raise GradeFlowError(f"There is an exercise {name} already, in {folder}.")
    taken = next((known for known in course.exercises if known.startswith(f"{number}_")), None)
    if taken:
        raise GradeFlowError(f"The number {number} is taken by {taken}: choose another.")
    manifest = course.root / "course.toml"
    listed = _listed(manifest, name)
    words = {
        "name": name,
        "number": str(int(number)),
        "module": module,
        "title": module.replace("_", " ").capitalize(),
    }
    _write_all(folder, words, course.languages)
    write_atomically(manifest, listed.encode())
    return folder


def _taken_apart(name: str) -> tuple[str, str]:
    """Return an exercise's number and its module; raise GradeFlowError where the name is none."""
    found = NAME.fullmatch(name)
    if not found:
        raise GradeFlowError(
            f"{name!r} is not an exercise's name: write two digits, an underscore and lower-case "
            "letters, such as 13_convolution."
        )
    module = found[2]
    if module in SHADOWED or keyword.iskeyword(module):
        raise GradeFlowError(
            f"A learner's {module}.py would stand in the way of Python's own: choose another name."
        )
    return found[1], module


def _write_all(folder: Path, words: dict[str, str], languages: Sequence[str]) -> None:
    folder.mkdir(parents=True)
    room = files("autograder.authoring") / "templates"
    for template in sorted(room.iterdir(), key=lambda each: each.name):
        if not template.name.endswith(".tmpl"):
            continue
        text = template.read_text(encoding="utf-8")
        for key, value in words.items():
            text = text.replace("{{" + key + "}}", value)
        text = _in_languages(text, languages)
        file = template.name.removesuffix(".tmpl")
        file = f"{words['module']}.py" if file == "source.py" else file
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


def _in_languages(text: str, languages: Sequence[str]) -> str:
    """Leave of a template what is in the course's languages.

    A course in neither of the templates' languages starts from the English texts.
    """
    kept = {language: language for language in WRITTEN if language in languages}
    kept = kept or {WRITTEN[0]: languages[0]}

    def text_in(found: re.Match[str]) -> str:
        language = kept.get(found["language"])
        return f"{found['key']}{language}{found['text']}" if language else ""

    def prose_in(found: re.Match[str]) -> str:
        language = kept.get(found["language"])
        return f'# %% [markdown] lang="{language}"\n{found["text"]}' if language else ""

    return PROSE.sub(prose_in, TEXTS.sub(text_in, text))


def _listed(manifest: Path, name: str) -> str:
    """Return course.toml with the name put last in its list; every comment stays."""
    text = manifest.read_text(encoding="utf-8")
    problem = CourseError(f'cannot be edited: add "{name}" to exercises yourself', manifest)
    start = EXERCISES.search(text)
    if start is None:
        raise problem
    last = start.end()
    empty = True
    for piece in PIECE.finditer(text, start.end()):
        if piece[0] == "]":
            break
        if not piece[0].startswith("#"):
            last, empty = piece.end(), False
    new = text[:last] + ("" if empty else ", ") + f'"{name}"' + text[last:]
    before = tomllib.loads(text)
    if tomllib.loads(new) != before | {"exercises": [*before["exercises"], name]}:
        raise problem
    return new
