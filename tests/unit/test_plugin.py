import json
import re
import shutil
import subprocess
import sys
import textwrap

import pytest

from autograder.catalogue import load_exercise
from autograder.diagnosis import REFERENCE, AnswerBook, Known, read_variants
from autograder.diagnosis.frozen import to_json
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.plugin import hooks
from autograder.plugin.bench import open_bench
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

RIGHT = "def double(z):\n    return z + z\n\n\ndef total(z):\n    return float(sum(z))\n"


@pytest.fixture
def authored(tiny_exercise):
    return tiny_exercise()


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest with the plugin, in this process."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def go(*arguments):
        options = ("-p", "no:cacheprovider", "-W", "error")
        return pytester.runpytest_inprocess(*options, *map(str, arguments), plugins=[hooks])

    return go


@pytest.fixture
def submission(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture
def released(authored, tmp_path):
    """The same exercise as learners get it: a stub, public checks, frozen answers."""
    folder = tmp_path / "assignments" / authored.name
    folder.mkdir(parents=True)
    for name in ("exercise.toml", "test_public.py"):
        shutil.copy(authored.folder / name, folder)
    (folder / "answers.json").write_text(to_json(frozen(authored)), encoding="utf-8")
    (folder / "tiny.py").write_text(RIGHT, encoding="utf-8")
    return load_exercise(folder)


def frozen(exercise):
    """Ask the reference and the variants what the public checks ask."""
    asked = []

    class Listening:
        kind = "none"
        layers = ()
        versions = ()

        def open(self, program, limits):
            session = InProcessSession(program, limits)
            answer = session.call
            session.call = lambda call: asked.append(call) or answer(call)
            return session

    source = exercise.source.read_text(encoding="utf-8")
    program = InProcessSession.of(source, "tiny")
    entry = Entry("", "", Program("tiny", (Part("tiny.py", source),)))
    run_checks(open_bench(exercise), Listening(), [entry], [].append)
    (variant,) = read_variants(exercise.variants, source)
    wrong = InProcessSession.of(variant.source, "tiny")
    known = tuple(
        Known(call, {REFERENCE: program.call(call), variant.key: wrong.call(call)})
        for call in asked[:2]
    )
    return AnswerBook(known, {variant.key: variant.replaced})


def test_the_reference_passes_where_an_author_runs_pytest(authored, run):
    run(authored.folder).assert_outcomes(passed=3)


def test_a_learners_right_file_passes_where_they_run_pytest(released, run):
    run(released.folder, "--sandbox=none").assert_outcomes(passed=2)


def test_a_learners_own_file_runs_in_a_process_of_its_own(released, run):
    text = RIGHT.replace("z + z", "__import__('os').getpid() and z + z")
    (released.folder / "tiny.py").write_text(text, encoding="utf-8")
    run(released.folder).assert_outcomes(passed=2)


def test_a_learner_reads_a_message_and_no_traceback(released, run):
    (released.folder / "tiny.py").write_text(RIGHT.replace("z + z", "z**2"), encoding="utf-8")
    done = run(released.folder, "--sandbox=none")
    done.assert_outcomes(passed=1, failed=1)
    said = done.stdout.str()
    assert "→ You squared instead of doubling." in said
    assert "  call    double(array([" in said
    for inside in ("Traceback", "Mismatch", "def test_double", "agree("):
        assert inside not in said
    assert not re.search(r"\.py:\d", said)


def test_messages_come_in_the_language_that_was_asked_for(released, run):
    (released.folder / "tiny.py").write_text("x = 1\n", encoding="utf-8")
    done = run(released.folder, "--sandbox=none", "--feedback-language=zh")
    assert "你的文件里没有定义 double。" in done.stdout.str()


def test_many_submissions_are_checked_in_one_session_each_by_itself(authored, run, submission):
    one = submission("ann.py", RIGHT)
    other = submission("bob.py", RIGHT.replace("z + z", "z**2"))
    done = run(authored.folder, "--submission", one, "--submission", other, "--sandbox=none", "-v")
    done.assert_outcomes(passed=4, failed=2)
    done.stdout.fnmatch_lines_random(
        ["*test_double_doubles?ann.py? PASSED*", "*test_double_doubles?bob.py? FAILED*"]
    )


def test_submissions_of_one_name_are_told_apart_by_their_paths(authored, run, tmp_path):
    paths = []
    for learner in ("ann", "bob"):
        (tmp_path / learner).mkdir()
        paths.append(tmp_path / learner / "tiny.py")
        paths[-1].write_text(RIGHT, encoding="utf-8")
    named = [part for path in paths for part in ("--submission", path)]
    done = run(authored.folder, *named, "--sandbox=none", "-v")
    done.assert_outcomes(passed=6)
    done.stdout.fnmatch_lines_random([f"*{paths[0]}* PASSED*", f"*{paths[1]}* PASSED*"])


def test_a_parametrised_check_has_the_same_inputs_however_submissions_are_named(
    tiny_exercise, run, submission, grade
):
    public = """
        import pytest
        from autograder.checks import agree, task

        @task("double", points=4)
        @pytest.mark.parametrize("size", [2])
        def test_double(student, rng, size):
            agree(student.double(rng.normal(size=size)), None)

        @task("total", points=2)
        def test_total(student):
            agree(student.total([1, 2]), 3.0)
        """
    exercise = tiny_exercise(public=public, hidden="")
    (result,) = grade(exercise, RIGHT)
    done = run(exercise.folder, "--submission", submission("ann.py", RIGHT), "--sandbox=none")
    assert result.checks[0].evidence.call in done.stdout.str()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("bad.ipynb", "{ not json", "bad.ipynb: The notebook is damaged at line 1"),
        ("bad.txt", "x", "bad.txt: A file that ends in .txt cannot be graded"),
        ("empty.py", "", "empty.py: The file is empty"),
    ],
)
def test_an_unreadable_submission_is_one_sentence(authored, run, submission, name, text, says):
    done = run(authored.folder, "--submission", submission(name, text), "--sandbox=none")
    said = done.stdout.str()
    assert says in said
    assert "Traceback" not in said
    assert "Error" not in said.replace("ERROR", "")
    done.assert_outcomes(errors=3)


def test_one_unreadable_submission_does_not_keep_the_others_from_being_checked(
    authored, run, submission
):
    named = ["--submission", submission("bad.txt", ""), "--submission", submission("ann.py", RIGHT)]
    run(authored.folder, *named, "--sandbox=none").assert_outcomes(errors=3, passed=3)


def test_a_submission_that_is_not_there_says_so(authored, run, tmp_path):
    done = run(authored.folder, "--submission", tmp_path / "none.py", "--sandbox=none")
    assert "There is no file" in done.stdout.str()


def test_a_failing_top_level_still_has_the_other_functions_checked(authored, run, submission):
    path = submission("ann.py", RIGHT + "\n\nraise KeyError\n")
    run(authored.folder, "--submission", path, "--sandbox=none").assert_outcomes(passed=3)


def test_what_is_not_written_yet_is_no_pass(released, run):
    bodies = (f"def {name}(z):\n    raise NotImplementedError\n" for name in ("double", "total"))
    stub = "\n\n".join(bodies)
    (released.folder / "tiny.py").write_text(stub, encoding="utf-8")
    done = run(released.folder, "--sandbox=none")
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert done.stdout.str().count("Not written yet.") >= 2


INERT = """
import json, sys
import pytest
code = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "autograder.plugin.hooks", "test_own.py"])
heavy = [name for name in ("numpy", "msgspec", "autograder.plugin.sitting") if name in sys.modules]
print(json.dumps([int(code), heavy]))
"""


def test_in_a_project_without_exercises_the_plugin_is_inert(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.fixture
        def thing():
            return 1

        @pytest.mark.parametrize("n", [1, 2])
        def test_one(thing, n):
            assert thing == 1

        def test_two():
            with pytest.raises(ValueError):
                raise ValueError

        def test_three():
            pytest.skip("no")
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", INERT], capture_output=True, text=True, check=True, cwd=pytester.path
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [0, []]


def test_the_options_and_the_mark_are_explained(pytester, run):
    said = run("--help").stdout.str()
    assert "--submission=FILE" in said
    assert "--feedback-language" in said
    assert "gradeflow(task, points, kind)" in run("--markers").stdout.str()


def test_the_plugin_loads_by_its_name_in_a_process_of_its_own(authored, pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    done = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "-p", "autograder.plugin.hooks", str(authored.folder)
    )
    done.assert_outcomes(passed=3)


def test_nothing_is_left_open(authored, run, submission, monkeypatch):
    opened, closed = [], []
    real = Sandbox.open

    def listening(self, program, limits):
        session = real(self, program, limits)
        opened.append(session)
        close = session.close
        session.close = lambda: closed.append(session) or close()
        return session

    monkeypatch.setattr(Sandbox, "open", listening)
    run(authored.folder, "--submission", submission("ann.py", RIGHT), "--sandbox=plain")
    assert len(opened) == 1
    assert closed[:1] == opened


def test_a_submission_is_not_checked_where_checks_are_missing(tiny_exercise, run, submission):
    exercise = tiny_exercise(hidden="")
    done = run(exercise.folder, "--submission", submission("ann.py", RIGHT), "--sandbox=none")
    done.stderr.fnmatch_lines(["*checks of 'double' add up to 2 points*but the task has 4*"])
    assert done.ret == pytest.ExitCode.USAGE_ERROR


def test_one_check_may_be_asked_for_alone(tiny_exercise, run, submission):
    exercise = tiny_exercise()
    one = f"{exercise.folder / 'test_public.py'}::test_double_doubles"
    done = run(one, "--submission", submission("ann.py", RIGHT), "--sandbox=none")
    done.assert_outcomes(passed=1)
