"""What lies ready beside a program for its calls: objects that were kept, and functions of ours."""

from __future__ import annotations

import ast
import hashlib
import itertools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.sandbox.loading import file_of
from autograder.sandbox.scope import MissingError, Scope
from autograder.sandbox.tensors import tensor_of
from autograder.wire.protocol import Again, Call, Code, Handle, Missing, Name, Seed, Tensor

__all__ = ["Shelf"]


class Shelf:
    """Makes of what crossed the wire what a learner's function receives.

    again: runs the program once more from a seed.
    """

    def __init__(self, scope: Scope, again: Callable[[int], types.ModuleType]) -> None:
        self._scope = scope
        self._again = again
        self._objects: dict[int, object] = {}
        self._keys = itertools.count()  # never given twice, so that an old handle finds nothing
        self._codes: dict[Code, Any] = {}

    def given(self, value: Any) -> Any:
        """Make of a wire value what the learner's function receives; data is copied.

        Raises MissingError for a name or a handle behind which nothing is.
        """
        match value:
            case np.ndarray():
                return value.copy()
            case Name(name):
                return self._scope.find(name)
            case Seed(number):
                return np.random.default_rng(number)
            case Again():
                return self._again
            case Code():
                return self._code(value)
            case Tensor():
                return tensor_of(value)
            case Handle(key):
                if key not in self._objects:
                    raise MissingError(Missing(f"object {key}", kind=value.kind))
                return self._objects[key]
            case list():
                return [self.given(item) for item in value]
            case tuple():
                return tuple(self.given(item) for item in value)
            case dict():
                return {key: self.given(item) for key, item in value.items()}
            case set():
                return set(value)
            case _:
                return value

    def keep(self, value: object) -> Handle:
        """Keep an object here, for later calls to name."""
        key = next(self._keys)
        self._objects[key] = value
        return Handle(key, type(value).__name__)

    def forget(self) -> None:
        """Let go of every object that a handle stands for."""
        self._objects.clear()

    def shelved(self, call: Call) -> Call:
        """Return a call with the functions of ours made ready, and their source left out.

        For a process that is the learner's: what a hidden check asks with is not there to be read.
        """
        target = self._without_source(call.target)
        args, kwargs = self._without_source(call.args), self._without_source(call.kwargs)
        return Call(target, args, kwargs, call.keep)

    def _without_source(self, value: Any) -> Any:
        match value:
            case Code(name, source):
                known = Code(name, hashlib.sha256(source.encode()).hexdigest())
                if known not in self._codes:
                    self._codes[known] = self._code(value)
                    del self._codes[value]
                return known
            case tuple():
                return tuple([self._without_source(item) for item in value])
            case list():
                return [self._without_source(item) for item in value]
            case dict():
                return {key: self._without_source(item) for key, item in value.items()}
        return value

    def _code(self, code: Code) -> Any:
        if code not in self._codes:
            scope: dict[str, Any] = {"__name__": "gradeflow_probe"}
            filename = file_of(code.name, {})
            exec(compile(_wordless(code.source), filename, "exec"), scope)  # noqa: S102 - our own
            self._codes[code] = scope[code.name]
        return self._codes[code]


def _wordless(source: str) -> ast.Module:
    """Read a function of ours without its docstrings: they would be kept to be read."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node, False):
            node.body[0] = ast.copy_location(ast.Pass(), node.body[0])
    return tree
