"""What grading yields: facts, frozen and versioned.

A result holds no prose. Renderers turn its facts into a language, with the catalogues of
:mod:`autograder.messages` and the exercise's own texts. ``docs/result.schema.json`` is the JSON
schema of :class:`Result`, and a test keeps it so.
"""

from __future__ import annotations

import inspect
import math
import numbers
from enum import StrEnum
from typing import Any

import msgspec

from autograder.model.plots import Plot

__all__ = [
    "BY_HEART",
    "FOUND_BY_HEART",
    "SCHEMA_VERSION",
    "CheckResult",
    "Diagnosis",
    "Evidence",
    "Fact",
    "Result",
    "Score",
    "SourceLine",
    "Verdict",
    "identity_of",
    "schema",
    "to_json",
]

SCHEMA_VERSION = 1
BY_HEART = "note.by_heart"
"""A remark for the instructor: right for the inputs that learners have, and for no others."""
FOUND_BY_HEART = "by heart"
"""What it is called in tables and reports, where misconceptions have their ids."""


class Verdict(StrEnum):
    """What a check says: only ``passed`` earns points, and ``fault``, ours, withholds the score."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    FAULT = "fault"
    SKIPPED = "skipped"


Fact = str | int | float


class _Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class SourceLine(_Record, frozen=True):
    """A line of the learner's own code; ``line`` counts from 1 within ``label``."""

    label: str
    line: int
    text: str = ""
    function: str = ""


class Evidence(_Record, frozen=True):
    """What was observed when a check did not pass.

    kind: a key of the catalogues under ``evidence``: ``differs``, ``shape``, ``raised`` …
    call, got, wanted: short texts of the call and of the values.
    index: where the values differ first; ``got_there`` and ``wanted_there`` are the values there.
    difference: the greatest absolute difference; ``wrong`` of ``size`` entries differ.
    lines: the learner's own lines on the way to an exception.
    printed: what the learner's code printed during the call.
    facts: whatever else the message of this kind names.
    beside: the compared values of this very call, drawn; never of a hidden check.
    """

    kind: str
    call: str = ""
    got: str = ""
    wanted: str = ""
    index: tuple[int, ...] | None = None
    got_there: str = ""
    wanted_there: str = ""
    difference: float | None = None
    wrong: int | None = None
    size: int | None = None
    lines: tuple[SourceLine, ...] = ()
    printed: str = ""
    facts: dict[str, Fact] = {}
    beside: Plot | None = None

    def __post_init__(self) -> None:
        _make_plain(self)


class Diagnosis(_Record, frozen=True):
    """What a failure looks like: a misconception of the exercise, or a pattern found by itself.

    name: the misconception's id (``A1.1``), or a key of the catalogues under ``pattern``.
    """

    name: str
    misconception: bool = False
    facts: dict[str, Fact] = {}

    def __post_init__(self) -> None:
        _make_plain(self)


def _make_plain(record: Evidence | Diagnosis) -> None:
    """Make facts what JSON can hold: an author's may be NumPy's numbers, or not finite."""
    if record.facts:
        facts = {key: _plain(value) for key, value in record.facts.items()}
        msgspec.structs.force_setattr(record, "facts", facts)


def _plain(fact: object) -> Fact:
    if isinstance(fact, numbers.Integral):
        return int(fact)
    if isinstance(fact, numbers.Real) and math.isfinite(fact):
        return float(fact)
    return str(fact)


def identity_of(name: str, hidden: bool) -> str:
    """Return what tells a check from all others of its exercise.

    A public and a hidden check may well have one name: they ask the same with other inputs.
    """
    return f"hidden {name}" if hidden else name


class CheckResult(_Record, frozen=True):
    """One check of one submission.

    unseen: a public check that passed with the inputs that learners have, and failed with others.
    kind: of a hidden check, what sort of inputs it tries: a key of the catalogues under ``hidden``.
    example: where its inputs are secret, how it fails with others; a learner may see all of it.
    behaviour: where it failed, a digest of what the program did on its calls: equal for all who
    did the same. Not for learners.
    """

    name: str
    task: str
    hidden: bool
    verdict: Verdict
    worth: float
    points: float = 0.0
    evidence: Evidence | None = None
    diagnosis: Diagnosis | None = None
    seconds: float = 0.0
    unseen: bool = False
    kind: str = ""
    example: Evidence | None = None
    behaviour: str = ""

    @property
    def identity(self) -> str:
        """What tells it from the exercise's other checks; see :func:`identity_of`."""
        return identity_of(self.name, self.hidden)

    @property
    def secret(self) -> bool:
        """Whether its inputs are such as no learner may see."""
        return self.hidden or self.unseen


class Score(_Record, frozen=True):
    """Points of a submission; withheld (``points`` is None) when a fault of ours touched it."""

    possible: float
    points: float | None = None

    @property
    def withheld(self) -> bool:
        """Whether there is no score to give."""
        return self.points is None


class Result(_Record, frozen=True, omit_defaults=False):
    """One submission of one exercise, graded.

    fingerprint: hash of submission, tests and engine; an unchanged one need not be graded again.
    content: hash of the exercise's folder, with the course's salt.
    layers: the protections that held while the learner's code ran; empty when there were none.
    notes: keys of remarks about the submission (``note.other_file`` …), with their facts.
    plot: what can be drawn of it, where the exercise has a picture.
    seeds: of an exercise that trains at random, the published seeds that its checks use.
    problem: set when nothing could be graded: the file is unreadable, or a fault of ours.
    """

    exercise: str
    learner: str
    file: str
    score: Score
    checks: tuple[CheckResult, ...] = ()
    problem: Evidence | None = None
    load: tuple[Evidence, ...] = ()
    notes: tuple[Diagnosis, ...] = ()
    plot: Plot | None = None
    seed: int = 0
    fingerprint: str = ""
    sha256: str = ""
    content: str = ""
    sandbox: str = ""
    layers: tuple[str, ...] = ()
    versions: dict[str, str] = {}
    seeds: tuple[int, ...] = ()
    seconds: float = 0.0
    schema_version: int = SCHEMA_VERSION

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """Ids of the misconceptions that were named, each once, in order."""
        found = (c.diagnosis.name for c in self.checks if c.diagnosis and c.diagnosis.misconception)
        return tuple(dict.fromkeys(found))

    @property
    def fault(self) -> Evidence | None:
        """What was our fault, the first of it; None where nothing was."""
        evidence = (self.problem, *(check.evidence for check in self.checks))
        return next((each for each in evidence if each and each.kind == "fault"), None)

    @property
    def findings(self) -> tuple[str, ...]:
        """What an instructor looks for: the misconceptions, and answers known by heart."""
        learnt = any(note.name == BY_HEART for note in self.notes)
        return (*self.diagnoses, *((FOUND_BY_HEART,) if learnt else ()))


def to_json(value: object) -> bytes:
    """Write a result, or whatever else is told of results, as the JSON that is published."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def schema() -> dict[str, Any]:
    """Return the JSON schema of :class:`Result`."""
    whole = msgspec.json.schema(Result)
    for each in whole["$defs"].values():
        # Docstrings lose their indentation in Python 3.13, and the schema is one for every Python.
        if "description" in each:
            each["description"] = inspect.cleandoc(each["description"])
    return whole
