# claim: Output with the windows title reaches a terminal as text.
# held: not set(value) & set("\x1b\x07\x9b\r")

from rich.console import Console

from autograder.model import CheckResult, Evidence, Result, Score, Verdict
from autograder.report.terminal import feedback


def attack(room):
    text = "\x1b]0;evil\x07"
    evidence = Evidence("differs", "double(1)", got=text, wanted="2", printed=text)
    check = CheckResult("test_x", "double", False, Verdict.FAILED, 2.0, evidence=evidence)
    made = Result("01_tiny", "ann", "tiny.py", Score(6.0, 0.0), (check,))
    console = Console(width=100, record=True, file=room.devnull, color_system=None)
    console.print(feedback(made, room.exercise, "en"))
    return console.export_text()
