"""What an author of checks calls. A check is a pytest function that reads as a sentence."""

from autograder.checks.behaviour import (
    brisk,
    central_difference,
    expect,
    leaves_arguments_alone,
    refuses,
    warns_nothing,
)
from autograder.checks.compare import agree, difference
from autograder.checks.evidence import Mismatch, show, show_call
from autograder.checks.tasks import task
from autograder.sandbox.proxy import CallFailed, Student, code, probe
from autograder.wire.protocol import Seed

__all__ = [
    "CallFailed",
    "Mismatch",
    "Seed",
    "Student",
    "agree",
    "brisk",
    "central_difference",
    "code",
    "difference",
    "expect",
    "leaves_arguments_alone",
    "probe",
    "refuses",
    "show",
    "show_call",
    "task",
    "warns_nothing",
]
