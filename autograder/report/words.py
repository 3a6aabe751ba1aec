"""Words that every renderer needs."""

from __future__ import annotations

from autograder.model import CheckResult

__all__ = ["sentence"]


def sentence(check: CheckResult) -> str:
    """Write a check's name as the sentence it is, the task's own name unchanged."""
    name = check.name.removeprefix("test_")
    head = check.task if name.startswith(check.task) else ""
    return head + name[len(head) :].replace("_", " ")
