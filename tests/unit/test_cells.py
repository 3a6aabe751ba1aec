"""A notebook's cells as IPython runs them, figures as they were seen, and what a part costs."""

import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.sandbox.cells import _Syntax
from autograder.sandbox.needs import needs_cells
from autograder.sandbox.policy import Limits
from autograder.wire.protocol import Call, Code, Name, Part, Program, Raised, Stopped

READ = "def read(module, name): return getattr(module, name)"


@pytest.fixture(scope="module")
def held():
    """Hold notebooks in processes of their own, as a learner's machine does."""
    from autograder.sandbox.opening import Sandbox

    opened = []

    def hold(*cells, notebook=True, limits=None, **fields):
        parts = tuple(
            Part(f"cell {n}", textwrap.dedent(text).strip("\n")) for n, text in enumerate(cells, 1)
        )
        program = Program("work", parts, notebook=notebook, **fields)
        opened.append(Sandbox("plain").open(program, limits or Limits(wall=2, total=30)))
        return opened[-1]

    yield hold
    for session in opened:
        session.close()


def value(session, name):
    return session.call(Call(Code("read", READ), (name,))).value


NOTEBOOK = (
    "%matplotlib inline\n%config InlineBackend.figure_format = 'svg'\nimport numpy as np",
    "files = !ls\n!pip install numpy\n%pip install numpy\nshells = len(files)",
    "%%time\ntimed = 7\ndef divided(x):\n    return x / 0\n",
    "%%capture out\nprint('hidden')\ncaptured = 8",
    "6 * 7",
    "answer = _ + Out[5]",
    "import asyncio\nawaited = await asyncio.sleep(0, result=9)",
    "%%writefile helper.py\nfrom_file = 10",
    "import helper\nwritten = helper.from_file",
    "%run helper.py\nran = from_file",
    "%%bash\nexit 1",
    "%unknown_magic x\n%load_ext not_installed\ntold = get_ipython().__class__.__mro__ is not None",
    "def g(x):\n    display(x)\n    return x + 1\n",
    "?np.exp\nnp.exp?\nasked = 1",
    "%timeit -n 1000000 sum(range(10))\nquick = 1",
    "main = __name__",
    "%pylab inline\nlast = linspace(0, 1, 3).sum()",
)
FOUND = {
    "shells": 0, "timed": 7, "captured": 8, "answer": 84, "awaited": 9, "written": 10, "ran": 10,
    "told": True, "asked": 1, "quick": 1, "main": "__main__", "last": 1.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def notebook(held, tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # a cell writes a file where it runs
        session = held(*NOTEBOOK, limits=Limits(wall=10, total=60))
        assert session.load().failures == ()
        yield session


OF_IPYTHON = (
    *("%matplotlib inline", "  !ls", "%%time\n1", "?print", "print?", "print??  ", "x = %pwd"),
    *("files = !ls", "x =%who", ",str a b", ";str a b", "/print 1", "display(1)", "x = _ + 1"),
    *("x = __", "x = _3", "x = Out[2]", "x = In[-1]", "x = _i", "x = _i12", "x = _oh", "exit()"),
    *("quit()", "get_ipython()", "import IPython", "from IPython import display", "globals()"),
    *("eval('Out')", "exec('x = 1')", "vars()", "dir()", "import builtins", "__builtins__.display"),
    *("await later()", "async with lock:\n    pass", "  x = 1", "\n\n  x = 1", "x = 1\r%pwd"),
    "for _ in range(3):\n    pass",  # in vain, but no harm
)
PLAIN = (
    "import numpy as np",
    'def f(x):\n    """Say.\n\n    >>> f(1)\n    ...\n    1\n    """\n    ...\n    return x != 1',
    "__all__ = ['f']\n_kept, x_ = 5 % 3, 2\n",
    "y = f(2)\n\n\ny",
    "Output, Input, directory = 1, 2, '%d' % 3",
)


@pytest.mark.parametrize("cell", OF_IPYTHON)
def test_what_only_ipython_knows_is_run_by_it(cell):
    assert needs_cells(Program("work", (Part("cell 1", cell),), notebook=True))


def test_a_notebook_of_plain_python_needs_no_ipython():
    parts = tuple(Part(f"cell {n}", cell) for n, cell in enumerate(PLAIN))
    program = Program("work", parts, notebook=True)
    assert not needs_cells(program)
    assert needs_cells(replace(program, display=True))  # what its cells show is IPython's text
    code = (
        "import sys\nfrom autograder.sandbox.policy import Limits\n"
        "from autograder.sandbox.program import Runner\n"
        "from autograder.wire.protocol import Part, Program\n"
        f"print(Runner({program!r}, Limits()).load().failures, 'IPython' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "() False\n"


def test_plain_python_gives_in_a_notebook_what_it_gives_under_ipython(held):
    failing = ("1 / 0\nlost = 1\nkept = 2", "def g(:\n    pass", "return 1", "print('said')")
    plain, shown = (held(*PLAIN, *failing, display=display).load() for display in (False, True))
    assert plain.failures
    assert plain.names["kept"]
    assert (plain.names, plain.failures) == (shown.names, shown.failures)
    assert plain.output == "said\n"


def test_prompts_that_were_copied_into_a_cell_are_taken_off(held):
    session = held("import math", ">>> x = 4\n>>> y = math.sqrt(x)", "In [3]: z = y + 1")
    assert session.load().failures == ()
    assert value(session, "z") == 3.0


@pytest.mark.parametrize("name", FOUND)
def test_what_ipython_makes_of_a_cell_is_there(notebook, name):
    assert value(notebook, name) == FOUND[name]


def test_a_shell_line_does_nothing_and_says_so(notebook):
    assert "!ls: does not run here" in notebook.load().output


def test_a_function_may_display_what_it_computes(notebook):
    assert notebook.call(Call(Name("g"), (1,))).value == 2


def test_a_line_below_a_cell_s_magic_is_told_as_the_cell_has_it(notebook):
    outcome = notebook.call(Call(Name("divided"), (1,)))
    assert [(each.label, each.line) for each in outcome.trace] == [("cell 3", 4)]


def test_names_of_ipython_are_not_the_program_s(notebook):
    assert not {"In", "Out", "exit", "quit", "get_ipython"} & set(notebook.load().names)


def test_a_cell_that_fails_costs_that_cell(held):
    session = held("a = 1", "b = a / 0\nc = 3\ndef f():\n    return 4", "%%time\n1 / 0", "d = 5")
    first, second = session.load().failures
    assert (first.part, first.outcome.kind) == ("cell 2", "ZeroDivisionError")
    assert (second.part, second.outcome.kind) == ("cell 3", "ZeroDivisionError")
    assert value(session, "d") == 5
    assert session.call(Call(Name("f"))).value == 4
    assert "c" in session.load().names


def test_a_script_that_was_a_notebook_keeps_its_magics(held):
    session = held("import math\n%matplotlib inline\nx = 1", notebook=False)
    assert session.load().failures == ()
    exported = held("get_ipython().run_line_magic('time', 'y = 2')", notebook=False)
    assert value(exported, "y") == 2


def test_the_syntax_error_of_a_script_is_python_s_own(held):
    (failure,) = held("%matplotlib inline\ndef f(:\n    pass", notebook=False).load().failures
    assert failure.outcome.kind == "SyntaxError"


MAIN = """
def helper():
    return 1
if __name__ == "__main__":
    model = helper()
"""


def test_a_main_block_runs_where_nothing_that_is_asked_for_is_there_without_it(held):
    session = held(MAIN, notebook=False, wanted=("fit", "load"))
    assert value(session, "model") == 1


def test_a_main_block_does_not_run_beside_what_is_asked_for(held):
    session = held(MAIN, notebook=False, wanted=("helper", "load"))
    assert "model" not in session.load().names


# ---- what a part costs ----


def test_a_part_that_wants_too_much_memory_costs_itself_and_nothing_else(held):
    greedy = "data = []\nwhile True:\n    data.append(bytearray(50_000_000))"
    limits = Limits(wall=10, total=60, memory=1024)
    for _ in range(2):
        session = held("a = 1", f"def f():\n    return 2\n{greedy}", "b = a + 2", limits=limits)
        (failure,) = session.load().failures
        assert (failure.part, failure.outcome) == ("cell 2", Stopped("memory", 1024))
        assert (value(session, "b"), session.call(Call(Name("f"))).value) == (3, 2)


def test_a_part_that_never_ends_costs_itself_and_nothing_else(held):
    limits = Limits(wall=0.4, total=30)
    session = held("a = 1", "while True:\n    pass", "b = a + 2", limits=limits)
    (failure,) = session.load().failures
    assert (failure.part, failure.outcome) == ("cell 2", Stopped("wall", 1.0))
    assert value(session, "b") == 3


def test_a_default_that_never_ends_costs_its_part(held):
    limits = Limits(wall=0.4, total=30)
    slow = "def slow():\n    while True:\n        pass\n"
    session = held(slow, "def f(x=slow()):\n    return x", "b = 3", limits=limits)
    assert [each.part for each in session.load().failures] == ["cell 2"]
    assert value(session, "b") == 3


def test_a_library_may_take_longer_to_import_than_the_program_to_run(held):
    library = b"import time\nend = time.process_time() + 1.5\nwhile time.process_time() < end: pass"
    limits = Limits(wall=0.4, total=30)
    session = held(
        "import slow_library", "b = 3", limits=limits, files=(("slow_library.py", library),)
    )
    assert session.load().failures == ()
    assert value(session, "b") == 3


def test_a_call_that_waits_on_a_busy_machine_is_not_too_slow(held):
    # It computes for nothing, and takes longer by the clock than it may compute for.
    session = held(
        "import time\ndef f():\n    time.sleep(0.8)\n    return 1", limits=Limits(wall=0.4)
    )
    assert session.call(Call(Name("f"))).value == 1


def test_a_call_that_computes_too_long_is_stopped(held):
    session = held("def f():\n    while True:\n        pass", limits=Limits(wall=0.4))
    assert session.call(Call(Name("f"))) == Stopped("wall", 0.4)


# ---- what was handed in beside it ----


def test_a_module_and_data_that_were_handed_in_are_there(held):
    files = (("utils.py", b"three = 3"), ("data/points.csv", b"1,2\n"))
    session = held("import utils\ntext = open('data/points.csv').read()", files=files)
    assert session.load().failures == ()
    assert (value(session, "text"), value(session, "utils").kind) == ("1,2\n", "module")


def test_a_script_imports_nothing_from_where_somebody_happens_to_stand(held, tmp_path, monkeypatch):
    (tmp_path / "lies_about.py").write_text("x = 1")
    monkeypatch.chdir(tmp_path)
    (failure,) = held("import lies_about", notebook=False).load().failures
    assert failure.outcome.kind == "ModuleNotFoundError"


def test_what_is_built_on_a_forbidden_package_is_refused_by_name(held):
    session = held("import keras", "b = 3", forbidden=("tensorflow",))
    (failure,) = session.load().failures
    assert (failure.outcome.kind, failure.outcome.message) == ("ForbiddenImport", "keras")
    assert value(session, "b") == 3


# ---- exceptions and warnings ----


def test_an_exception_carries_what_it_is_made_of(held):
    session = held("class UnknownGate(ValueError):\n    pass\ndef f():\n    raise UnknownGate('x')")
    outcome = session.call(Call(Name("f")))
    assert isinstance(outcome, Raised)
    assert outcome.bases == ("ValueError",)
    assert outcome.is_a("UnknownGate")
    assert outcome.is_a("ValueError")
    assert not outcome.is_a("KeyError")


def test_a_warning_that_the_program_has_silenced_is_not_heard(held):
    call = "\ndef f():\n    warnings.warn('careful')\n    return 1"
    heard = held(f"import warnings{call}").call(Call(Name("f")))
    assert [each.message for each in heard.warnings] == ["careful"]
    silenced = held(f"import warnings\nwarnings.filterwarnings('ignore'){call}")
    assert silenced.call(Call(Name("f"))).warnings == ()


# ---- figures ----

FIGURES = textwrap.dedent("""
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from autograder.sandbox import figures

    figures.watch()
    {}
    kept = [*figures.TAKEN, *figures.opened()]
    lines = [[line for axes in figure.get_axes() for line in axes.lines] for figure in kept]
    print([[line.get_ydata().tolist() for line in each] for each in lines])
""")


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        ("plt.plot([1, 2]); plt.show(); plt.plot([3, 4])", [[[1, 2]], [[3, 4]]]),
        ("plt.plot([1, 2]); plt.show(); plt.clf(); plt.plot([3, 4])", [[[1, 2]], [[3, 4]]]),
        ("plt.plot([1, 2]); plt.clf(); plt.plot([3, 4])", [[[1, 2]], [[3, 4]]]),
        ("plt.plot([1, 2]); plt.cla(); plt.plot([3, 4])", [[[1, 2]], [[3, 4]]]),
        ("plt.plot([1, 2]); plt.savefig('/dev/null', format='png'); plt.close()", [[[1, 2]]]),
        ("fig, ax = plt.subplots(); ax.plot([1, 2]); plt.close(fig)", [[[1, 2]]]),
        ("plt.plot([1, 2]); plt.figure(); plt.plot([3]); plt.close('all')", [[[1, 2]], [[3]]]),
        ("fig, ax = plt.subplots(); ax.plot([1]); fig.clear(); plt.close('all')", [[[1]]]),
        ("plt.figure(); plt.close()", []),
        ("plt.plot([1]); plt.plot([2])", [[[1], [2]]]),
    ],
)
def test_a_figure_is_kept_as_it_was_seen(drawn, seen):
    done = subprocess.run(
        [sys.executable, "-c", FIGURES.format(drawn)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(seen)


CELLS = (
    "x = 1\ny = x % 2\n",
    "x = !ls\ny = 1",
    "%time f()\ny = 1",
    "%%time\nf()",
    "f?\ny = 1",
    "    a = 1\n    b = 2",
    ">>> a = 1\n... b = 2",
    "In [1]: a = 1\n   ...: b = 2",
    's = """\n%time f()\n!ls\nx?\n"""\nt = s',
    "f(a,\n  %time\n)",
    "# is it?\nx = 5  # 100 %!",
    "a = b %c\nd",
    "if a:\n    !ls\nelse:\n    b = %pwd",
    "def f(:\n    pass",
    "x = (1,\n",
    "...\n...",
    "",
)


def test_a_cell_is_read_as_ipython_reads_it():
    ours, theirs = _Syntax().transform_cell, TransformerManager().transform_cell
    assert [cell for cell in CELLS if ours(cell) != theirs(cell)] == []


PREPARED = """
import sys, types
from autograder.sandbox.cells import Cells, prepare
prepare()
before = set(sys.modules)
cells = Cells(types.ModuleType("learner"))
python = cells.begin("x = !ls\\ny = [1]", "cell 1")
text = cells.show([1])
cells.end()
print(text, sorted(set(sys.modules) - before))
"""


def test_once_prepared_a_cell_imports_nothing_more():
    done = subprocess.run(
        [sys.executable, "-c", PREPARED], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[1] []\n"
