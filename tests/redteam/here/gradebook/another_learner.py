# claim: A result that says it is of another is refused.
# held: value == "refused"

from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.grading.store import checked


def attack(room):
    try:
        return checked(
            b'{"exercise": "e", "learner": "../../evil", "file": "f", "score": {"possible": 60.0, "points": 6.0}}',
            "ann",
            Path("ann.json"),
        ).score.points
    except GradeFlowError:
        return "refused"
