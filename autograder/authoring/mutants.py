"""Automatic mutants of a reference solution: what the checks must be able to tell from it."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring.mutation import arguments, calls, flow, in_place, values
from autograder.authoring.mutation.identity import digest, find, path
from autograder.authoring.mutation.original import Edit, Original, compiled, lines_of
from autograder.authoring.mutation.walk import Owner, owners, sites
from autograder.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["Mutant", "mutants"]

OPERATORS = (
    values.arithmetic,
    values.augmented,
    values.matrix_order,
    values.unary,
    values.sign,
    values.comparison,
    values.boolean,
    values.constant,
    arguments.axis,
    arguments.dtype,
    arguments.ranges,
    arguments.slices,
    arguments.argument_order,
    arguments.kind,
    calls.call_swapped,
    calls.call_dropped,
    calls.transpose_dropped,
    flow.statement_dropped,
    flow.body_dropped,
    flow.condition,
    flow.loop,
    in_place.written_into,
    in_place.computed_in_place,
    in_place.written_through,
)


@dataclass(frozen=True)
class Mutant:
    """A reference solution changed in one place.

    ``id`` reads ``function:operator:hash``. It depends on the statement that is changed and on the
    change, so that it outlives new lines, new comments, another layout and edits of any other
    statement; of equal statements in one function the second is ``…-2``. ``function`` is dotted for
    methods and inner functions. ``line`` counts from 1 in the original; ``source`` is the whole
    changed program; ``diff`` shows the change with one line around it.
    """

    id: str
    function: str
    operator: str
    line: int
    source: str
    diff: str


def mutants(
    source: str, filename: str = "reference.py", functions: Collection[str] | None = None
) -> Iterator[Mutant]:
    """Iterate over the mutants of the top-level functions and classes named (none: of all).

    The order is that of the file. Each mutant compiles, differs from the original in more than its
    text, and comes once. Raises `CourseError` at once if the source is not Python or lacks a
    function that was named.
    """
    original = Original(source, filename)
    known = {owner.name for owner in owners(original.tree)}
    missing = sorted(set(functions or ()) - known)
    if missing:
        told = f"no function or class {', '.join(missing)} at the top level to make mutants of"
        raise CourseError(told, Path(filename))
    return _mutants(original, known if functions is None else set(functions))


def _mutants(original: Original, wanted: set[str]) -> Iterator[Mutant]:
    taken: Counter[str] = Counter()
    for owner in owners(original.tree):
        if owner.name not in wanted:
            continue
        steps = path(original.tree, original.parents, owner)
        seen = {ast.dump(owner)}
        for function, statement, edit in _edits(owner, original):
            changed = original.source[: edit.start] + edit.text + original.source[edit.end :]
            tree = _tree(changed, original.filename)
            if tree is None or len(tree.body) != len(original.tree.body):
                continue
            told = ast.dump(find(tree, steps))
            if told in seen:
                continue
            seen.add(told)
            after = find(tree, path(original.tree, original.parents, statement))
            name = f"{function}:{edit.operator}:{digest(statement, after)}"
            taken[name] += 1
            yield Mutant(
                id=name if taken[name] == 1 else f"{name}-{taken[name]}",
                function=function,
                operator=edit.operator,
                line=original.line(edit.start),
                source=changed,
                diff=_diff(original, edit),
            )


def _edits(owner: Owner, original: Original) -> Iterator[tuple[str, ast.stmt, Edit]]:
    for function, node in sites(owner):
        statement = original.statement(node)
        for operator in OPERATORS:
            for edit in operator(node, original):
                yield function, statement, edit


def _tree(source: str, filename: str) -> ast.Module | None:
    try:
        return compiled(source, filename)
    except (SyntaxError, ValueError):
        return None  # an edit that is not Python makes no mutant


def _diff(original: Original, edit: Edit) -> str:
    """Show the lines that the edit touches, old and new, with one line of context each side."""
    first, last = original.line(edit.start), original.line(max(edit.start, edit.end - 1))
    lines = original.lines
    start = original.starts[first - 1]
    end = original.starts[last] if last < len(original.starts) else len(original.source)
    text = original.source[start : edit.start] + edit.text + original.source[edit.end : end]
    old, new = lines[first - 1 : last], lines_of(text)
    above, below = lines[max(first - 2, 0) : first - 1], lines[last : last + 1]
    top, around = first - len(above), len(above) + len(below)
    return "\n".join(
        [
            f"--- {original.filename}:{first}",
            f"+++ {original.filename}:{first} ({edit.operator})",
            f"@@ -{top},{len(old) + around} +{top},{len(new) + around} @@",
            *(f" {line}" for line in above),
            *(f"-{line}" for line in old),
            *(f"+{line}" for line in new),
            *(f" {line}" for line in below),
        ]
    )
