"""The names of a learner's function: what defines each, and what each is called instead."""

from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Collection, Iterator, Sequence

from autograder.authoring.learning.allowed import MODULES
from autograder.insight.written import Node
from autograder.wire.protocol import Program

__all__ = ["imported", "lacking_in", "other_names", "undefined_in"]

BUILTINS = frozenset(dir(builtins))


def imported(node: ast.AST) -> Iterator[str]:
    """Yield the names that an import defines."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]


def lacking_in(nodes: Collection[ast.AST], given: Collection[str]) -> list[str]:
    """Return the names that functions use and nobody there defines, in order."""
    stated = {name for node in nodes for name in _stated(node)}
    used = [
        each.id
        for node in nodes
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    ]
    return [n for n in dict.fromkeys(used) if n not in {*stated, *given} and n not in BUILTINS]


def _stated(node: ast.AST) -> Iterator[str]:
    """Yield each name that is defined somewhere in a function: assigned, a parameter, imported."""
    for each in ast.walk(node):
        yield from _stated_by(each)


def _stated_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)):
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from imported(node)


def undefined_in(program: Program, lacking: Collection[str]) -> list[str]:
    """Return the names that nothing in a program defines: whoever comes to one is stopped there.

    None where that cannot be told, because a part cannot be read or imports all names of a module.
    """
    known = set[str](MODULES)
    for part in program.parts:
        try:
            tree = ast.parse(part.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        known.update(_stated_outside(tree))
    return [] if "*" in known else [name for name in lacking if name not in known]


def _stated_outside(tree: ast.AST) -> Iterator[str]:
    """Yield the names that are defined outside functions, or in a way that is not looked into."""
    for each in ast.walk(tree):
        match each:
            case ast.Global(names=names):
                yield from names
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
    waiting: list[ast.AST] = [tree]
    while waiting:
        for each in ast.iter_child_nodes(waiting.pop()):
            yield from _stated_by(each)
            if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                waiting.append(each)


def other_names(
    own: Node, model: Node, taken: Collection[str], undefined: Sequence[str]
) -> dict[str, str]:
    """Give each name of a function's own another: the reference's parameters, or v1, v2.

    Parameters come by their place; what a check passes by its name keeps it.
    undefined: names that nothing defines; nor does anything define what they are called instead.
    """
    names: dict[str, str] = {}
    if isinstance(own, ast.FunctionDef) and isinstance(model, ast.FunctionDef):
        theirs, ours = _parameters(own), _parameters(model)
        free = [name for name in ours if name not in theirs]
        for place, name in enumerate(theirs):
            if name in ours:
                names[name] = name
            elif place < len(ours) and ours[place] in free:
                names[name] = ours[place]
    kept = {*names, *_kept(own), own.name}
    left = [name for name in dict.fromkeys(_stated(own)) if name not in kept]
    names |= _numbered("v", left, {*taken, *names.values()})
    return names | _numbered("undefined", undefined, {*taken, *BUILTINS, *names, *names.values()})


def _numbered(stem: str, names: Sequence[str], taken: Collection[str]) -> dict[str, str]:
    """Give names others, of a stem and a number, that are not taken."""
    free = (name for count in itertools.count(1) if (name := f"{stem}{count}") not in taken)
    return dict(zip(names, free, strict=False))


def _parameters(node: ast.FunctionDef) -> list[str]:
    arguments = node.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _kept(own: Node) -> set[str]:
    """Return names that stay: of modules, of what is imported, and what is passed by its name."""
    kept = {name for node in ast.walk(own) for name in imported(node)}
    kept |= {node.arg for node in ast.walk(own) if isinstance(node, ast.keyword) and node.arg}
    return kept | MODULES
