import inspect
import json
import linecache
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from autograder.sandbox.loading import show_source
from autograder.sandbox.policy import Limits
from autograder.sandbox.program import OutOfTimeError, Runner
from autograder.wire.protocol import (
    Again,
    Call,
    Code,
    Handle,
    Missing,
    Name,
    Part,
    Program,
    Raised,
    Returned,
    Seed,
    Stopped,
    TraceLine,
    Warned,
)


def runner(*sources, limits=None, definitions_only=False, **fields):
    parts = tuple(
        Part(
            f"cell {n}" if len(sources) > 1 else "m.py",
            textwrap.dedent(source).lstrip("\n"),
            definitions_only,
        )
        for n, source in enumerate(sources, 1)
    )
    made = Runner(Program("m", parts, **fields), limits or Limits(output=1))
    made.load()
    return made


def failures(*sources, **fields):
    return runner(*sources, **fields).load().failures


def ask(source, name, *args, **kwargs):
    return runner(source).call(Call(Name(name), args, kwargs))


# ---- loading ----


def test_functions_before_and_after_a_failing_statement_are_there():
    program = runner(
        """
        import math
        def before(z):
            return z
        raise KeyError("stop")
        LIMIT = 3
        counted = before(1)
        from math import pi
        def after(z):
            return z + LIMIT + pi
        """
    )
    assert list(program.load().names) == ["before", "LIMIT", "pi", "after"]
    assert program.call(Call(Name("after"), (1,))).value == pytest.approx(4 + np.pi)
    (failure,) = program.load().failures
    assert failure.outcome.kind == "KeyError"
    assert failure.outcome.trace == (TraceLine("m.py", 4, ""),)


def test_a_failing_cell_does_not_stop_the_next():
    program = runner("1 / 0\n", "x = [1]\nx.append(2)\n", "def f():\n    return x\n")
    assert [failure.part for failure in program.load().failures] == ["cell 1"]
    assert program.call(Call(Name("f"))).value == [1, 2]


def test_only_the_first_failure_of_a_part_is_told():
    assert [f.outcome.kind for f in failures("1 / 0\nimport no_such_thing_here\n")] == [
        "ZeroDivisionError"
    ]


@pytest.mark.parametrize("constant", ["{[]: 1}", "{*()}", "1j + 2j", "-'a'", "(" * 50 + ")" * 50])
def test_a_strange_constant_after_a_failure_is_no_crash(constant):
    names = runner(f"1 / 0\nx = {constant}\ndef f(): pass\n").load().names
    assert "f" in names


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        ('{"tanh": np.tanh}', True),
        ("-1", True),
        ("[before, (1, 'a')]", True),
        ("before()", False),
        ("2 ** 3", False),
        ("[n for n in (1, 2)]", False),
    ],
)
def test_after_a_failure_only_what_is_sure_to_end_is_still_assigned(value, is_kept):
    source = (
        "import numpy as np\ndef before(): pass\n1 / 0\n" + f"x = {value}\ny: object = {value}\n"
    )
    assert ({"x", "y"} <= set(runner(source).load().names)) is is_kept


def test_a_constant_that_names_what_the_second_try_leaves_out_is_no_failure():
    source = "model = print()\nsame = model\ndef f(): pass\n"
    loaded = runner(source, definitions_only=True).load()
    assert (list(loaded.names), loaded.failures) == (["f"], ())


def test_a_syntax_error_names_its_line():
    (failure,) = failures("x = 1\ndef f(:\n    pass\n")
    assert (failure.outcome.kind, failure.outcome.trace) == (
        "SyntaxError",
        (TraceLine("m.py", 2, ""),),
    )


def test_a_return_outside_a_function_names_its_line():
    program = runner("x = 1\n\nreturn x\ndef f():\n    return 2\n")
    (failure,) = program.load().failures
    assert failure.outcome.trace == (TraceLine("m.py", 3, ""),)
    assert failure.outcome.message == "'return' outside function"
    assert program.call(Call(Name("f"))).value == 2


def test_a_file_with_zero_bytes_or_too_deep_is_a_failure_not_a_crash():
    assert failures("x = '\0'")[0].outcome.kind in ("ValueError", "SyntaxError")
    assert failures("x = " + "(" * 5000)[0].outcome.kind in ("SyntaxError", "MemoryError")


def test_a_future_import_holds_for_the_whole_part():
    program = runner(
        """
        from __future__ import annotations, annotations
        def f(z: NoSuchName) -> AlsoNot:
            return z
        """
    )
    assert program.load().failures == ()
    assert program.call(Call(Name("f"), (1,))).value == 1


def test_definitions_only_runs_no_loop():
    program = runner(
        """
        A = [1, 2]
        while True:
            pass
        def f():
            return A
        """,
        definitions_only=True,
    )
    assert program.call(Call(Name("f"))).value == [1, 2]


def test_leaving_the_interpreter_at_top_level_is_a_failure_of_that_line():
    program = runner("import sys\nsys.exit(3)\ndef f():\n    return 1\n")
    (failure,) = program.load().failures
    assert (failure.outcome.kind, failure.outcome.message) == ("SystemExit", "3")
    assert program.call(Call(Name("f"))).value == 1


def test_private_names_and_modules_are_not_stated():
    assert runner("import math\n_x = 1\ny = 2.0\n").load().names == {"y": "float"}


def test_what_the_top_level_prints_is_kept():
    assert runner("print('a')\n", "print('b')\n").load().output == "a\nb\n"


def test_loading_twice_runs_once():
    program = runner("import itertools\nx = []\nx.append(1)\ndef f():\n    return x\n")
    program.load()
    assert program.call(Call(Name("f"))).value == [1]


def test_a_flood_at_top_level_is_cut_and_costs_nothing():
    loaded = runner("for _ in range(99):\n    print('x' * 99)\n", "y = 1\nprint(y)\n").load()
    assert loaded.failures == ()
    assert len(loaded.output) == 1024
    assert "y" in loaded.names


# ---- calling ----


def test_a_call_is_answered_with_output_warnings_and_time():
    outcome = ask(
        """
        import warnings
        def f(z):
            print("hello")
            for _ in range(3):
                warnings.warn("careful")
            return z
        """,
        "f",
        3,
    )
    assert (outcome.value, outcome.output) == (3, "hello\n")
    assert outcome.warnings == (Warned("UserWarning", "careful"),)
    assert (outcome.warnings[0].at.label, outcome.warnings[0].at.line) == ("m.py", 5)
    assert 0 <= outcome.seconds < 1


def test_numpy_warns_each_time():
    program = runner("import numpy as np\ndef f(z):\n    return np.exp(z)\n")
    call = Call(Name("f"), (np.array([1e4]),))
    assert [len(program.call(call).warnings) for _ in range(2)] == [1, 1]


def test_a_flood_of_output_is_stopped():
    assert ask("def f():\n    while True:\n        print('x' * 99)\n", "f") == Stopped(
        "output", 1 / 1024
    )


def test_a_bare_except_around_a_flood_does_not_hide_it():
    source = """
        def f():
            for _ in range(100):
                try:
                    print("x" * 99)
                except:
                    pass
            return 1
        """
    assert ask(source, "f") == Stopped("output", 1 / 1024)


def test_what_one_call_prints_does_not_count_against_the_next():
    program = runner("def f():\n    print('x' * 900)\n    return 1\n")
    assert [program.call(Call(Name("f"))).value for _ in range(3)] == [1, 1, 1]


def test_writing_bytes_to_standard_output_is_the_learners_type_error():
    assert ask("import sys\ndef f():\n    sys.stdout.write(b'x')\n", "f").kind == "TypeError"


@pytest.mark.parametrize(
    ("body", "argument", "now"),
    [
        ("z[0] = 9.0", np.array([1.0, 2.0]), np.array([9.0, 2.0])),
        ("z[0] = 9", [1, 2], [9, 2]),
        ("z.append(3)", [1, 2], [1, 2, 3]),
        ("z['a'][0] = 9", {"a": [1]}, {"a": [9]}),
        ("z.pop('a')", {"a": 1}, {}),
        ("z[0][0] = 9", (np.array([1]),), (np.array([9]),)),
        ("z[0] = 1.0", [1], [1.0]),
        ("z[0] = True", [1], [True]),
        ("z.add(2)", {1}, {1, 2}),
        ("z.resize((1,), refcheck=False)", np.array([1.0, 2.0]), np.array([1.0])),
    ],
)
def test_a_changed_argument_is_reported_as_it_is_now(body, argument, now):
    outcome = ask(f"def f(other, z):\n    {body}\n    return None\n", "f", 0, argument)
    assert list(outcome.changed) == [1]
    assert repr(outcome.changed[1]) == repr(now)


@pytest.mark.parametrize(
    "argument",
    [
        np.array([np.nan, -0.0]),
        [float("nan")],
        {"a": (1, "x", None)},
        "text",
        Seed(3),
        [Seed(3), Name("f")],
        Code("half", "def half(z):\n    return z / 2\n"),
    ],
)
def test_an_argument_that_was_only_read_is_not_reported(argument):
    outcome = ask("def f(z):\n    return str(z) and None\n", "f", argument)
    assert outcome.changed == {}


def test_the_callers_own_values_are_never_touched():
    array, items, numbers = np.ones(2), [1, [2]], {1}
    source = "def f(a, b, c):\n    a[:] = 0\n    b[1].append(3)\n    c.clear()\n"
    ask(source, "f", array, items, numbers)
    assert (array.tolist(), items, numbers) == ([1.0, 1.0], [1, [2]], {1})


def test_sys_exit_in_a_function_is_an_exception_of_it():
    outcome = ask("import sys\ndef f():\n    sys.exit('bye')\n", "f")
    assert (outcome.kind, outcome.message) == ("SystemExit", "bye")


def test_a_missing_function_is_told_with_what_it_may_be_called():
    names = "def sigmod(z): pass\ndef relu(z): pass\n"
    assert ask(names, "sigmoid") == Missing("sigmoid", ("sigmod",))
    assert ask(names, "perceptron") == Missing("perceptron")


@pytest.mark.parametrize("wrong", ["Sigmoid", "SIGMOID", "sig_moid", "sigmiod"])
def test_case_underscores_and_swapped_letters_make_a_name_similar(wrong):
    assert ask(f"def {wrong}(z): pass\n", "sigmoid").similar == (wrong,)


def test_a_name_that_cannot_be_called_is_told_by_its_type():
    assert ask("f = 3\n", "f") == Missing("f", kind="int")


def test_a_missing_function_among_the_arguments_is_missing_too():
    assert ask("def f(g): pass\n", "f", Name("g")) == Missing("g", ())


def test_endless_recursion_is_an_exception_with_few_lines():
    outcome = ask("def f(n):\n    return f(n + 1)\n", "f", 0)
    assert outcome.kind == "RecursionError"
    assert 1 <= len(outcome.trace) <= 5


def test_a_trace_holds_the_learners_own_lines_alone():
    program = runner(
        """
        import numpy as np
        def outer(z):
            return inner(z)
        def inner(z):
            return np.linalg.inv(z)
        """
    )
    outcome = program.call(Call(Name("outer"), (np.zeros((2, 2)),)))
    assert outcome.kind == "LinAlgError"
    assert outcome.trace == (TraceLine("m.py", 3, "outer"), TraceLine("m.py", 5, "inner"))


def test_a_trace_through_two_cells_names_both():
    program = runner("def inner():\n    return 1 / 0\n", "def outer():\n    return inner()\n")
    trace = program.call(Call(Name("outer"))).trace
    assert [(line.label, line.line) for line in trace] == [("cell 2", 2), ("cell 1", 2)]


def test_an_exception_that_cannot_be_printed_is_named_all_the_same():
    outcome = ask(
        """
        class Bad(Exception):
            def __str__(self):
                raise RuntimeError("again")
        def f():
            raise Bad
        """,
        "f",
    )
    assert (outcome.kind, outcome.message) == ("Bad", "")


def test_a_warning_that_cannot_be_printed_is_named_all_the_same():
    outcome = ask(
        """
        import warnings
        class Bad(UserWarning):
            told = []
            def __str__(self):
                if self.told:
                    raise RuntimeError("again")
                self.told.append(1)
                return "once"
        def f():
            warnings.warn(Bad())
            return 1
        """,
        "f",
    )
    assert (outcome.value, outcome.warnings) == (1, (Warned("Bad", "", ("UserWarning",)),))


def test_a_long_message_is_cut():
    assert len(ask("def f():\n    raise ValueError('x' * 10**6)\n", "f").message) == 2000


def test_running_out_of_memory_is_a_limit():
    assert ask("def f():\n    raise MemoryError\n", "f") == Stopped("memory", 1024)


@pytest.mark.parametrize("thrown", [OutOfTimeError, KeyboardInterrupt])
def test_who_runs_trusted_code_can_interrupt_it(thrown):
    program = runner("def f(g):\n    try:\n        g()\n    except Exception:\n        pass\n")
    program._module.__dict__["g"] = lambda: (_ for _ in ()).throw(thrown)
    with pytest.raises(thrown):
        program.call(Call(Name("f"), (Name("g"),)))


# ---- values that are not data ----


def test_a_kept_object_stays_and_can_be_called_and_passed():
    program = runner(
        """
        class Model:
            def __init__(self, slope):
                self.slope = slope
            def __call__(self, z):
                return self.slope * z
        def slope_of(model):
            return model.slope
        """
    )
    kept = program.call(Call(Name("Model"), (3,), keep=True)).value
    assert kept == Handle(0, "Model")
    assert program.call(Call(kept, (2,))).value == 6
    assert program.call(Call(Name("slope_of"), (kept,))).value == 3


def test_an_object_that_nobody_kept_is_missing():
    program = runner("def f(model): pass\n")
    assert program.call(Call(Handle(7, "Model"))) == Missing("object 7", kind="Model")
    assert program.call(Call(Name("f"), (Handle(7, "Model"),))).kind == "Model"


def test_a_seed_becomes_the_same_generator_each_time():
    program = runner("def f(rng):\n    return rng.normal(size=2)\n")
    call = Call(Name("f"), (Seed(5),))
    expected = np.random.default_rng(5).normal(size=2).tolist()
    assert [program.call(call).value.tolist() for _ in range(2)] == [expected, expected]


def test_a_program_is_run_once_more_from_a_seed_beside_what_it_has_left():
    program = runner("import random\nimport numpy as np\nx = random.random() + np.random.rand()\n")
    again = Code("again", "def again(module, run, seed):\n    return run(seed).x, module.x\n")
    (one, own), (two, _), (other, still) = (
        program.call(Call(again, (Again(), seed))).value for seed in (3, 3, 4)
    )
    assert one == two
    assert len({one, other, own}) == 3
    assert own == still


def test_a_notebook_s_kernel_is_taken_as_it_is_instead_of_being_run_again():
    program = Runner(Program("m", ()), Limits(), namespace={"x": 5})
    program.load()
    again = Code("again", "def again(module, run):\n    return run(3).x\n")
    assert program.call(Call(again, (Again(),))).value == 5


def test_code_of_ours_is_an_argument_or_works_beside_the_program():
    program = runner("def f(g, z):\n    return g(z)\nSLOPE = 3\n")
    half = Code("half", "def half(z):\n    return z / 2\n")
    beside = Code("beside", "def beside(module, z):\n    return module.SLOPE * z\n")
    assert program.call(Call(Name("f"), (half, 4))).value == 2
    assert program.call(Call(beside, (4,))).value == 12


def test_code_of_ours_that_fails_leaves_no_line_of_ours_in_the_trace():
    probe = Code("probe", "def probe(module):\n    return module.f()\n")
    outcome = runner("def f():\n    return 1 / 0\n").call(Call(probe))
    assert outcome.trace == (TraceLine("m.py", 2, "f"),)


def test_a_notebooks_own_names_can_be_given():
    program = Runner(Program("m", ()), Limits(), namespace={"f": lambda z: z + 1})
    program.load()
    assert isinstance(program.call(Call(Name("f"), (1,))), Returned)


# ---- a process of its own ----

ALONE = """
import json, pathlib, sys, tempfile
from autograder.sandbox.policy import Limits
from autograder.sandbox.program import Runner
from autograder.wire.protocol import Call, Name, Part, Program

source = '''
import dataclasses, pickle, inspect

@dataclasses.dataclass
class Point:
    x: int

def f():
    return pickle.loads(pickle.dumps(Point(3))).x

def text():
    return inspect.getsource(f).splitlines()[0]

from autograder.notebook import check
def asked():
    import autograder.notebook
    return check("f") + autograder.notebook.check(f, language="zh")

try:
    import csv
except ImportError as error:
    caught = True
import importlib
importlib.import_module("csv")
import optional
'''
library = tempfile.mkdtemp()
pathlib.Path(library, "optional.py").write_text(
    "import importlib.util\\nthere = importlib.util.find_spec('csv')\\nimport csv"
)
sys.path.append(library)
program = Program("learner", (Part("m.py", source),), forbidden=("csv",))
runner = Runner(program, Limits(), register=True)
loaded = runner.load()
print(json.dumps({
    "failure": [loaded.failures[0].outcome.kind, loaded.failures[0].outcome.message],
    "caught": "caught" in loaded.names,
    "optional": bool(sys.modules["optional"].there),
    "check": [runner.call(Call(Name("asked"))).value, "rich" in sys.modules],
    "f": runner.call(Call(Name("f"))).value,
    "text": runner.call(Call(Name("text"))).value,
}))
"""


def test_in_a_process_of_its_own_classes_pickle_imports_are_refused_and_check_rests():
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {
        "failure": ["ForbiddenImport", "csv"],
        "caught": True,
        "optional": True,
        "check": [0.0, False],
        "f": 3,
        "text": "def f():",
    }


def test_a_raised_outcome_is_data():
    assert isinstance(ask("def f():\n    raise ValueError\n", "f"), Raised)


def test_a_probe_that_asks_for_an_absent_function_finds_it_missing():
    probe = Code("train", "def train(module):\n    return module.train_net()\n")
    outcome = runner("def trainnet():\n    return 1\n").call(Call(probe))
    assert outcome == Missing("train_net", ("trainnet",))


def test_an_attribute_that_is_missing_elsewhere_is_the_learners_error():
    probe = Code("ask", "def ask(module):\n    return module.f()\n")
    outcome = runner("def f():\n    return (1).shape\n").call(Call(probe))
    assert outcome.kind == "AttributeError"


def test_the_text_of_a_function_is_its_own_below_a_line_that_only_some_editors_break():
    source = "# one \x0c two \u2028 three\ndef f():\n    return 1\n"
    space = {}
    exec(compile(source, "<7:neuron.py>", "exec"), space)
    show_source("<7:neuron.py>", source)
    try:
        assert inspect.getsource(space["f"]) == "def f():\n    return 1\n"
    finally:
        del linecache.cache["<7:neuron.py>"]
