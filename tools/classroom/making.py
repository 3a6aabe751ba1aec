"""The whole class of an exercise, and its folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.catalogue import Course
from tools.classroom.attack import Target
from tools.classroom.attacks import make_attacks
from tools.classroom.broken import make_broken
from tools.classroom.made import Made
from tools.classroom.material import gather
from tools.classroom.right import make_right
from tools.classroom.shapes import make_shapes
from tools.classroom.wrong import make_unfinished, make_wrong

__all__ = ["make_class", "write_class"]

HANDED_IN = b"2026-03-02 09:00:00 UTC\n"


def make_class(course: Course, exercise: str, target: Target) -> tuple[Made, ...]:
    """Make a class for an exercise: the same for the same course and target, to the byte.

    Raises GradeFlowError when what learners get has not been built.
    """
    material = gather(course, exercise)
    return (
        *make_right(material),
        *make_shapes(material),
        *make_wrong(material),
        *make_unfinished(material),
        *make_broken(material),
        *make_attacks(material, target),
    )


def write_class(submitted: Path, exercise: str, made: Iterable[Made]) -> None:
    """Write a class as nbgrader collects it: submitted/<learner>/<exercise>/<file>."""
    for each in made:
        for name, content in {**each.files, "timestamp.txt": HANDED_IN}.items():
            path = submitted / each.learner / exercise / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
