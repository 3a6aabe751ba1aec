# claim: A script in the name of an exception stays text.
# held: "<script>alert" not in value and "<img src=x" not in value

from autograder.model import CheckResult, Evidence, Result, Score, Verdict
from autograder.report.learner import learner_page


def attack(room):
    text = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    evidence = Evidence("raised", got="1", facts={"exception": text, "message": "m"})
    check = CheckResult("test_x", "double", False, Verdict.ERROR, 2.0, evidence=evidence)
    made = Result("01_tiny", "ann", "tiny.py", Score(6.0, 0.0), (check,))
    return learner_page(made, room.exercise, "en")
