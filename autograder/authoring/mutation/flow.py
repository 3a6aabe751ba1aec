"""Operators on statements: dropped ones, conditions and loops."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from autograder.authoring.mutation.original import Edit, Original
from autograder.authoring.mutation.walk import is_docstring, is_talk, never_holds

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["body_dropped", "condition", "loop", "statement_dropped"]


def statement_dropped(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Leave out an assignment to what has a value, a call made for its effect, or a raise."""
    if isinstance(node, ast.Raise):
        yield original.replace("raise", node, "pass")
    elif isinstance(node, ast.Expr):
        if not (is_docstring(node) or is_talk(node.value)):
            yield original.replace("statement", node, "pass")
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [name for target in targets for name in _names(target)]
        bound = isinstance(node, ast.AugAssign) or _bound_before(node, original).issuperset(names)
        if bound and not _assigns_itself(node):
            yield original.replace("statement", node, "pass")


def body_dropped(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Leave out all that an ``if`` guards, save a lone statement that has its own operator."""
    if not isinstance(node, ast.If) or never_holds(node.test):
        return
    alone = len(node.body) == 1
    if not (alone and isinstance(node.body[0], ast.Expr | ast.Raise | ast.Break | ast.Continue)):
        start, end = original.span(node.body[0])[0], original.span(node.body[-1])[1]
        yield Edit("statement", start, end, "pass")


def condition(node: ast.AST, original: Original) -> Iterator[Edit]:
    """Make a condition hold always or never, or turn it around.

    ``if`` without ``else`` that never holds is left to `body_dropped`, and turning around a single
    comparison or a ``not`` to the operators on these. A loop that nothing leaves is not made
    endless: it would only cost its time limit.
    """
    tests: list[tuple[ast.expr, tuple[str, ...]]] = []
    if isinstance(node, ast.If | ast.While) and never_holds(node.test):
        return
    if isinstance(node, ast.If):
        tests = [(node.test, ("True", "False") if node.orelse else ("True",))]
    elif isinstance(node, ast.IfExp):
        tests = [(node.test, ("True", "False"))]
    elif isinstance(node, ast.While):
        tests = [(node.test, ("True", "False") if _can_leave(node) else ("False",))]
    elif isinstance(node, ast.comprehension):
        tests = [(test, ("True",)) for test in node.ifs]
    for test, fixed in tests:
        start, end = original.outer_span(test)
        # `if(x):` needs a blank where its parentheses were.
        blank = " " if original.source[start - 1 : start].isalnum() else ""
        yield from (Edit("condition", start, end, blank + text) for text in fixed)
        turned = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not | ast.Invert)
        single = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not (turned or single or isinstance(test, ast.Constant)):
            yield original.replace("condition", test, f"not {original.operand(test)}")


def loop(node: ast.AST, original: Original) -> Iterator[Edit]:
    """``break`` and ``continue`` dropped or exchanged."""
    if isinstance(node, ast.Break):
        yield from (original.replace("loop", node, text) for text in ("pass", "continue"))
    elif isinstance(node, ast.Continue):
        if not _ends_its_loop(node, original):  # there it does nothing
            yield original.replace("loop", node, "pass")
        yield original.replace("loop", node, "break")


def _names(target: ast.expr) -> Iterator[str]:
    """Names that an assignment binds; an item or an attribute binds none."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for item in target.elts:
            yield from _names(item)
    elif isinstance(target, ast.Starred):
        yield from _names(target.value)


def _bound_before(node: ast.stmt, original: Original) -> set[str]:
    """Names with a value before a statement: without one, dropping it is only a NameError."""
    scope = original.scope(node)
    if scope is None:
        return set()
    start, _ = original.span(node)
    bound = {
        inner.id
        for inner in ast.walk(scope)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
        if original.span(inner)[0] < start
    }
    if not isinstance(scope, ast.ClassDef):
        bound |= {inner.arg for inner in ast.walk(scope.args) if isinstance(inner, ast.arg)}
    return bound


def _assigns_itself(node: ast.stmt) -> bool:
    """Whether a statement reads ``x = x``, which nothing can tell from nothing."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and all(isinstance(item, ast.Name) and item.id == node.value.id for item in node.targets)
    )


def _can_leave(node: ast.While) -> bool:
    return any(isinstance(inner, ast.Break | ast.Return | ast.Raise) for inner in ast.walk(node))


def _ends_its_loop(node: ast.stmt, original: Original) -> bool:
    inner: ast.AST = node
    for outer in original.above(node):
        if isinstance(outer, ast.For | ast.AsyncFor | ast.While):
            return inner is outer.body[-1]
        if not isinstance(outer, ast.If) or inner not in (outer.body[-1], *outer.orelse[-1:]):
            return False
        inner = outer
    return False
