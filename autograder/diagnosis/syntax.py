"""What a piece of Python says, whatever its layout and whichever Python reads it."""

from __future__ import annotations

import ast
from functools import cache

__all__ = ["bare", "meaning"]


@cache
def meaning(source: str) -> str:
    """Write code without its layout and comments; text that is not Python stays as it is."""
    try:
        return repr(bare(ast.parse(source)))
    except (SyntaxError, ValueError):  # told of by whoever runs it
        return source


def bare(node: object) -> object:
    """Make of a syntax tree what each version of Python does.

    Newer ones have more empty fields; 3.12 had an empty text where ``{width}`` ends a format.
    """
    if isinstance(node, list):
        return [bare(each) for each in node]
    if isinstance(node, ast.JoinedStr):
        node = ast.JoinedStr([each for each in node.values if not _is_empty_text(each)])
    if isinstance(node, ast.AST):
        fields = ((name, bare(value)) for name, value in ast.iter_fields(node))
        return type(node).__name__, [field for field in fields if field[1] not in (None, [])]
    return repr(node) if node is not None else None


def _is_empty_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""
