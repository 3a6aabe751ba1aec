"""Results: a frozen, versioned schema without NumPy or pytest."""

from autograder.model.considered import NEAREST, Considered
from autograder.model.plots import Mark, Panel, Plot
from autograder.model.privacy import for_learner
from autograder.model.results import (
    BY_HEART,
    FOUND_BY_HEART,
    SCHEMA_VERSION,
    CheckResult,
    Diagnosis,
    Evidence,
    Fact,
    Result,
    Score,
    SourceLine,
    Verdict,
    identity_of,
    schema,
    to_json,
)
from autograder.model.scoring import score
from autograder.model.table import (
    Cell,
    CellState,
    ClassTable,
    Column,
    Person,
    Row,
    RowState,
    table_of_class,
)

__all__ = [
    "BY_HEART",
    "FOUND_BY_HEART",
    "NEAREST",
    "SCHEMA_VERSION",
    "Cell",
    "CellState",
    "CheckResult",
    "ClassTable",
    "Column",
    "Considered",
    "Diagnosis",
    "Evidence",
    "Fact",
    "Mark",
    "Panel",
    "Person",
    "Plot",
    "Result",
    "Row",
    "RowState",
    "Score",
    "SourceLine",
    "Verdict",
    "for_learner",
    "identity_of",
    "schema",
    "score",
    "table_of_class",
    "to_json",
]
