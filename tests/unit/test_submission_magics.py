"""IPython's syntax in cells: taken out, line for line; Python is never touched."""

from __future__ import annotations

import ast
import inspect
import textwrap
import tokenize
import typing
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.submission.magics import plain_cell, plain_script


def names_after(cell: str) -> dict:
    scope: dict = {}
    plain = plain_cell(textwrap.dedent(cell))
    assert plain is not None
    exec(compile(plain, "cell", "exec"), scope)
    del scope["__builtins__"]
    return scope


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%load_ext autoreload",
        "%%time",  # not at the top of its cell
        "!pip install numpy",
        "!!ls",
        "!echo \"it's ( [ '''",
        "?sigmoid",
        "??sigmoid",
        "np.exp?",
        "np.exp??  ",
        "pip install numpy",
        "matplotlib inline",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
    ],
)
def test_a_line_of_notebook_syntax_becomes_a_statement_that_does_nothing(line):
    source = f"a = 1\n{line}\nb = 2\n"
    plain = plain_script(source)
    assert plain.split("\n")[1].startswith("pass  # ")
    assert names_after(source) == {"a": 1, "b": 2}


def test_lines_keep_their_numbers():
    plain = plain_cell(
        "%%time\n%matplotlib inline\n!ls \\\n  -l\n\ndef f():\n    %who\n    1 / 0\n"
    )
    assert plain is not None
    (function,) = (node for node in ast.parse(plain).body if isinstance(node, ast.FunctionDef))
    assert function.body[1].lineno == 8


def test_an_indented_magic_keeps_its_block_whole():
    assert names_after("""\
        if True:
            %matplotlib inline
        else:
            !pip install numpy
        for i in range(2):
            !echo {i}
            x = i
        """) == {"i": 1, "x": 1}


def test_a_magic_goes_on_where_its_line_ends_with_a_backslash():
    assert names_after("!pip install \\\n  numpy \\\n  torch\nx = 1\n") == {"x": 1}


@pytest.mark.parametrize("line", ["x = !ls", "x = %who_ls", "x = !ls \\\n  -l", "x=!ls"])
def test_what_a_shell_line_was_assigned_to_is_defined(line):
    assert names_after(line + "\ny = 1\n") == {"x": [], "y": 1}


def test_a_timed_statement_still_runs():
    assert names_after("%time x = 1\ny = %time x + 1\n") == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    "head", ["%%time", "%%timeit -n 1", "%%capture out", "\n\n%%time\n%%capture"]
)
def test_the_body_of_a_cell_magic_that_runs_python_stays(head):
    assert names_after(f"{head}\nx = 1\n") == {"x": 1}


@pytest.mark.parametrize(
    "head", ["%%bash", "%%writefile neuron.py", "%%html", "%%!", "%%time\n%%sh"]
)
def test_a_cell_in_another_language_is_dropped(head):
    assert plain_cell(f"{head}\nsay (\n") is None


def test_a_cell_that_is_indented_as_a_whole_runs_as_in_a_notebook():
    assert plain_cell("    x = 1\n    if x:\n        y = 2\n") == "x = 1\nif x:\n    y = 2\n"


@pytest.mark.parametrize(
    "source",
    [
        "a = (7\n % 4)\n",
        "a = [\n1\n% 2,\n]\n",
        "a = 7 \\\n% 4\n",
        "a = '''\n%matplotlib inline\n!ls\nwhy?\n'''\n",
        'a = """\\"""\n%time x\n"""\n',
        "a = r'\\\\'\nb = 'x \\\n%time'\n",
        "a = \"'''\"\nb = 5 % 3\n",
        "# it's a trap (\nb = 5 % 3  # why?\n",
        'print("why?")\n',
        "a = {'%': 1}['%']  # ?\n",
        "x = 1\nassert x != 2\n",
    ],
)
def test_python_with_percent_signs_and_question_marks_is_not_touched(source):
    ast.parse(source)
    assert plain_cell(source) == source


def test_a_magic_after_an_open_string_of_one_line_is_still_found():
    assert plain_script("a = 'open\n%time\n").split("\n")[1] == "pass  # %time"


@pytest.mark.parametrize("module", [ast, inspect, textwrap, tokenize, typing])
def test_real_modules_are_not_touched(module):
    source = inspect.getsource(module)
    assert plain_script("%who\n" + source) == "pass  # %who\n" + source


PIECES = [
    "x",
    " = ",
    "(",
    ")",
    "'",
    '"',
    "'''",
    '"""',
    "\\",
    "\n",
    "#",
    "%time ",
    "!ls",
    "?",
    "[",
    "]",
    " ",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_valid_python_is_never_touched_and_lines_never_move(source):
    plain = plain_script(source)
    assert plain.count("\n") == source.count("\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except SyntaxError:
        return
    assert plain == source


def test_a_long_hostile_line_takes_no_time():
    for piece in ("x = ", "? ", '"\\', "'''", "\\", "(", "a.", "%"):
        assert plain_script("%who\n" + piece * 50_000).startswith("pass")
