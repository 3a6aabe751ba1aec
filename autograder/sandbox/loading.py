"""Running a program's top level, part by part and statement by statement.

A statement that fails costs what stands behind it in its part, but for definitions, imports and
constants: functions beside the failure can be graded. It costs the other parts nothing.
"""

from __future__ import annotations

import ast
import itertools
import linecache
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from autograder.sandbox import figures
from autograder.sandbox.display import Display
from autograder.sandbox.needs import has_magics, has_prompts, needs_cells, only_defines
from autograder.sandbox.output import CutOutput, captured
from autograder.wire.lines import lines_in
from autograder.wire.protocol import Failure, Part, Program, Raised, Stopped

if TYPE_CHECKING:
    from autograder.sandbox.cells import Cells

__all__ = ["Problem", "TopLevel", "Unaided", "file_of", "show_source"]

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
IMPORTS = (ast.Import, ast.ImportFrom)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign)
NAMED = (ast.Constant, ast.Name, ast.Attribute, ast.expr_context)
CONSTANT = (*NAMED, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.UnaryOp, ast.unaryop)
MAIN = "__main__"
_numbers = itertools.count(1)

Problem: TypeAlias = Raised | Stopped


class Unaided:
    """Whom a program's top level tells how far it is, where nobody listens."""

    def begins(self, part: int) -> None:
        """Hear that a part begins which may end its process."""

    def importing(self) -> AbstractContextManager[None]:
        """Hear that a library is imported, which takes time that is not the program's."""
        return nullcontext()


class TopLevel:
    """Runs the parts of one program in its module.

    problem_of: makes of an exception what is told of it; unreadable: of one of the parser's.
    cells: runs the parts of a notebook that is not plain Python, as a script is.
    own: the process is the program's own, so that its settings of warnings may last.
    filename: what a script's lines are to bear; a name of its own otherwise.
    """

    def __init__(
        self,
        program: Program,
        module: types.ModuleType,
        labels: dict[str, str],
        problem_of: Callable[[BaseException], Problem],
        unreadable: Callable[[str, BaseException], Problem],
        cells: Callable[[], Cells],
        *,
        own: bool = False,
        aid: Unaided | None = None,
        filename: str = "",
    ) -> None:
        self._program = program
        self._module = module
        self._labels = labels
        self._problem_of = problem_of
        self._unreadable = unreadable
        self._make_cells = cells
        self._cells = cells() if program.notebook and needs_cells(program) else None
        self._own = own
        self._aid = aid or Unaided()
        self._filename = filename
        self._behind: list[tuple[Part, ast.If, str]] = []  # what only a script's main block runs

    @property
    def own_names(self) -> frozenset[str]:
        """Names that are no work of the program's, though they stand in its module."""
        return self._cells.own_names if self._cells is not None else frozenset()

    def run(self, output: CutOutput, display: Display | None) -> Iterator[Failure]:
        """Run every part, and tell of each that fails the first failure."""
        if self._program.notebook:
            self._module.__dict__["__name__"] = MAIN
        for index, part in enumerate(self._program.parts):
            if not only_defines(part.source):
                self._aid.begins(index)
            before = output.kept
            problem = self._part(part, output, display)
            if problem is not None:
                yield Failure(part.label, problem)
            if display is not None:
                display.end_part(part.label, output.since(before))
            if self._program.notebook and self._own:
                figures.take_open()  # a cell has shown them
        yield from self._main_block(output)

    def _part(self, part: Part, output: CutOutput, display: Display | None) -> Problem | None:
        filename = self._filename or file_of(part.label, self._labels)
        self._labels[filename] = part.label
        try:
            tree = self._parsed(part, filename)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return self._unreadable(part.label, error)
        if not (self._program.notebook or part.definitions_only):
            self._behind += [(part, node, filename) for node in tree.body if _is_main(node)]
        try:
            return self._body(tree.body, part, filename, output, display)
        finally:
            if self._cells is not None:
                self._cells.end()

    def _parsed(self, part: Part, filename: str) -> ast.Module:
        source = part.source
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self._cells is None:
                try:
                    return self._shown(source, filename)
                except SyntaxError as error:
                    # A script that a notebook was saved as may hold its magics; of a notebook
                    # that has any, IPython is there already.
                    notebook = self._program.notebook
                    if not (has_prompts(source) if notebook else has_magics(source)):
                        raise
                    self._cells = self._make_cells()
                    try:
                        return self._shown(self._cells.begin(source, filename), filename)
                    except SyntaxError:
                        raise error from None
            return self._shown(self._cells.begin(source, filename), filename)

    def _shown(self, source: str, filename: str) -> ast.Module:
        show_source(filename, source)
        if self._cells is None and "get_ipython()" in source:
            self._cells = self._make_cells()
        return ast.parse(source, filename)

    def _body(
        self,
        body: list[ast.stmt],
        part: Part,
        filename: str,
        output: CutOutput,
        display: Display | None = None,
    ) -> Problem | None:
        first: Problem | None = None
        flags = self._cells.flags if self._cells is not None else 0
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                flags |= _future_flags(node)
            only_definitions = part.definitions_only or first is not None
            if only_definitions and not _is_definition(node):
                continue
            last = node is body[-1] and isinstance(node, ast.Expr)
            problem = self._node(node, filename, flags, output, display, last)
            if only_definitions and isinstance(node, ASSIGNMENTS):
                continue  # it may name what was left out, which is no mistake of the program's
            first = first or problem
        return first

    def _node(
        self,
        node: ast.stmt,
        filename: str,
        flags: int,
        output: CutOutput,
        display: Display | None,
        last: bool,
    ) -> Problem | None:
        shown = last and (display is not None or self._program.notebook)
        whole: ast.Module | ast.Expression = ast.Module([node], [])
        if shown and isinstance(node, ast.Expr):
            whole = ast.Expression(node.value)
        mode = "eval" if isinstance(whole, ast.Expression) else "exec"
        aid = self._aid.importing() if isinstance(node, IMPORTS) else nullcontext()
        quiet = nullcontext() if self._own else warnings.catch_warnings(action="ignore")
        try:
            with captured(output), quiet, aid:
                code = compile(whole, filename, mode, flags=flags, dont_inherit=True)
                value = self._evaluated(code)
            if self._own:
                figures.watch()
            if shown:
                self._show(value, output, display)
        except BaseException as error:
            return self._problem_of(error)
        return None

    def _evaluated(self, code: types.CodeType) -> object:
        scope = self._module.__dict__
        if self._cells is not None:
            return self._cells.evaluate(code, scope)
        return eval(code, scope)  # noqa: S307 - running it is the purpose

    def _show(self, value: object, output: CutOutput, display: Display | None) -> None:
        if self._cells is not None:
            with captured(output):
                text = self._cells.show(value)
            if display is not None:
                display.keep_text(text)
        elif display is not None:
            display.keep_value(value)

    def _main_block(self, output: CutOutput) -> Iterator[Failure]:
        """Run what stands below ``if __name__ == "__main__":``, where all that is asked is there.

        Whoever defines what is asked for is graded by it; what else they try is their own matter.
        """
        scope = self._module.__dict__
        wanted = self._program.wanted
        if not wanted or any(name in scope for name in wanted):
            return
        for part, node, filename in self._behind:
            scope["__name__"] = MAIN
            problem = self._body(node.body, part, filename, output)
            if problem is not None:
                yield Failure(part.label, problem)


def file_of(label: str, labels: dict[str, str]) -> str:
    """Return a file name of its own for a piece of a program, and note whose it is."""
    filename = f"<{next(_numbers)}:{label}>"
    labels[filename] = label
    return filename


def show_source(filename: str, source: str) -> None:
    """Let AutoGraph and inspect.getsource read a function's text: they go through linecache."""
    linecache.cache[filename] = (len(source), None, lines_in(source), filename)


def _is_main(node: ast.stmt) -> TypeGuard[ast.If]:
    """Tell ``if __name__ == "__main__":`` from any other statement."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
        return False
    sides = [node.test.left, *node.test.comparators]
    named = any(isinstance(each, ast.Name) and each.id == "__name__" for each in sides)
    return named and any(isinstance(each, ast.Constant) and each.value == MAIN for each in sides)


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
