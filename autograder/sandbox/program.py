"""Runs a learner's program in this very process, and turns whatever it does into data.

The untrusted child uses it behind the wire; trusted code (the reference, wrong variants, tests)
uses it directly. It is no protection: the learner's code may patch anything in here, and then
harms its own answers only.
"""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.sandbox import figures
from autograder.sandbox.display import Display
from autograder.sandbox.forbidding import Forbidding
from autograder.sandbox.generators import seed_generators
from autograder.sandbox.loading import TopLevel, Unaided
from autograder.sandbox.meter import TooCostly
from autograder.sandbox.observing import bases_of, differs, warnings_of
from autograder.sandbox.output import (
    CappedOutput,
    CutOutput,
    OpenOutput,
    OutputLimitError,
    captured,
)
from autograder.sandbox.placing import place_files
from autograder.sandbox.policy import Limits
from autograder.sandbox.problems import text_of, trace_of
from autograder.sandbox.scope import MissingError, Scope
from autograder.sandbox.shelf import Shelf
from autograder.sandbox.spent import Stopwatch
from autograder.sandbox.tensors import plain
from autograder.sandbox.unasked import put_check_to_rest
from autograder.wire.protocol import (
    Call,
    Code,
    Handle,
    Loaded,
    Missing,
    Name,
    Outcome,
    Program,
    Raised,
    Returned,
    Stopped,
    TraceLine,
    Warned,
)

if TYPE_CHECKING:
    from autograder.sandbox.cells import Cells

__all__ = ["OutOfTimeError", "Runner"]

_Output = TypeVar("_Output", bound=CappedOutput)


class OutOfTimeError(BaseException):
    """Thrown into a trusted program by whoever runs it here; passes through the runner."""


class Runner:
    """One program.

    register: the process is the program's own: its module is known to Python, its files lie where
    it runs, what it sets of warnings lasts.
    namespace: what is in the module from the start; labels: by file name, the cells it comes from.
    aid: hears how far the top level is.
    steps: the file of a script that somebody steps through: its lines bear this name, and what it
    prints is not kept.

    shelf: what its calls receive, and the objects that it has made.
    """

    def __init__(
        self,
        program: Program,
        limits: Limits,
        *,
        register: bool = False,
        namespace: dict[str, Any] | None = None,
        labels: Mapping[str, str] | None = None,
        aid: Unaided | None = None,
        steps: Path | None = None,
    ) -> None:
        self._program = program
        self._steps = steps
        self._limits = limits
        self._module = types.ModuleType(program.module)
        if namespace is not None:  # a notebook's own globals, as they are now
            self._module.__dict__.update(namespace)
        self._labels: dict[str, str] = dict(labels or {})
        self._loaded: Loaded | None = None
        self._alone = register
        self._borrowed = namespace is not None
        if register:
            self._take_over(program)
        self._top = TopLevel(
            program,
            self._module,
            self._labels,
            self._top_problem,
            self._syntax_error,
            self._cells,
            own=register,
            aid=aid,
            filename=str(steps) if steps else "",
        )
        self._scope = Scope(self._module, self._top)
        self.shelf = Shelf(self._scope, self._again)

    def _take_over(self, program: Program) -> None:
        """Make the process the program's own."""
        # Dataclasses and pickling look a class's module up by name.
        sys.modules[program.module] = self._module
        put_check_to_rest()
        sys.meta_path.insert(0, Forbidding(program.forbidden, self._labels))
        warnings.resetwarnings()
        warnings.simplefilter("always")
        warnings.showwarning = _unheard
        if program.notebook:
            sys.modules["__main__"] = self._module
        place_files(program.files, notebook=program.notebook)

    def _cells(self) -> Cells:
        from autograder.sandbox.cells import Cells

        return Cells(self._module)

    # ---- loading ----

    def load(self) -> Loaded:
        """Run the top level, once.

        Raises MemoryError where it wants more than there is and the process is the program's own:
        what it has made by then would stand in the way of all that follows.
        """
        if self._loaded is None:
            output = self._printed(CutOutput)
            display = Display(self._limits) if self._program.display else None
            failures = tuple(self._top.run(output, display))
            shown = tuple(display.shown) if display else ()
            self._loaded = Loaded(self._scope.public(), failures, output.text(), shown)
        return self._loaded

    def _top_problem(self, error: BaseException) -> Raised | Stopped:
        if isinstance(error, MemoryError) and self._alone:
            raise error
        problem = self._problem(error, (), "", 0.0)
        assert not isinstance(problem, Missing)  # only a call looks names up
        return problem

    @property
    def module(self) -> types.ModuleType:
        """What the top level has made."""
        return self._module

    def _again(self, seed: int) -> types.ModuleType:
        """Run the program once more, in a module of its own, and return that; see Again."""
        if self._borrowed:
            return self._module
        seed_generators(seed)
        program = replace(self._program, display=False)
        runner = Runner(program, self._limits)
        runner.load()
        return runner.module

    def _printed(self, kind: type[_Output]) -> _Output | OpenOutput:
        return (OpenOutput if self._steps else kind)(self._limits.output * 1024)

    # ---- calling ----

    def call(self, call: Call) -> Outcome:
        """Call a function; the program must have been loaded."""
        try:
            target = self._target(call.target)
        except MissingError as missing:
            return missing.outcome
        if self._alone:
            figures.watch()
        output = self._printed(CappedOutput)
        probe = (self._module,) if isinstance(call.target, Code) else ()
        caught: list[warnings.WarningMessage] = []
        watch: Stopwatch | None = None
        try:
            args = tuple(self.shelf.given(arg) for arg in call.args)
            kwargs = {key: self.shelf.given(value) for key, value in call.kwargs.items()}
            with captured(output), warnings.catch_warnings(record=True) as caught:
                if not self._alone:  # else what the program has set holds, and all that it has not
                    warnings.simplefilter("always")
                watch = Stopwatch()
                value = target(*probe, *args, **kwargs)
                seconds = watch.seconds()
        except BaseException as error:
            seconds = watch.seconds() if watch else 0.0
            return self._problem(error, warnings_of(caught, self._labels), output.text(), seconds)
        if output.full:
            return self._flooded()
        now = tuple(plain(arg) for arg in args)
        changed = {i: after for i, after in enumerate(now) if differs(call.args[i], after)}
        result = self.shelf.keep(value) if call.keep else plain(value)
        return Returned(result, changed, warnings_of(caught, self._labels), output.text(), seconds)

    def _target(self, target: Name | Code | Handle) -> Any:
        if isinstance(target, Name):
            return self._scope.find(target.name, callable_only=True)
        return self.shelf.given(target)

    # ---- problems ----

    def _problem(
        self, error: BaseException, warned: tuple[Warned, ...], output: str, seconds: float
    ) -> Raised | Stopped | Missing:
        if isinstance(error, OutOfTimeError | TooCostly):
            raise error
        if isinstance(error, KeyboardInterrupt) and not self._alone:
            raise error  # meant for whoever runs trusted code in their own process
        if isinstance(error, MissingError):
            return error.outcome
        if isinstance(error, OutputLimitError):
            return self._flooded()
        if isinstance(error, MemoryError):
            return Stopped("memory", self._limits.memory)
        if isinstance(error, AttributeError) and error.obj is self._module and error.name:
            # A probe asked for what the program does not define.
            return self._scope.lacking(error.name)
        trace = self.trace(error)
        if isinstance(error, SyntaxError) and error.filename in self._labels:
            # Found by compiling a statement that was read: a return outside a function.
            return self._syntax_error(self._labels[error.filename], error)
        bases = bases_of(type(error))
        return Raised(type(error).__name__, text_of(error), trace, warned, output, seconds, bases)

    def _flooded(self) -> Stopped:
        return Stopped("output", self._limits.output / 1024)

    def _syntax_error(self, label: str, error: BaseException) -> Raised:
        line = getattr(error, "lineno", None) or 1
        message = getattr(error, "msg", None) or text_of(error)
        return Raised(type(error).__name__, str(message), (TraceLine(label, line, ""),))

    def trace(self, error: BaseException) -> tuple[TraceLine, ...]:
        """Return the program's own lines on the way to an exception, the last ones."""
        return trace_of(error, self._labels)


def _unheard(*_warning: object, **_named: object) -> None:
    """Take a warning that nobody listens to: while a call runs, somebody does."""
