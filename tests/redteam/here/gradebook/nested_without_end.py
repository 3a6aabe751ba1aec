# claim: And one that is nested without end.
# held: value == "refused"

from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.grading.store import checked


def attack(room):
    try:
        return checked(b"[" * 200_000, "ann", Path("ann.json")).score.points
    except GradeFlowError:
        return "refused"
