"""Operators on values: arithmetic, signs, comparisons, logic and literals."""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING

from autograder.authoring.mutation.arguments import Role, axes, role
from autograder.authoring.mutation.original import Edit, Number, Original, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "arithmetic",
    "augmented",
    "boolean",
    "comparison",
    "constant",
    "matrix_order",
    "sign",
    "unary",
]

SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
OTHERS: dict[str, tuple[str, ...]] = {
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*", "//"),
    "//": ("/",),
    "%": ("*",),
    "**": ("*",),
    "@": ("*",),
    "&": ("|",),
    "|": ("&",),
}
FOLD: dict[str, Callable[[Number, Number], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "**": operator.pow,
}
COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: (r"\bis\b", ("is not",)),
    ast.IsNot: (r"\bis\s+not\b", ("is",)),
    ast.In: (r"\bin\b", ("not in",)),
    ast.NotIn: (r"\bnot\s+in\b", ("in",)),
}
GUARD = 1e-4  # a literal this small guards a logarithm or a division; a tolerance looks the same
UNSIGNED = (
    *(ast.Constant, ast.JoinedStr, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.Lambda, ast.Starred),
    *(ast.Tuple, ast.List, ast.Set, ast.Dict),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
"""Values without a sign, and literals, which `constant` changes."""
LARGEST_FOLDED = 1000
"""The largest operand that is computed here; a literal power can be too large to compute."""


def arithmetic(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``+`` for ``-``, ``*`` for ``/``, ``/`` for ``//``, a product for a power or for ``@``."""
    if not isinstance(node, ast.BinOp) or _is_text(node.left) or _is_text(node.right):
        return
    name = "boolean" if isinstance(node.op, ast.BitAnd | ast.BitOr) else "arithmetic"
    old = SYMBOLS.get(type(node.op), "")
    start, end = original.span(node)
    gap = (original.span(node.left)[1], original.span(node.right)[0])
    found = original.between(*gap, "".join(f"\\{mark}" for mark in old)) if old else None
    if found is None:
        return
    for new in OTHERS[old]:
        if _same_number(node, old, new):
            continue
        if old == "**":  # a product binds less tightly than the power did
            text = original.source[start : found[0]] + new + original.source[found[1] : end]
            yield original.replace(name, node, _as_product(node, text, original))
        else:
            yield Edit(name, *found, new)


def augmented(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``-=`` for ``+=`` and the like; ``+=`` forgets what it adds to and becomes ``=``."""
    if not isinstance(node, ast.AugAssign) or _is_text(node.value):
        return
    old = SYMBOLS.get(type(node.op), "")
    gap = (original.span(node.target)[1], original.span(node.value)[0])
    found = original.between(*gap, "".join(f"\\{mark}" for mark in old) + "=") if old else None
    if found is None:
        return
    for new in (*OTHERS[old], *([""] if old == "+" else [])):
        yield Edit("augmented", *found, f"{new}=")


def matrix_order(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``W @ X`` for ``X @ W``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        sides = original.operand(node.right), original.operand(node.left)
        yield original.replace("order", node, _as_product(node, " @ ".join(sides), original))


def unary(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Drop a minus, a ``not`` or a ``~``."""
    if not isinstance(node, ast.UnaryOp) or literal(node) is not None:
        return
    names = {ast.USub: "sign", ast.Not: "boolean", ast.Invert: "boolean"}
    name = names.get(type(node.op))
    if name is not None:
        start, _ = original.span(node)
        width = 3 if isinstance(node.op, ast.Not) else 1
        rest = original.source[start + width :]
        yield Edit(name, start, start + width + len(rest) - len(rest.lstrip()), "")


def sign(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Negate a returned value, or each entry of a returned tuple in turn."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for value in values:
        if not isinstance(value, UNSIGNED):
            start, end = original.outer_span(value)
            bracketed = start < original.span(value)[0]
            text = original.source[start:end] if bracketed else original.operand(value)
            yield Edit("sign", start, end, f"-{text}")


def comparison(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Each comparison moved by its boundary, and turned around."""
    if not isinstance(node, ast.Compare):
        return
    sides = [node.left, *node.comparators]
    for left, kind, right in zip(sides, node.ops, sides[1:], strict=False):
        pattern, others = COMPARISONS[type(kind)]
        found = original.between(original.span(left)[1], original.span(right)[0], pattern)
        if found is not None:
            yield from (Edit("comparison", *found, new) for new in others)


def boolean(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``or`` for ``and``, and the other way round."""
    if not isinstance(node, ast.BoolOp):
        return
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in zip(node.values, node.values[1:], strict=False):
        gap = (original.span(left)[1], original.span(right)[0])
        found = original.between(*gap, rf"\b{old}\b")
        if found is not None:
            yield Edit("boolean", *found, new)


def constant(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Change a literal number; into what depends on the part that it plays."""
    part, number = role(node, original), literal(node)
    if number is None or not isinstance(node, ast.expr) or part is Role.HANDLED_ELSEWHERE:
        return
    changed = axes(number) if part is Role.AXIS else _others(number)
    name = {Role.AXIS: "axis", Role.KEEPDIMS: "keepdims", Role.DEFAULT: "default"}.get(part)
    for text in changed:
        edit = original.replace(name or "constant", node, text)
        yield (
            edit
            if not _loses_its_minus(node, text, original)
            else original.replace(edit.operator, node, f"({text})")
        )


def _others(number: Number) -> list[str]:
    if isinstance(number, bool):
        return [str(not number)]
    if isinstance(number, int):
        around = {0: [1], 1: [0, 2]}.get(number, [number + 1, number - 1])
        return [str(other) for other in around]
    if number == 0.0:
        return ["1.0"]
    if 0 < abs(number) <= GUARD:
        return ["1e-3", "0.0"]
    return [repr(other) for other in (-number, 2 * number) if math.isfinite(other)]


def _loses_its_minus(node: ast.expr, text: str, original: Original) -> bool:
    parent = original.parents[node]
    base = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.left is node
    return text.startswith("-") and (base or isinstance(parent, ast.Attribute))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _as_product(node: ast.BinOp, text: str, original: Original) -> str:
    """Parenthesise a product where the power or product that it replaces needed no parentheses."""
    parent = original.parents[node]
    if isinstance(parent, ast.BinOp) and "\n" not in text:
        sum_around = isinstance(parent.op, ast.Add | ast.Sub)
        if sum_around or (parent.left is node and not isinstance(parent.op, ast.Pow)):
            return text
    return original.grouped(node, text)


def _same_number(node: ast.BinOp, old: str, new: str) -> bool:
    """Tell whether two literals give the same number either way, as ``2 ** 2`` and ``2 * 2`` do."""
    left, right = literal(node.left), literal(node.right)
    if left is None or right is None or max(abs(left), abs(right)) > LARGEST_FOLDED:
        return False
    if old not in FOLD or new not in FOLD:
        return False
    try:
        before, after = FOLD[old](left, right), FOLD[new](left, right)
    except (ArithmeticError, ValueError):
        return False
    return type(before) is type(after) and repr(before) == repr(after)
