# claim: So is half a file.
# held: value == "refused"

from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.grading.store import checked


def attack(room):
    try:
        return checked(b'{"exercise": "e", "lear', "ann", Path("ann.json")).score.points
    except GradeFlowError:
        return "refused"
