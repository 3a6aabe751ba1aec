"""Solutions that people wrote, right and wrong, which an exercise's checks must tell apart.

They lie beside the course, in ``tests/content/EXERCISE/``: ``right_*.py`` must have full marks and
no diagnosis. ``wrong_*.py`` must lose points, in a public check already, and says in comments at
its top what it is::

    # loses: softmax log_softmax
    # named: A5.1

``loses`` names the tasks that must lose points, ``named`` every diagnosis that would be true: ids
of misconceptions and names of patterns. Anything else that it is taken for is a false name. A wrong
solution that only hidden checks can tell says why: ``# hidden_only: …``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.catalogue import Course, Exercise
from autograder.catalogue.reading import text_of
from autograder.errors import CourseError

__all__ = ["Specimen", "read_specimens"]

SAYS = re.compile(r"#\s*(loses|named|hidden_only)\s*:\s*(.*)")


@dataclass(frozen=True)
class Specimen:
    """A solution that a person wrote, and what must come of it.

    loses: the tasks that must lose points; of a right solution none.
    named: the diagnoses that are true of it.
    hidden_only: why no public check can tell it; empty where one must.
    """

    path: Path
    text: str
    right: bool
    loses: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    hidden_only: str = ""


def read_specimens(course: Course, exercise: Exercise) -> tuple[Specimen, ...]:
    """Read the solutions that lie beside the course for an exercise, in order of their names.

    Raises CourseError, located, for a wrong one that does not say which of the tasks it loses.
    """
    folder = course.root / "tests" / "content" / exercise.name
    right = [
        Specimen(path, text_of(path), right=True) for path in sorted(folder.glob("right_*.py"))
    ]
    return (*right, *(_wrong(path, exercise) for path in sorted(folder.glob("wrong_*.py"))))


def _wrong(path: Path, exercise: Exercise) -> Specimen:
    text = text_of(path)
    said: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if found := SAYS.match(line):
            said[found[1]] = found[2].strip()
    loses = frozenset(said.get("loses", "").split())
    tasks = {task.name for task in exercise.tasks}
    if not loses or loses - tasks:
        names = ", ".join(sorted(tasks))
        raise CourseError(f"begin it with '# loses: …', one or more of {names}", path, 1)
    named = frozenset(said.get("named", "").split())
    return Specimen(path, text, False, loses, named, said.get("hidden_only", ""))
