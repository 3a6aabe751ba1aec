"""Which places of a program are worth changing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from autograder.authoring.mutation.original import called, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

__all__ = ["Owner", "is_docstring", "is_talk", "never_holds", "owners", "sites"]

Owner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

TALK = frozenset({"print", "warn", "debug", "info", "warning", "log_message"})
UNTOUCHED = (ast.JoinedStr, ast.Raise, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)
LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def owners(tree: ast.Module) -> list[Owner]:
    """Top-level functions and classes, in the order of the file."""
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


def sites(owner: Owner) -> Iterator[tuple[str, ast.AST]]:
    """Every node that may be changed, each with the dotted name of what it stands in.

    Left out: docstrings, annotations, decorators, base classes, f-strings, errors raised, what is
    printed or warned, and code that never runs or runs for a type checker only.
    """
    yield from _inside(owner, "")


def is_talk(node: ast.AST) -> bool:
    """Whether a call only tells a person something."""
    return called(node) in TALK


def is_docstring(node: ast.AST) -> bool:
    """Whether a statement is a bare literal, which does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def never_holds(test: ast.expr) -> bool:
    """Whether a condition is a literal that is false, or holds for a type checker only."""
    number = literal(test)
    typing_only = isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    named = isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"
    return (number is not None and not number) or typing_only or named


def _inside(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    if is_docstring(node):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        name = f"{name}.{node.name}" if name else node.name
    yield name, node
    for child in _children(node):
        yield from _inside(child, name)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, UNTOUCHED) or is_talk(node):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from () if _is_overload(node) else (*_defaults(node.args), *_alive(node.body))
    elif isinstance(node, ast.Lambda):
        yield from (*_defaults(node.args), node.body)
    elif isinstance(node, ast.ClassDef):
        yield from _alive(node.body)
    elif isinstance(node, ast.AnnAssign):
        yield from (node.target, *([node.value] if node.value else []))
    elif isinstance(node, ast.Assert):
        yield node.test
    elif isinstance(node, ast.match_case):
        yield from (*([node.guard] if node.guard else []), *_alive(node.body))
    elif isinstance(node, ast.If | ast.While) and never_holds(node.test):
        yield from _alive(node.orelse)
    else:
        yield from _fields(node)


def _fields(node: ast.AST) -> Iterator[ast.AST]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, list):
            nodes = [item for item in value if isinstance(item, ast.AST)]
            yield from _alive(nodes)
        elif isinstance(value, ast.AST):
            yield value


def _alive(block: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Statements up to the first that leaves the block: what follows never runs."""
    for node in block:
        yield node
        if isinstance(node, LEAVING):
            return


def _defaults(arguments: ast.arguments) -> Collection[ast.expr]:
    return [*arguments.defaults, *(value for value in arguments.kw_defaults if value is not None)]


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        "overload" in (getattr(item, "id", ""), getattr(item, "attr", ""))
        for item in node.decorator_list
    )
