"""Results: a frozen, versioned schema without NumPy or pytest."""

from autograder.model.plots import Mark, Panel, Plot
from autograder.model.privacy import for_learner
from autograder.model.results import (
    SCHEMA_VERSION,
    CheckResult,
    Diagnosis,
    Evidence,
    Fact,
    Result,
    Score,
    SourceLine,
    Verdict,
    schema,
    to_json,
)
from autograder.model.scoring import score

__all__ = [
    "SCHEMA_VERSION",
    "CheckResult",
    "Diagnosis",
    "Evidence",
    "Fact",
    "Mark",
    "Panel",
    "Plot",
    "Result",
    "Score",
    "SourceLine",
    "Verdict",
    "for_learner",
    "schema",
    "score",
    "to_json",
]
