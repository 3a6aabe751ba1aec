"""Operators that keep the result and write into an argument, as a saving programmer does.

A check sees them only where its inputs are such that the writing changes something: probabilities
of exactly 0 and 1 for one that is clipped.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from autograder.authoring.mutation.original import Edit, Original, called

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["computed_in_place", "written_into", "written_through"]

TAKE_OUT = frozenset(
    {"clip", "exp", "log", "tanh", "sqrt", "square", "negative", "abs", "maximum", "minimum"}
)
UFUNCS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}


def written_into(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``np.clip(p, low, high, out=p)`` for ``np.clip(p, low, high)`` of an argument."""
    if not isinstance(node, ast.Call) or called(node) not in TAKE_OUT:
        return
    if not original.of_module(node.func) or any(each.arg == "out" for each in node.keywords):
        return
    name = _argument(node.args[0] if node.args else None, original)
    if name:
        given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        last = max(original.span(each)[1] for each in given)
        yield Edit("in_place", last, last, f", out={name}")


def computed_in_place(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``s = np.subtract(Z, m, out=Z)`` for ``s = Z - m``, and ``Z -= m`` for ``Z = Z - m``."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp):
        return
    value = node.value
    ufunc, name = UFUNCS.get(type(value.op)), _argument(value.left, original)
    if ufunc is not None and name and "np" in original.modules:
        right = original.text(value.right)
        yield original.replace("in_place", value, f"np.{ufunc}({name}, {right}, out={name})")


def written_through(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``np.asarray(x)`` for ``np.array(x)``: what is written then is written into an argument."""
    if not isinstance(node, ast.Call) or called(node) != "array":
        return
    if any(each.arg == "copy" for each in node.keywords) or not original.of_module(node.func):
        return
    if _argument(node.args[0] if node.args else None, original):
        _, end = original.span(node.func)
        yield Edit("in_place", end - len("array"), end, "asarray")


def _argument(node: ast.expr | None, original: Original) -> str:
    """Name the parameter that an expression is, where it is one and nothing else."""
    if not isinstance(node, ast.Name):
        return ""
    scope = original.scope(node)
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    given = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
    return node.id if node.id in {each.arg for each in given} else ""
