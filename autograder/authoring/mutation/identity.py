"""What stays the same about a change while the program around it is edited."""

from __future__ import annotations

import ast
from hashlib import blake2s

__all__ = ["digest", "find", "path"]

Step = tuple[str, int | None]

UNTOLD = frozenset({"ctx", "kind", "type_comment", "lineno", "end_lineno"})


def path(tree: ast.Module, parents: dict[ast.AST, ast.AST], statement: ast.stmt) -> list[Step]:
    """List the steps from the tree's root down to a statement."""
    steps: list[Step] = []
    node: ast.AST = statement
    while node is not tree:
        steps.append(_step(parents[node], node))
        node = parents[node]
    return steps[::-1]


def find(tree: ast.Module, steps: list[Step]) -> ast.AST:
    """Follow the steps of `path` in another tree of the same form down to the statement."""
    node: ast.AST = tree
    for field, index in steps:
        value = getattr(node, field)
        node = value if index is None else value[index]
    return node


def digest(before: ast.AST, after: ast.AST) -> str:
    """Six characters for a change of a statement.

    Layout, comments and line numbers do not count, and a compound statement's body counts only
    where nothing but the body was changed. `ast.dump` would not do: its text differs between
    versions of Python, and identifiers stand in exercise.toml for years.
    """
    told = _shape(before, bodies=False), _shape(after, bodies=False)
    if told[0] == told[1]:
        told = _shape(before, bodies=True), _shape(after, bodies=True)
    return blake2s("\0".join(told).encode(), digest_size=3).hexdigest()


def _step(parent: ast.AST, child: ast.AST) -> Step:
    for field, value in ast.iter_fields(parent):
        if value is child:
            return field, None
        if isinstance(value, list):
            for index, item in enumerate(value):
                if item is child:
                    return field, index
    raise ValueError("a node is a child of its parent")


def _shape(value: object, *, bodies: bool) -> str:
    if isinstance(value, ast.AST):
        fields = (
            f"{field}={_shape(inner, bodies=bodies)}"
            for field, inner in ast.iter_fields(value)
            if field not in UNTOLD and inner not in (None, []) and (bodies or not _is_block(inner))
        )
        return f"{type(value).__name__}({','.join(fields)})"
    if isinstance(value, list):
        return f"[{','.join(_shape(item, bodies=bodies) for item in value)}]"
    return repr(value)


def _is_block(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, ast.stmt) for item in value)
