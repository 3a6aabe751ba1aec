"""What a program's text tells of a function: what it returns, and which others it uses."""

from __future__ import annotations

import ast

from autograder.submission.functions import definitions
from autograder.wire.protocol import Program

__all__ = ["called_by", "returned_names", "returns_a_value"]


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


def returns_a_value(program: Program, function: str) -> bool:
    """Tell whether a function has a ``return`` with something behind it, on whatever path."""
    found = definitions(program).get(function)
    waiting = list(ast.iter_child_nodes(found.node)) if found else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            if node.value is not None and not _is_none(node.value):
                return True
        elif not isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        ):
            waiting += ast.iter_child_nodes(node)
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def called_by(program: Program, function: str) -> frozenset[str]:
    """Return the names that a function's text uses, directly or by others of the program's own."""
    known = definitions(program)
    found: set[str] = set()
    waiting = [function]
    while waiting:
        stated = known.get(waiting.pop())
        if stated is not None:
            fresh = {each.id for each in ast.walk(stated.node) if isinstance(each, ast.Name)}
            waiting += fresh - found
            found |= fresh
    return frozenset(found & known.keys()) - {function}
