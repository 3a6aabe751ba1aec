"""What a learner's function calls the items that it returns."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache

from autograder.wire.protocol import Program

__all__ = ["returned_names"]

LONGEST = 200_000  # characters of a program that are read for it


@lru_cache(maxsize=64)
def _returns(source: str) -> dict[str, tuple[str, ...]]:
    if len(source) > LONGEST:
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
            value = node.body[-1].value
            if isinstance(value, ast.Tuple):
                names = (item.id if isinstance(item, ast.Name) else "" for item in value.elts)
                found[node.name] = tuple(names)
    return found


def returned_names(program: Program, function: str) -> tuple[str, ...]:
    """Return the names in a function's last ``return a, b``: empty for what is no name, or for all.

    Read from the text of the program, which nothing runs for.
    """
    for part in reversed(program.parts):
        names = _returns(part.source).get(function)
        if names is not None:
            return names
    return ()
