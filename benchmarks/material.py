"""A class to measure with: right and mistaken programs of a NumPy exercise, all different files."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.catalogue import Course, Exercise, find_course
from autograder.diagnosis import read_variants
from tools.classroom import notebooks
from tools.classroom.material import MARKER, without_prose

__all__ = ["EXERCISE", "Classroom", "open_classroom", "programs_of"]

EXERCISE = "01_neuron"


@dataclass(frozen=True)
class Classroom:
    """The programs of a class, and a temporary folder to work in."""

    course: Course
    exercise: Exercise
    programs: dict[str, str]
    room: Path

    def write(self, count: int, form: str) -> Path:
        """Write the first so many, as ``py`` or ``ipynb``, in nbgrader's layout."""
        folder = self.room / f"submitted-{form}-{count}"
        for learner, program in itertools.islice(self.programs.items(), count):
            path = folder / learner / self.exercise.name / f"{self.exercise.module}.{form}"
            path.parent.mkdir(parents=True, exist_ok=True)
            made = notebooks.notebook(notebooks.chunks(program))
            path.write_bytes(notebooks.to_bytes(made) if form == "ipynb" else program.encode())
        return folder


@contextmanager
def open_classroom(count: int) -> Iterator[Classroom]:
    """Make a class of so many: half of it right, in several styles, half with a misconception."""
    course = find_course(Path(__file__).parent)
    assert course is not None
    exercise = course.authored(EXERCISE)
    others = sorted((course.root / "tests" / "content" / EXERCISE).glob("right_*.py"))
    programs = programs_of(exercise, count, [path.read_text(encoding="utf-8") for path in others])
    with TemporaryDirectory(prefix="gradeflow-benchmark-") as room:
        yield Classroom(course, exercise, programs, Path(room))


def programs_of(exercise: Exercise, count: int, others: Sequence[str] = ()) -> dict[str, str]:
    """Write programs, all different: right and with a misconception by turns.

    others: further right programs, beside the reference.
    """
    source = exercise.source.read_text(encoding="utf-8")
    right = [without_prose(MARKER.sub("", source)), *others]
    wrong = [
        without_prose(MARKER.sub("", variant.source))
        for variant in read_variants(exercise.variants, source)
    ]
    endless = itertools.chain.from_iterable(
        zip(itertools.cycle(right), itertools.cycle(wrong), strict=False)
    )
    return {
        f"learner{number:03d}": f"# learner {number}\n{text}"
        for number, text in zip(range(count), endless, strict=False)
    }
