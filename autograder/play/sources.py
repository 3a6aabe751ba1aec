"""Whose functions the page runs: a learner's files, or for a lecturer the course's solutions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.catalogue import Course, Exercise
from autograder.grading.alone import own_file
from autograder.messages import learner_error
from autograder.play.functions import FUNCTIONS
from autograder.submission import read_file
from autograder.wire.protocol import Part, Program

__all__ = ["Sources"]


@dataclass(frozen=True)
class Sources:
    """The exercises whose functions the page can use, by their names, in the order of teaching.

    reference: they are the course's own solutions, which need no check.
    """

    exercises: dict[str, Exercise]
    reference: bool = False

    @classmethod
    def of(cls, course: Course, *, reference: bool = False) -> Sources:
        """Find the exercises of a course.

        Raises LearnerError where none of them is there: that is no such course, or no solutions.
        """
        room = course.solutions if reference else course.assignments
        load = course.authored if reference else course.released
        names = dict.fromkeys(each.exercise for each in FUNCTIONS.values())
        there = [name for name in course.exercises_in(room) if name in names]
        if not there:
            key = "error.play_no_reference" if reference else "error.play_no_exercise"
            raise learner_error(key, folder=str(room), names=tuple(names))
        return cls({name: load(name) for name in there}, reference)

    def path(self, name: str) -> Path:
        """Return the file that an exercise is worked in.

        Raises LearnerError when there is none.
        """
        exercise = self.exercises[name]
        return exercise.source if self.reference else own_file(exercise)

    def program(self, name: str) -> Program:
        """Read an exercise's file; the cells of a notebook say whose they are.

        Raises LearnerError when it cannot be read, or is no program.
        """
        exercise, path = self.exercises[name], self.path(name)
        program = read_file(path, exercise.module, exercise.forbidden, exercise.wanted)
        if not program.notebook:
            return program
        parts = tuple(Part(f"{path.name}: {each.label}", each.source) for each in program.parts)
        return Program(
            program.module, parts, program.forbidden, notebook=True, wanted=program.wanted
        )

    def whose(self, path: Path) -> str | None:
        """Return the exercise that a file belongs to."""
        for name, exercise in self.exercises.items():
            if path in (exercise.source, exercise.source.with_suffix(".ipynb")):
                return name
        return None
