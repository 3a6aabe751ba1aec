"""Where the functions and classes of a program stand in its text, and other text in their place."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from autograder.wire.lines import lines_in

__all__ = ["places_of", "replaced"]


def places_of(source: str, *, decorated: bool = True) -> dict[str, slice]:
    """Return where each function or class of the top level stands, in lines of `lines_in`.

    Of two with one name the last, which is the one that counts. decorated: with its decorators.

    Raises what `ast.parse` raises for a text that is no Python.
    """
    places: dict[str, slice] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            above = [each.lineno for each in node.decorator_list] if decorated else []
            first = min([node.lineno, *above]) - 1
            places[node.name] = slice(first, node.end_lineno or node.lineno)
    return places


def replaced(source: str, places: Mapping[str, slice], texts: Mapping[str, str]) -> str:
    """Return a program with other text in some of its places; each text ends with its line."""
    lines = lines_in(source)
    # From the last to the first: what stands above a function that is replaced does not move.
    for name in sorted(texts, key=lambda name: places[name].start, reverse=True):
        lines[places[name]] = [texts[name]]
    return "".join(lines)
