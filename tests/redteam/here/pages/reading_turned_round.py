# claim: Marks that turn the direction of reading are taken out.
# held: "\u202e" not in value

from autograder.model import CheckResult, Evidence, Result, Score, Verdict
from autograder.report.learner import learner_page


def attack(room):
    text = "a\u202eb"
    evidence = Evidence("raised", got=text, facts={"exception": "E", "message": "m"})
    check = CheckResult("test_x", "double", False, Verdict.ERROR, 2.0, evidence=evidence)
    made = Result("01_tiny", "ann", "tiny.py", Score(6.0, 0.0), (check,))
    return learner_page(made, room.exercise, "en")
