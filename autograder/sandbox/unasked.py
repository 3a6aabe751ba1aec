"""``check(...)`` in a program that is being graded: it asks for nothing, and costs nothing.

Every notebook of a course begins with ``from autograder.notebook import check``. Where others judge
the program, the real one has nothing to do, and to import it would take half a second for each
submission: longer than to grade it.
"""

from __future__ import annotations

import sys
import types

__all__ = ["put_check_to_rest"]


def put_check_to_rest() -> None:
    """Let this process's programs import a ``check`` that does nothing and gives no points."""
    import autograder

    name = "autograder.notebook"
    module = types.ModuleType(name)
    module.check = _check  # type: ignore[attr-defined]
    sys.modules[name] = module
    autograder.notebook = module  # type: ignore[attr-defined]


def _check(*_arguments: object, **_options: object) -> float:
    return 0.0
