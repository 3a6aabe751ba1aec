"""A notebook's cells, run by IPython itself: its magics, ``display``, ``Out``, top-level ``await``.

What only a person's own machine has does nothing here, and says so: a shell, a package manager, an
extension that is not installed. Figures stay without a window, whatever backend a cell asks for.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import types
from contextlib import suppress
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

__all__ = ["Cells", "prepare"]

# What asks for a shell or another interpreter, as lines and as cells.
SHELLS = ("!", "sx", "system", "bash", "sh", "script", "sc", "cmd")
OTHERS = ("perl", "ruby", "python", "python2", "python3", "pypy")
PACKAGES = ("pip", "conda", "mamba", "micromamba", "uv")
ELSEWHERE = frozenset((*SHELLS, *OTHERS, *PACKAGES))
EXTENSIONS = frozenset({"load_ext", "reload_ext", "unload_ext"})
NOT_HERE = "{}: does not run here · 此处不运行"
TIMING = re.compile(r"(?:^|\s)-[nr]\s*\d+")
FIRST_USED = ("time", "capture", "matplotlib")  # magics


class _Compiler(CachingCompiler):
    """Compiles what a magic takes from a cell under the cell's own name and lines.

    filename, above: of the cell whose magic runs now, and how many of its lines stand above.
    """

    filename = ""
    above = 0

    def __call__(self, source: Any, filename: str, symbol: str, *more: Any, **named: Any) -> Any:
        if self.filename and isinstance(source, ast.AST):
            ast.increment_lineno(source, self.above)
            filename = self.filename
        return super().__call__(source, filename, symbol, *more, **named)


class _Syntax(TransformerManager):
    """Looks for IPython's own syntax in what is not Python already: finding it takes a tokenizer.

    All that is dropped, dedented or a prompt is dealt with before.
    """

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        try:
            ast.parse("".join(lines))
        except Exception:  # whatever it is, who compiles the cell will meet it
            found: list[str] = super().do_token_transforms(lines)
            return found
        return lines


class _Hook(DisplayHook):
    """Keeps the text of a cell's last value, which a page may show; there is no prompt."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        del md_dict
        self.shell.last_text = str(format_dict.get("text/plain", ""))


class _Shell(InteractiveShell):
    """IPython without a terminal, a profile, a history on the disk, or a way out."""

    displayhook_class = _Hook
    compiler_class = _Compiler
    last_text = ""
    raised: BaseException | None = None

    def init_ipython_dir(self, ipython_dir: Any) -> None:
        pass

    def init_profile_dir(self, profile_dir: Any) -> None:
        pass

    def init_hooks(self) -> None:
        super().init_hooks()
        self.set_hook("show_in_pager", _printed, 0)

    def enable_gui(self, gui: Any = None) -> None:
        pass

    def enable_matplotlib(self, gui: Any = None) -> tuple[str, str]:
        del gui
        return "agg", "agg"

    def ask_exit(self) -> None:
        pass

    def system(self, cmd: str) -> None:
        print(NOT_HERE.format(f"!{cmd}"))

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        from IPython.utils.text import SList

        del depth
        self.system(cmd)
        return SList() if split else ""

    def showtraceback(self, *_args: Any, **_named: Any) -> None:
        """Keep what ended the body of a magic's cell: the grader tells of it."""
        import sys

        self.raised = self.raised or sys.exc_info()[1]

    showsyntaxerror = showtraceback

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        if magic_name in ELSEWHERE or self._find_with_lazy_load("line", magic_name) is None:
            print(NOT_HERE.format(f"%{magic_name}"))
            return None
        if magic_name == "timeit":
            line = f"-n1 -r1 {TIMING.sub(' ', line)}"
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except ImportError:
            if magic_name not in EXTENSIONS:
                raise
            print(NOT_HERE.format(f"%{magic_name} {line}"))
            return None

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        if magic_name in ELSEWHERE or self._find_with_lazy_load("cell", magic_name) is None:
            print(NOT_HERE.format(f"%%{magic_name}"))
            return None
        if magic_name == "timeit":
            line = f"-n1 -r1 {TIMING.sub(' ', line)}"
        return super().run_cell_magic(magic_name, line, cell)


def _printed(_hook: Any, data: Any, *_more: Any, **_named: Any) -> None:
    print(data.get("text/plain", "") if isinstance(data, dict) else data)


def prepare() -> _Shell:
    """Make IPython ready, once in a process: it takes a tenth of a second. No thread starts."""
    made: bool = _Shell.initialized()
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    shell: _Shell = _Shell.instance(config=config, user_module=types.ModuleType("__main__"))
    if not made:
        shell.input_transformer_manager = _Syntax()
        shell.display_formatter.active_types = ["text/plain"]  # no more is kept
        _rehearse(shell)
    return shell


def _rehearse(shell: _Shell) -> None:
    """Have done once what is found out when it is first needed, so that no fork has to do it."""
    shell.transform_cell("x = !y")  # compiles the tokenizer's patterns
    shell.display_formatter.format(0)
    assert shell.logger is not None
    for name in FIRST_USED:
        shell._find_with_lazy_load("line", name)


class Cells:
    """Runs the cells of one program in its module."""

    def __init__(self, module: types.ModuleType) -> None:
        self._shell = prepare()
        self._shell.user_module = module
        self._shell.user_ns = module.__dict__
        self._shell.init_user_ns()
        self._counted = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self.own_names = frozenset(self._shell.user_ns_hidden) | {"_", "__", "___"}

    @property
    def flags(self) -> int:
        """What cells are compiled with beside the usual."""
        return ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def begin(self, source: str, filename: str) -> str:
        """Return a cell as Python, its lines where they were, and make it the one that runs.

        Raises SyntaxError where IPython's own syntax is wrong.
        """
        lines = source.split("\n")
        empty = next((n for n, line in enumerate(lines) if line.strip()), 0)
        python: str = "\n" * empty + self._shell.transform_cell("\n".join(lines[empty:]))
        shell = self._shell
        history = shell.history_manager
        history.store_inputs(shell.execution_count, python, source)
        compiler = shell.compile
        compiler.filename = filename if lines[empty].lstrip().startswith("%%") else ""
        compiler.above = empty + 1
        shell.last_text, shell.raised = "", None
        # Newer IPython counts a cell when it begins, as its number for Out shows.
        self._counted = shell.displayhook.prompt_count != shell.execution_count
        shell.execution_count += self._counted
        return python

    def evaluate(self, code: types.CodeType, scope: dict[str, Any]) -> Any:
        """Run a statement of the cell, which may wait for something; return its value.

        Raises what it raises, and what ended the cell that a magic has run.
        """
        with self._shell.builtin_trap:
            value = eval(code, scope)  # noqa: S307 - running it is the purpose
            if code.co_flags & inspect.CO_COROUTINE:
                value = self._waited(value)
        raised, self._shell.raised = self._shell.raised, None
        if raised is not None:
            raise raised
        return value

    def show(self, value: object) -> str:
        """Make a cell's last value ``_`` and ``Out[n]``; return the text that stands for it."""
        with suppress(Exception), self._shell.builtin_trap:
            self._shell.displayhook(value)
        return str(self._shell.last_text)

    def end(self) -> None:
        """Count the cell."""
        self._shell.compile.filename = ""
        self._shell.execution_count += not self._counted

    def _waited(self, coroutine: Any) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(coroutine)
