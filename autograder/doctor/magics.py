"""A notebook's cell as a plain script would have it: without magics, shell lines and ``?help``."""

from __future__ import annotations

import ast
from dataclasses import replace

from autograder.wire.protocol import Part

__all__ = ["without_magics"]


def without_magics(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Leave of each cell what Python itself runs; ``x = !command`` makes ``x`` an empty list.

    What IPython's syntax stands for is asked of IPython. A cell that is not Python even so, or a
    magic's alone (``%%bash``), is left out or stays as it is for its error to be seen.
    """
    from IPython.core.inputtransformer2 import TransformerManager

    transform = TransformerManager().transform_cell
    found = []
    for part in parts:
        try:
            tree = ast.parse(transform(part.source))
        except (SyntaxError, ValueError, RecursionError):
            found.append(part)
            continue
        if not any(_asks(node) for node in ast.walk(tree)):
            found.append(part)
            continue
        tree.body = [each for node in tree.body for each in _plain(node)]
        if tree.body:
            found.append(replace(part, source=ast.unparse(tree)))
    return tuple(found)


def _plain(node: ast.stmt) -> list[ast.stmt]:
    if isinstance(node, ast.Assign) and _asks(node.value):
        return [ast.copy_location(ast.Assign(node.targets, ast.List([], ast.Load())), node)]
    if not (isinstance(node, ast.Expr) and _asks(node.value)):
        return [node]
    match node.value:
        case ast.Call(
            func=ast.Attribute(attr="run_cell_magic"),
            args=[ast.Constant("time" | "capture" | "timeit"), _, ast.Constant(str(body))],
        ):
            return ast.parse(body).body
        case ast.Call(
            func=ast.Attribute(attr="run_line_magic"),
            args=[ast.Constant("time"), ast.Constant(str(body))],
        ):
            return ast.parse(body).body
    return []


def _asks(node: ast.AST) -> bool:
    """Tell a call of a method of ``get_ipython()``, which magics and shell lines become."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name("get_ipython")))):
            return True
    return False
