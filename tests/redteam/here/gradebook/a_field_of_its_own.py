# claim: A field that nobody knows is refused.
# held: value == "refused"

from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.grading.store import checked


def attack(room):
    try:
        return checked(
            b'{"exercise": "e", "learner": "ann", "file": "f", "score": {"possible": 60.0, "points": 6.0}, "bonus": 1}',
            "ann",
            Path("ann.json"),
        ).score.points
    except GradeFlowError:
        return "refused"
