"""What a learner's own return statement calls the things that it returns."""

from __future__ import annotations

import ast

from autograder.submission.functions import definitions
from autograder.wire.protocol import Program

__all__ = ["returned_names"]


def returned_names(program: Program, function: str) -> tuple[str, ...]:
    """Return the names in a function's last ``return a, b``: empty for what is no name, or for all.

    Read from the text of the program, which nothing runs for.
    """
    found = definitions(program).get(function)
    node = found.node if found else None
    if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
        value = node.body[-1].value
        if isinstance(value, ast.Tuple):
            return tuple(item.id if isinstance(item, ast.Name) else "" for item in value.elts)
    return ()
