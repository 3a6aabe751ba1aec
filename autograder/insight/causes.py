"""Mistakes that an exception tells by its own words, whatever the function was asked.

Where such a function is stopped, and on which calls, hangs on the rest of what was written. The
mistake is the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from autograder.model import CheckResult

__all__ = ["SIGNS", "cause_of", "causes_in"]

SIGNS = {
    "undefined": r"^NameError: name '\w+' is not defined",
    "unbound": r"^UnboundLocalError: ",
    "none_used": r"^(Type|Attribute)Error: .*\bNoneType\b",
    "not_called": r"^(Type|Attribute)Error: (?!.*\bargument\b)"
    r".*'(builtin_function_or_method|function|method)'",
}
"""What tells each, as a misconception's ``raises`` has it: found in ``Kind: message``."""
LONGEST = 2000  # characters of what an exception says


def causes_in(checks: Sequence[CheckResult]) -> Counter[str]:
    """Count by which of these mistakes checks were stopped."""
    return Counter(cause for check in checks if (cause := _cause(check)))


def cause_of(causes: Counter[str], failed: int) -> str:
    """Return the mistake that stopped most of the checks that failed; empty where none did."""
    return next((cause for cause, count in causes.most_common(1) if 2 * count > failed), "")


def _cause(check: CheckResult) -> str:
    evidence = check.evidence
    if evidence is None or evidence.kind != "raised":
        return ""
    facts = evidence.facts
    text = f"{facts.get('exception', '')}: {facts.get('message', '')}"[:LONGEST]
    return next((cause for cause, sign in SIGNS.items() if re.search(sign, text)), "")
