"""Making a notebook fit for nbgrader's release, with nbgrader's own preprocessors.

They set what Jupyter obeys (``editable``, ``deletable``) and what nbgrader's autograding compares
with later (checksums), so a released notebook is exactly what the installed nbgrader would make.
"""

from __future__ import annotations

from typing import Any

from autograder.errors import EngineFault, GradeFlowError

__all__ = ["ANSWER", "SCHEMA_VERSION", "cell_metadata", "locked_and_signed"]

SCHEMA_VERSION = 3
ANSWER = "answer-"
"""Before a question's name in the cell of its answer, which people grade."""


def cell_metadata(
    grade_id: str, *, points: float | None = None, solution: bool = False
) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell: a grade cell, a solution cell, else a locked one.

    points: what a grade cell is worth; None for every other cell. A solution with points is graded
    by hand.
    """
    metadata: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        metadata["points"] = int(points) if float(points).is_integer() else points
    return metadata


def locked_and_signed(notebook: Any) -> Any:
    """Lock a notebook's cells, compute their checksums and let nbgrader validate the whole.

    notebook: an nbformat notebook whose cells carry :func:`cell_metadata`; it is changed.

    Raises GradeFlowError when nbgrader is not installed, EngineFault when it refuses the notebook.
    """
    try:
        from nbgrader.nbgraderformat import ValidationError
        from nbgrader.preprocessors import CheckCellMetadata, ComputeChecksums, LockCells
    except ImportError:
        raise GradeFlowError(
            'Building notebooks needs nbgrader: pip install "gradeflow[nbgrader]".'
        ) from None
    resources: dict[str, Any] = {}
    try:
        for preprocessor in (LockCells(), ComputeChecksums(), CheckCellMetadata()):
            notebook, resources = preprocessor.preprocess(notebook, resources)
    except ValidationError as error:
        raise EngineFault(f"nbgrader refuses the notebook that was built: {error}") from None
    return notebook
