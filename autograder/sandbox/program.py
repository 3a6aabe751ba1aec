"""Runs a learner's program in this very process, and turns whatever it does into data.

The untrusted child uses it behind the wire; trusted code (the reference, wrong variants, tests)
uses it directly. It is no protection: the learner's code may patch anything in here, and then
harms its own answers only.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import linecache
import sys
import time
import types
import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.sandbox.display import Display
from autograder.sandbox.forbidding import Forbidding
from autograder.sandbox.generators import seed_generators
from autograder.sandbox.observing import differs, text_of, warnings_of
from autograder.sandbox.output import CappedOutput, OutputLimitError, captured
from autograder.sandbox.policy import Limits
from autograder.sandbox.tensors import plain, tensor_of
from autograder.sandbox.unasked import put_check_to_rest
from autograder.wire.protocol import (
    Again,
    Call,
    Code,
    Failure,
    Handle,
    Loaded,
    Missing,
    Name,
    Outcome,
    Part,
    Program,
    Raised,
    Returned,
    Seed,
    Stopped,
    Tensor,
    TraceLine,
    Warned,
)

__all__ = ["OutOfTimeError", "Runner"]

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign)
NAMED = (ast.Constant, ast.Name, ast.Attribute, ast.expr_context)
CONSTANT = (*NAMED, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.UnaryOp, ast.unaryop)
MOST_TRACE_LINES = 5
_numbers = itertools.count(1)


class OutOfTimeError(BaseException):
    """Thrown into a trusted program by whoever runs it here; passes through the runner."""


class Runner:
    """One program and the objects it has made.

    Each part runs statement by statement. When one fails, the later definitions and imports still
    run, so that functions beside the failure can be graded; the first failure of each part is
    reported.
    """

    def __init__(
        self,
        program: Program,
        limits: Limits,
        *,
        register: bool = False,
        namespace: dict[str, Any] | None = None,
    ) -> None:
        self._program = program
        self._limits = limits
        self._module = types.ModuleType(program.module)
        if namespace is not None:  # a notebook's own globals, as they are now
            self._module.__dict__.update(namespace)
        self._labels: dict[str, str] = {}
        self._objects: dict[int, object] = {}
        self._keys = itertools.count()  # never given twice, so that an old handle finds nothing
        self._codes: dict[Code, Any] = {}
        self._loaded: Loaded | None = None
        self._alone = register
        self._borrowed = namespace is not None
        if register:  # dataclasses and pickling look a class's module up by name
            sys.modules[program.module] = self._module
            put_check_to_rest()
            sys.meta_path.insert(0, Forbidding(frozenset(program.forbidden), self._labels))

    # ---- loading ----

    def load(self) -> Loaded:
        """Run the top level, once."""
        if self._loaded is None:
            output = CappedOutput(self._limits.output * 1024)
            failures = []
            display = Display(self._limits) if self._program.display else None
            for part in self._program.parts:
                before = len(output.pieces)
                failure = self._run_part(part, output, display)
                if failure is not None:
                    failures.append(Failure(part.label, failure))
                if display is not None:
                    display.end_part(part.label, "".join(output.pieces[before:]))
            shown = tuple(display.shown) if display else ()
            self._loaded = Loaded(self._public_names(), tuple(failures), output.text(), shown)
        return self._loaded

    def _run_part(
        self, part: Part, output: CappedOutput, display: Display | None
    ) -> Raised | Stopped | None:
        filename = f"<{next(_numbers)}:{part.label}>"
        self._labels[filename] = part.label
        _show_source(filename, part.source)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(part.source, filename)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return self._syntax_error(part.label, error)
        first: Raised | Stopped | None = None
        flags = 0
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                flags |= _future_flags(node)
            only_definitions = self._program.definitions_only or first is not None
            if only_definitions and not _is_definition(node):
                continue
            kept = display if node is tree.body[-1] else None
            problem = self._run_node(node, filename, flags, output, kept)
            if only_definitions and isinstance(node, ASSIGNMENTS):
                continue  # it may name what was left out, which is no mistake of the program's
            first = first or problem
        return first

    def _run_node(
        self,
        node: ast.stmt,
        filename: str,
        flags: int,
        output: CappedOutput,
        display: Display | None,
    ) -> Raised | Stopped | None:
        whole: ast.Module | ast.Expression = ast.Module([node], [])
        if display is not None and isinstance(node, ast.Expr):
            whole = ast.Expression(node.value)
        mode = "eval" if isinstance(whole, ast.Expression) else "exec"
        try:
            code = compile(whole, filename, mode, flags=flags, dont_inherit=True)
            with captured(output), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = eval(code, self._module.__dict__)  # noqa: S307 - running it is the purpose
                if display is not None:
                    display.keep_value(value)  # None but for an expression
        except BaseException as error:
            problem = self._problem(error, (), "", 0.0)
            assert not isinstance(problem, Missing)  # only a call looks names up
            return problem
        return self._flooded() if output.full else None

    def _again(self, seed: int) -> types.ModuleType:
        """Run the program once more, in a module of its own, and return that; see Again."""
        if self._borrowed:
            return self._module
        seed_generators(seed)
        # A slice of the parts: to iterate over the child's own tells of each that it begins.
        program = replace(self._program, parts=self._program.parts[:], display=False)
        runner = Runner(program, self._limits)
        runner.load()
        return runner._module

    def _public_names(self) -> dict[str, str]:
        return {
            name: type(value).__name__
            for name, value in list(self._module.__dict__.items())
            if isinstance(name, str)
            and not name.startswith("_")
            and not isinstance(value, types.ModuleType)
        }

    # ---- calling ----

    def call(self, call: Call) -> Outcome:
        """Call a function; the program must have been loaded."""
        try:
            target = self._target(call.target)
        except _MissingError as missing:
            return missing.outcome
        output = CappedOutput(self._limits.output * 1024)
        probe = (self._module,) if isinstance(call.target, Code) else ()
        caught: list[warnings.WarningMessage] = []
        start = time.perf_counter()
        try:
            args = tuple(self._given(arg) for arg in call.args)
            kwargs = {key: self._given(value) for key, value in call.kwargs.items()}
            with captured(output), warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                start = time.perf_counter()
                value = target(*probe, *args, **kwargs)
                seconds = time.perf_counter() - start
        except BaseException as error:
            seconds = time.perf_counter() - start
            return self._problem(error, warnings_of(caught), output.text(), seconds)
        if output.full:
            return self._flooded()
        now = tuple(plain(arg) for arg in args)
        changed = {i: after for i, after in enumerate(now) if differs(call.args[i], after)}
        result = self._keep(value) if call.keep else plain(value)
        return Returned(result, changed, warnings_of(caught), output.text(), seconds)

    def _target(self, target: Name | Code | Handle) -> Any:
        if isinstance(target, Name):
            return self._global(target.name, callable_only=True)
        return self._given(target)

    def _global(self, name: str, *, callable_only: bool) -> Any:
        scope = self._module.__dict__
        if name not in scope:
            raise _MissingError(Missing(name, _similar(name, self._public_names())))
        value = scope[name]
        if callable_only and not callable(value):
            raise _MissingError(Missing(name, kind=type(value).__name__))
        return value

    def _given(self, value: Any) -> Any:
        """Make of a wire value what the learner's function receives; data is copied."""
        match value:
            case Name(name):
                return self._global(name, callable_only=False)
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
                    raise _MissingError(Missing(f"object {key}", kind=value.kind))
                return self._objects[key]
            case np.ndarray():
                return value.copy()
            case list():
                return [self._given(item) for item in value]
            case tuple():
                return tuple(self._given(item) for item in value)
            case dict():
                return {key: self._given(item) for key, item in value.items()}
            case set():
                return set(value)
            case _:
                return value

    def _code(self, code: Code) -> Any:
        if code not in self._codes:
            scope: dict[str, Any] = {"__name__": "gradeflow_probe"}
            filename = f"<{next(_numbers)}:{code.name}>"
            _show_source(filename, code.source)
            exec(compile(code.source, filename, "exec"), scope)  # noqa: S102 - our own
            self._codes[code] = scope[code.name]
        return self._codes[code]

    def forget(self) -> None:
        """Let go of every object that a handle stands for."""
        self._objects.clear()

    def _keep(self, value: object) -> Handle:
        key = next(self._keys)
        self._objects[key] = value
        return Handle(key, type(value).__name__)

    # ---- problems ----

    def _problem(
        self, error: BaseException, warned: tuple[Warned, ...], output: str, seconds: float
    ) -> Raised | Stopped | Missing:
        if isinstance(error, OutOfTimeError):
            raise error
        if isinstance(error, KeyboardInterrupt) and not self._alone:
            raise error  # meant for whoever runs trusted code in their own process
        if isinstance(error, _MissingError):
            return error.outcome
        if isinstance(error, OutputLimitError):
            return self._flooded()
        if isinstance(error, MemoryError):
            return Stopped("memory", self._limits.memory)
        if isinstance(error, AttributeError) and error.obj is self._module and error.name:
            # A probe asked for what the program does not define.
            return Missing(error.name, _similar(error.name, self._public_names()))
        trace = self._trace(error)
        if isinstance(error, SyntaxError) and error.filename in self._labels:
            # Found by compiling a statement that was read: a return outside a function.
            return self._syntax_error(self._labels[error.filename], error)
        return Raised(type(error).__name__, text_of(error), trace, warned, output, seconds)

    def _flooded(self) -> Stopped:
        return Stopped("output", self._limits.output / 1024)

    def _syntax_error(self, label: str, error: BaseException) -> Raised:
        line = getattr(error, "lineno", None) or 1
        message = getattr(error, "msg", None) or text_of(error)
        return Raised(type(error).__name__, str(message), (TraceLine(label, line, ""),))

    def _trace(self, error: BaseException) -> tuple[TraceLine, ...]:
        lines = []
        frame = error.__traceback__
        while frame is not None:
            code = frame.tb_frame.f_code
            if code.co_filename in self._labels:
                function = "" if code.co_name == "<module>" else code.co_name
                label = self._labels[code.co_filename]
                lines.append(TraceLine(label, frame.tb_lineno, function))
            frame = frame.tb_next
        return tuple(lines[-MOST_TRACE_LINES:])


class _MissingError(Exception):
    def __init__(self, outcome: Missing) -> None:
        self.outcome = outcome


def _show_source(filename: str, source: str) -> None:
    """AutoGraph and inspect.getsource read a function's text through linecache."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def _is_definition(node: ast.stmt) -> bool:
    """Tell whether a statement can be trusted to end: a definition, an import, a constant.

    A constant is a value without a call or an operator: ``{"tanh": torch.tanh}`` is one.
    """
    if isinstance(node, ASSIGNMENTS):
        return node.value is not None and all(
            isinstance(part, CONSTANT) for part in ast.walk(node.value)
        )
    return isinstance(node, DEFINITIONS)


def _future_flags(node: ast.ImportFrom) -> int:
    import __future__

    features = (getattr(__future__, alias.name, None) for alias in node.names)
    return sum({feature.compiler_flag for feature in features if feature is not None})


def _similar(name: str, names: dict[str, str]) -> tuple[str, ...]:
    """Names a learner may have meant, nearest first; case and underscores do not count."""
    plain = {known.lower().replace("_", ""): known for known in names}
    close = difflib.get_close_matches(name.lower().replace("_", ""), plain, n=3, cutoff=0.7)
    return tuple(plain[match] for match in close)
