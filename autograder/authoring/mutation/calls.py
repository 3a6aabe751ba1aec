"""Operators on what is called: one function for its neighbour, or the call left out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from autograder.authoring.mutation.original import Edit, Original, called

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["call_dropped", "call_swapped", "transpose_dropped"]

PAIRS = (
    ("maximum", "minimum"),
    ("max", "min"),
    ("amax", "amin"),
    ("argmax", "argmin"),
    ("sum", "mean"),
    ("any", "all"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("logical_and", "logical_or"),
    ("add", "subtract"),
    ("floor", "ceil"),
    ("reduce_sum", "reduce_mean"),
    ("reduce_max", "reduce_min"),
)
SWAPS = {
    **dict(PAIRS),
    **{second: first for first, second in PAIRS},
    "exp": "exp2",
    "log": "log2",
    "vstack": "hstack",
    "hstack": "vstack",
}
BUILTINS = frozenset({"max", "min", "any", "all"})
FUNCTIONS_DROPPED = frozenset(
    {"sqrt", "abs", "absolute", "clip", "copy", "transpose", "reshape", "squeeze", "square"}
)
METHODS_DROPPED = frozenset(
    {"copy", "clone", "astype", "clip", "abs", "sqrt", "transpose", "reshape", "squeeze", "detach"}
)
TRANSPOSED = frozenset({"T", "mT"})


def call_swapped(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``np.minimum`` for ``np.maximum``, ``mean`` for ``sum``, and other neighbours."""
    if not isinstance(node, ast.Call) or called(node) not in SWAPS:
        return
    function, name = node.func, called(node)
    if name in original.defined:
        return
    if isinstance(function, ast.Name) and name not in BUILTINS:
        return
    _, end = original.span(function)
    yield Edit("call", end - len(name), end, SWAPS[name])


def call_dropped(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``x`` for ``np.sqrt(x)``, for ``x.copy()``, for ``x.astype(int)``."""
    if not isinstance(node, ast.Call) or called(node) in original.defined:
        return
    function, name = node.func, called(node)
    kept: ast.expr | None = None
    if isinstance(function, ast.Name):
        kept = node.args[0] if name == "abs" and node.args else None
    elif original.of_module(function):
        kept = node.args[0] if name in FUNCTIONS_DROPPED and node.args else None
    elif isinstance(function, ast.Attribute) and name in METHODS_DROPPED:
        kept = function.value
    if kept is not None and not isinstance(kept, ast.Starred | ast.GeneratorExp):
        text = original.grouped(node, original.text(kept), kept)
        yield original.replace("call", node, text)


def transpose_dropped(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``x`` for ``x.T``."""
    if not isinstance(node, ast.Attribute) or node.attr not in TRANSPOSED:
        return
    if isinstance(node.ctx, ast.Load) and not original.of_module(node.value):
        text = original.grouped(node, original.text(node.value), node.value)
        yield original.replace("call", node, text)
