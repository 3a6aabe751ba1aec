"""The full results behind nbgrader's gradebook, one file for each learner.

They lie in ``build/nbgrader/results/<assignment>/``, out of nbgrader's sight: it copies whatever it
finds beside a notebook, and a full result tells hidden inputs. The gradebook has only numbers; who
wants to tell a crash from a zero, or to draw a class, reads these.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import autograder
from autograder.grading.store import digest_folder, fingerprint
from autograder.nbgrader.place import Place

__all__ = ["fingerprint_for", "results_folder"]


def results_folder(root: Path, assignment: str) -> Path:
    """Return where the full results of an assignment lie: ``<learner>.json``."""
    return root / "build" / "nbgrader" / "results" / assignment


def fingerprint_for(place: Place, sha256: str, sandbox: str) -> str:
    """Return what a learner's result depends on: the file, the checks, the engine, the notebook."""
    released = place.course.assignments / place.assignment / f"{place.exercise.module}.ipynb"
    content = digest_folder([place.exercise.folder, released])
    examples = str(place.course.examples)
    course = "\n".join((content, place.course.salt, sandbox, place.language, examples))
    return fingerprint(sha256, course, _engine())


@cache
def _engine() -> str:
    return digest_folder([Path(autograder.__file__).parent])
