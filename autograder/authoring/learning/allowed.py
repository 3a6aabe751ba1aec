"""What a variant may use: it computes, and touches nothing else.

Variants are the author's own, and run outside the cage. What was a learner's function becomes one
only if all that it names stands on a list; and its author sees it before it is written.
"""

from __future__ import annotations

import ast
import bisect
import builtins
import collections
import copy
import functools
import heapq
import itertools
import math
import operator
import re
import statistics
import string
from collections.abc import Iterator, Mapping

import numpy as np

from autograder.insight.written import Node

__all__ = ["MODULES", "refusal"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _is_exception(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Exception)


FRAMEWORKS = _words("torch tensorflow tf keras")
MODULES = FRAMEWORKS | _words(
    """numpy np math itertools functools collections operator statistics fractions decimal copy
    re string heapq bisect"""
)
FUNCTIONS = _words(
    """abs all any bool bytes callable chr complex dict divmod enumerate filter float format
    frozenset int isinstance issubclass iter len list map max min next object ord pow range repr
    reversed round set slice sorted str sum tuple type zip NotImplemented Ellipsis"""
) | {name for name, each in vars(builtins).items() if _is_exception(each)}
NEVER = _words(
    """tofile dump dumps save savez savez_compressed savetxt load loads loadtxt genfromtxt fromfile
    fromregex memmap open_memmap DataSource ctypeslib f2py testing lib distutils os sys io hub
    subprocess py_function numpy_function read_file write_file format_map eval exec compile ctypes
    setflags get_file attrgetter methodcaller test info source seterr seterrcall set_printoptions
    setbufsize set_string_function Formatter Template"""
)
OWNERS = (
    *(np, np.ndarray, np.linalg, np.random, np.random.Generator, np.float64),
    *(str, list, dict, set, int, float, tuple, complex, collections.Counter, collections.deque),
    *(math, itertools, functools, collections, operator, statistics, copy, bisect),
    *(re.Pattern, re.Match),
)
ATTRIBUTES = (
    frozenset(name for owner in OWNERS for name in dir(owner) if name[0] != "_")
    | frozenset((*re.__all__, *string.__all__, *heapq.__all__))
) - NEVER


def refusal(
    tree: ast.Module, reference: Mapping[str, Node], undefined: frozenset[str] = frozenset()
) -> str:
    """Say why a rewritten program may not run outside the cage; empty where it may.

    reference: the exercise's own functions: what these use, a variant may use too.
    undefined: names that stand for what nothing defines.
    """
    own = frozenset(name for node in reference.values() for name in _used(node))
    stated = frozenset(_stated(tree))
    trains = any(isinstance(each, ast.Name) and each.id in FRAMEWORKS for each in ast.walk(tree))
    for each in ast.walk(tree):
        match each:
            case ast.Import() | ast.ImportFrom():
                why = _of_import(each)
            case ast.Global() | ast.Nonlocal():
                why = "it changes what is not its own"
            case ast.Attribute():
                why = _of_attribute(each, own, stated, trains=trains)
            case ast.Name(id=name) if name not in stated:
                known = name in FUNCTIONS | MODULES | own | undefined or name in reference
                why = f"it uses {name}" if name.startswith("__") or not known else ""
            case _:
                why = ""
        if why:
            return why
    return ""


def _of_import(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.Import):
        modules, names = [alias.name for alias in node.names], []
    else:
        modules, names = [node.module or "."], [alias.name for alias in node.names]
    strange = [module for module in modules if module.partition(".")[0] not in MODULES]
    strange += [name for name in names if name in NEVER or not name[0].isalpha()]
    pieces = [piece for module in modules for piece in module.split(".") if piece in NEVER]
    return f"it imports {', '.join(strange + pieces)}" if strange or pieces else ""


def _of_attribute(
    node: ast.Attribute, own: frozenset[str], stated: frozenset[str], *, trains: bool
) -> str:
    name = node.attr
    if not isinstance(node.ctx, ast.Load):
        local = isinstance(node.value, ast.Name) and node.value.id in stated - MODULES
        return "" if local and name[0] != "_" else f"it sets .{name}"
    if name[0] == "_" or name in NEVER:
        return f"it uses .{name}"
    return "" if trains or name in ATTRIBUTES | own | stated else f"it uses .{name}"


def _stated(tree: ast.AST) -> Iterator[str]:
    for each in ast.walk(tree):
        match each:
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]


def _used(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
