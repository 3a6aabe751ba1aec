"""What submissions of an exercise are made of: its reference, taken apart and put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.catalogue import Course, Exercise
from autograder.errors import GradeFlowError
from autograder.submission.places import places_of, replaced
from autograder.wire.lines import lines_in

__all__ = ["MARKER", "Material", "gather", "replace_functions", "without_figures", "without_prose"]

MARKER = re.compile(r"^\s*### (?:BEGIN|END) SOLUTION\s*\n", re.MULTILINE)


@dataclass(frozen=True)
class Material:
    """An exercise, as the makers of submissions need it.

    percent: the reference as a py:percent script, with its prose, without solution markers.
    script: the same without prose, as a learner's plain script.
    released: what learners get, untouched, by file name.
    alternatives: other right programs, by name.
    """

    exercise: Exercise
    percent: str
    script: str
    released: dict[str, bytes]
    alternatives: dict[str, str]

    @property
    def name(self) -> str:
        """The name of a submitted script."""
        return self.exercise.source.name

    @property
    def last(self) -> str:
        """The last task: nothing that is checked depends on it but its own checks."""
        return self.exercise.tasks[-1].name

    @property
    def all_but_last(self) -> float:
        """The points of every task but the last."""
        return self.exercise.points - self.exercise.tasks[-1].points

    def unwritten(self, *tasks: str) -> str:
        """Return the script with these tasks as the stub has them: signature, no body."""
        return replace_functions(self.script, {task: self._stub(task) for task in tasks})

    def with_last(self, body: str) -> str:
        """Return the script with another body for the last task, of any arguments."""
        return replace_functions(self.script, {self.last: function(self.last, body)})

    def with_every(self, body: str) -> str:
        """Return the script with another body for every task."""
        names = [task.name for task in self.exercise.tasks]
        return replace_functions(self.script, {name: function(name, body) for name in names})

    @cached_property
    def stub(self) -> str:
        """The script with every task unwritten."""
        return self.unwritten(*(task.name for task in self.exercise.tasks))

    def _stub(self, task: str) -> str:
        """Return a task's function or class as learners get it, without its body."""
        given, definitions = self._given
        assert task in definitions, f"the stub lacks {task}"
        return "".join(given[definitions[task]])

    @cached_property
    def _given(self) -> tuple[list[str], dict[str, slice]]:
        text = self.released[self.name].decode()
        return lines_in(text), places_of(text)


def gather(course: Course, name: str) -> Material:
    """Read an exercise of a course that has been built.

    Raises GradeFlowError when what learners get has not been built.
    """
    exercise = course.authored(name)
    released = course.assignments / name
    files = [released / f"{exercise.module}{suffix}" for suffix in (".py", ".ipynb")]
    missing = [path for path in files if not path.is_file()]
    if missing:
        raise GradeFlowError(f"{missing[0]} is missing: run `gradeflow build` first.")
    source = exercise.source.read_text(encoding="utf-8")
    percent = without_figures(MARKER.sub("", source))
    alternatives = sorted((course.root / "tests" / "content" / name).glob("right_*.py"))
    return Material(
        exercise,
        percent,
        without_prose(percent),
        {path.name: path.read_bytes() for path in files},
        {_title(path): path.read_text(encoding="utf-8") for path in alternatives},
    )


def function(name: str, body: str) -> str:
    """Write a function of any arguments with a body."""
    lines = (f"    {line}" if line else line for line in body.strip("\n").splitlines())
    return f"def {name}(*args, **kwargs):\n" + "\n".join(lines) + "\n"


def replace_functions(source: str, functions: Mapping[str, str]) -> str:
    """Replace functions or classes of a program's top level by other text.

    Raises GradeFlowError for one that the program does not define.
    """
    places = places_of(source)
    for name in functions:
        if name not in places:
            raise GradeFlowError(f"The reference does not define {name!r}, but has its task.")
    return replaced(source, places, functions)


def without_figures(percent: str) -> str:
    """Drop the cells that draw figures: no learner has their code."""
    first, *cells = re.split(r"^(?=# %%)", percent, flags=re.MULTILINE)
    return "".join([first, *(each for each in cells if "figure=" not in each.partition("\n")[0])])


def without_prose(percent: str) -> str:
    """Drop the prose cells and the cell marks of a py:percent script, and what draws figures."""
    cells = re.split(r"^# %%(.*)\n", without_figures(percent), flags=re.MULTILINE)
    code = [cells[0]]
    for head, body in zip(cells[1::2], cells[2::2], strict=True):
        if "[markdown]" not in head:
            code.append(body)
    return re.sub(r"\n{4,}", "\n\n\n", "".join(code)).strip("\n") + "\n"


def _title(path: Path) -> str:
    return path.stem.removeprefix("right_").replace("_", " ")
