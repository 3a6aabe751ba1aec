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
    """Make of a syntax tree what each version of Python does: newer ones have more empty fields."""
    if isinstance(node, list):
        return [bare(each) for each in node]
    if isinstance(node, ast.AST):
        fields = ((name, bare(value)) for name, value in ast.iter_fields(node))
        return type(node).__name__, [field for field in fields if field[1] not in (None, [])]
    return repr(node) if node is not None else None
