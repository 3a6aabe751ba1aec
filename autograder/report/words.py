"""Words that every renderer needs."""

from __future__ import annotations

from autograder.model import CheckResult, Verdict

__all__ = ["WORST_FIRST", "sentence"]

WORST_FIRST = (Verdict.FAULT, Verdict.ERROR, Verdict.FAILED, Verdict.SKIPPED, Verdict.PASSED)


def sentence(check: CheckResult) -> str:
    """Write a check's name as the sentence it is, the task's own name unchanged."""
    name = check.name.removeprefix("test_")
    head = check.task if name.startswith(check.task) else ""
    # pytest writes a parameter at once behind the name
    return head + name[len(head) :].replace("_", " ").replace("[", " [", 1)
