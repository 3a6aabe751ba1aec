"""Which of an exercise's messages its ``plot.py`` shows: those whose keys begin with ``plot_``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

__all__ = ["PREFIX", "Shows", "shown_by"]

PREFIX = "plot_"
Shows = tuple[re.Pattern[str], str, int]


def shown_by(tree: ast.Module) -> Iterator[Shows]:
    """Find the keys in a parsed plot.py: what matches each, how it is written, and its line.

    ``f"plot_{kind}"`` stands for every key that begins so.
    """
    within = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        elif isinstance(node, ast.Constant) and id(node) not in within:
            parts = [node.value]
        else:
            continue
        if isinstance(parts[0] if parts else None, str) and str(parts[0]).startswith(PREFIX):
            written = "".join("…" if part is None else str(part) for part in parts)
            pattern = "".join(".+" if part is None else re.escape(str(part)) for part in parts)
            yield re.compile(pattern), written, node.lineno
