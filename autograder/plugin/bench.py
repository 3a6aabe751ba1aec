"""An exercise made ready for checking: its reference, its wrong variants, its random inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from autograder.catalogue import Exercise
from autograder.catalogue.reading import text_of
from autograder.data import COURSE_FILE
from autograder.data.offline import serve_mnist
from autograder.diagnosis import (
    REFERENCE,
    FrozenSession,
    RememberingSession,
    Suspect,
    asked_parameters,
    read_variants,
)
from autograder.diagnosis.frozen import read_answers
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.session import Session

__all__ = ["Bench", "open_bench"]

TRAIN = ("torch", "tensorflow")
"""Frameworks whose networks start from weights of their own."""


@dataclass(frozen=True)
class Bench:
    """What every check of an exercise shares, for any number of submissions.

    salt: the course's; it makes hidden inputs differ between courses.
    seed: 0 for grading; an audit counts it up to vary every random input.
    unseen: draw for public checks, too, inputs that learners do not have.
    parameters: by task, those of the function that is asked for, as its first line writes them.
    """

    exercise: Exercise
    reference: Session
    suspects: tuple[Suspect, ...]
    salt: str = ""
    seed: int = 0
    unseen: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)

    def rng(self, check: str, *, hidden: bool) -> np.random.Generator:
        """Return the random generator of a check.

        A public check's depends on nothing but its name: a learner's machine, which has no salt,
        must draw the same inputs.
        """
        salt = self.salt if hidden else f"{self.salt}\nunseen" if self.unseen else ""
        text = "\n".join((self.exercise.name, check, salt))
        digest = hashlib.sha256(text.encode()).digest()
        return np.random.default_rng([int.from_bytes(digest[:8], "big"), self.seed])

    def reseeded(self, seed: int) -> Bench:
        """Return the same bench with other random inputs."""
        return replace(self, seed=seed)


def open_bench(exercise: Exercise, salt: str = "") -> Bench:
    """Make an exercise ready: from its sources in the author's room, else from frozen answers.

    Raises CourseError when a file of the exercise is wrong.
    """
    steady = exercise.framework not in TRAIN
    if exercise.released:
        book = read_answers(exercise.answers)
        suspects = tuple(
            Suspect(key.partition("#")[0], replaced, FrozenSession(book, key), steady)
            for key, replaced in book.variants.items()
        )
        asked = asked_parameters(exercise)
        return Bench(exercise, FrozenSession(book, REFERENCE), suspects, salt, parameters=asked)
    if exercise.framework == "tensorflow":
        serve_mnist(lambda: COURSE_FILE)  # trusted programs run in this process
    source = text_of(exercise.source)
    limits = exercise.limits

    def trusted(text: str) -> Session:
        return RememberingSession(InProcessSession.of(text, exercise.module, limits))

    suspects = tuple(
        Suspect(variant.name, variant.replaced, trusted(variant.source), steady)
        for variant in read_variants(exercise.variants, source)
    )
    asked = asked_parameters(exercise)
    return Bench(exercise, trusted(source), suspects, salt, parameters=asked)
