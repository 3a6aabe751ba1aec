import pytest

from autograder.errors import CourseError, EngineFault
from autograder.grading.collecting import pytest_alone
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Evidence, Verdict
from autograder.plugin import hooks
from autograder.plugin.bench import open_bench
from autograder.plugin.judge import judge
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.opening import Sandbox

RIGHT = (
    "import numpy as np\ndef double(z):\n    return 2 * z\ndef total(z):\n    return np.sum(z)\n"
)
SQUARED = RIGHT.replace("2 * z", "z * z")


def points(results):
    return [result.score.points for result in results]


def verdicts(result):
    return [str(check.verdict) for check in result.checks]


def test_right_and_wrong_submissions_take_turns_without_touching_each_other(
    tiny_exercise, grade, make_entry
):
    entries = [make_entry((RIGHT, SQUARED)[n % 2], f"learner {n}") for n in range(20)]
    results = grade(tiny_exercise(), *entries)
    assert points(results) == [6.0, 2.0] * 10
    assert [result.learner for result in results] == [f"learner {n}" for n in range(20)]
    assert {result.diagnoses for result in results[1::2]} == {("T1",)}


def test_a_counter_of_the_learners_module_starts_anew(tiny_exercise, grade):
    counting = "n = [0]\ndef double(z):\n    n[0] += 1\n    return 2 * z if n[0] < 3 else 0 * z\n"
    results = grade(tiny_exercise(), *[counting] * 3)
    assert points(results) == [4.0] * 3


def test_a_seed_that_one_submission_sets_does_not_change_anothers_inputs(tiny_exercise, grade):
    exercise = tiny_exercise()
    seeding = "import numpy as np\nnp.random.seed(1)\n" + SQUARED
    alone, _, after = grade(exercise, SQUARED, seeding, SQUARED)
    assert alone.checks[0].evidence == after.checks[0].evidence


def test_what_one_submission_patches_does_not_reach_the_next(tiny_exercise, grade):
    patching = "import numpy as np\nnp.isclose = np.array_equal = np.allclose = None\n" + SQUARED
    results = grade(tiny_exercise(), patching, RIGHT, kind="plain")
    assert points(results) == [2.0, 6.0]


def test_fixtures_of_a_check_file_are_fresh_for_each_submission(tiny_exercise, grade):
    public = """
        import pytest
        from autograder.checks import agree, task

        made = []

        @pytest.fixture(scope="session")
        def items():
            made.append(1)
            return []

        @task("double", points=4)
        def test_double(student, items):
            items.append(1)
            assert len(items) == 1
            agree(student.double(3), 6)
        """
    results = grade(tiny_exercise(public=public, hidden=""), *[RIGHT] * 3)
    assert points(results) == [4.0] * 3


def test_results_come_in_the_order_of_the_check_files(tiny_exercise, grade):
    (result,) = grade(tiny_exercise(), RIGHT)
    assert [check.name for check in result.checks] == [
        "test_double_doubles",
        "test_total_adds_up",
        "test_double_takes_a_matrix",
    ]
    assert [check.hidden for check in result.checks] == [False, False, True]


def inputs(result):
    return [check.evidence.call for check in result.checks if check.evidence]


WRONG = "def double(z):\n    return z\ndef total(z):\n    return 0.0\n"


def test_every_submission_meets_the_same_inputs_and_every_seed_others(
    tiny_exercise, grade, make_entry
):
    seeds = (0, 0, 1, 2, 1)
    results = grade(tiny_exercise(), *(make_entry(WRONG, seed=seed) for seed in seeds))
    zero, again, one, two, one_again = map(inputs, results)
    assert zero == again
    assert one == one_again
    for first, second in ((zero, one), (one, two)):
        assert not set(first) & set(second)


def test_a_checks_inputs_do_not_depend_on_which_checks_run(tiny_exercise, grade, make_entry):
    all_of_them, one_task = grade(
        tiny_exercise(), make_entry(WRONG), make_entry(WRONG, only_task="total")
    )
    assert inputs(one_task) == inputs(all_of_them)[1:2]


def test_the_salt_changes_hidden_inputs_alone(tiny_exercise, grade):
    exercise = tiny_exercise()
    (one,) = grade(exercise, WRONG, salt="one")
    (other,) = grade(exercise, WRONG, salt="other")
    assert inputs(one)[:2] == inputs(other)[:2]
    assert inputs(one)[2] != inputs(other)[2]


def test_parameters_of_a_check_have_inputs_of_their_own(tiny_exercise, grade):
    public = """
        import pytest
        from autograder.checks import agree, task

        @task("double", points=2)
        @pytest.mark.parametrize(("size", "how"), [(2, print), (3, len)])
        def test_double(student, rng, size, how):
            agree(student.double(rng.normal(size=size)), None)
        """
    exercise = tiny_exercise(public=public, hidden="")
    (first,) = grade(exercise, RIGHT)
    (second,) = grade(exercise, RIGHT)
    assert [check.name for check in first.checks] == ["test_double[2-how0]", "test_double[3-how1]"]
    assert inputs(first) == inputs(second)


def test_a_broken_check_file_is_an_error_with_its_text(tiny_exercise, grade):
    with pytest.raises(CourseError, match=r"(?s)a check file is broken.*no_such_helper"):
        grade(tiny_exercise(public="from autograder.checks import no_such_helper\n"), RIGHT)


def test_an_exercise_without_checks_is_an_error_and_no_zero(tiny_exercise):
    results = []
    exercise = tiny_exercise(public="x = 1\n", hidden="")
    with pytest.raises(CourseError, match="has no check to run"):
        run_checks(open_bench(exercise), Sandbox("none"), [Entry("a", "f", None)], results.append)
    assert results == []


def test_two_exercises_with_files_of_the_same_names_do_not_mix(tiny_exercise, grade):
    grade(tiny_exercise(), RIGHT)
    public = """
        from autograder.checks import agree, task

        @task("total", points=2)
        def test_another(student):
            agree(student.total([1, 2]), 3)
        """
    (result,) = grade(tiny_exercise("02_other", public=public, hidden=""), RIGHT)
    assert [check.name for check in result.checks] == ["test_another"]


def test_options_of_the_environment_change_no_verdict(tiny_exercise, grade, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing --no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert points(grade(tiny_exercise(), RIGHT)) == [6.0]


def test_a_file_that_could_not_be_read_earns_nothing_and_says_why(tiny_exercise, grade):
    problem = Evidence("submission.empty")
    (result,) = grade(tiny_exercise(), Entry("a", "tiny.py", None, problem))
    assert (result.score.points, result.problem, result.checks) == (0.0, problem, ())


def test_what_failed_at_the_top_level_is_told_and_the_rest_is_graded(tiny_exercise, grade):
    (result,) = grade(tiny_exercise(), "import no_such_module_here\n" + RIGHT)
    assert [evidence.facts["exception"] for evidence in result.load] == ["ModuleNotFoundError"]
    assert result.score.points == 6.0


def test_until_failure_ends_at_the_first_check_that_does_not_pass(tiny_exercise, grade, make_entry):
    stopped, whole = grade(
        tiny_exercise(), make_entry(SQUARED, until_failure=True), make_entry(RIGHT)
    )
    assert verdicts(stopped) == ["failed"]
    assert whole.score.points == 6.0


def test_one_task_alone_can_be_checked(tiny_exercise, grade, make_entry):
    (result,) = grade(tiny_exercise(), make_entry(RIGHT, only_task="total"))
    assert [check.task for check in result.checks] == ["total"]


class Breaking:
    """A sandbox that breaks for some learners, at opening or in the middle of a check."""

    kind = "none"
    layers = ()
    versions = ()

    def __init__(self, when, error):
        self.when = when
        self.error = error
        self.opened = 0

    def open(self, program, limits):
        self.opened += 1
        if self.opened != 2:
            return InProcessSession(program, limits)
        if self.when == "open":
            raise self.error
        return BreakingSession(self.when, self.error, InProcessSession(program, limits))


class BreakingSession:
    def __init__(self, when, error, session):
        self.when = when
        self.error = error
        self.session = session

    def load(self):
        if self.when == "load":
            raise self.error
        return self.session.load()

    def call(self, _call):
        raise self.error

    def close(self):
        if self.when == "close":
            raise self.error


@pytest.mark.parametrize(
    ("when", "error"),
    [
        ("open", RuntimeError("x")),
        ("load", RuntimeError("x")),
        ("call", EngineFault("x")),
        ("close", OSError("x")),
    ],
)
def test_a_fault_of_ours_withholds_one_score_and_the_class_goes_on(
    tiny_exercise, make_entry, when, error
):
    results = []
    entries = [make_entry(RIGHT, name) for name in "abc"]
    run_checks(open_bench(tiny_exercise()), Breaking(when, error), entries, results.append)
    assert points(results) == [6.0, None, 6.0]


def test_a_fault_in_the_middle_of_a_check_leaves_no_program_for_the_next(
    tiny_exercise, make_entry, monkeypatch
):
    calls = []

    def breaking(*args):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("in a hook")
        return judge(*args)

    monkeypatch.setattr("autograder.plugin.judge.judge", breaking)
    results = []
    entries = [make_entry(SQUARED), make_entry(RIGHT)]
    run_checks(open_bench(tiny_exercise()), Sandbox("none"), entries, results.append)
    assert points(results) == [None, 6.0]


@pytest.mark.parametrize("error", [KeyboardInterrupt, BrokenPipeError])
def test_whoever_takes_the_results_may_end_the_class(tiny_exercise, make_entry, error):
    def emit(_result):
        raise error

    with pytest.raises(error):
        run_checks(open_bench(tiny_exercise()), Sandbox("none"), [make_entry(RIGHT)], emit)


def test_a_check_that_breaks_on_the_reference_too_withholds_the_score(tiny_exercise, grade):
    hidden = """
        from autograder.checks import task

        @task("double", points=2)
        def test_breaks(student):
            student.double(1)
            import pytest
            pytest.fail("not for any program")
        """
    (result,) = grade(tiny_exercise(hidden=hidden), RIGHT)
    assert result.score.withheld
    assert [check.verdict for check in result.checks][-1] is Verdict.FAULT


def test_an_unwritten_file_earns_nothing_and_is_skipped(tiny_exercise, grade):
    stub = "def double(z):\n    raise NotImplementedError\n\ntotal = double\n"
    (result,) = grade(tiny_exercise(), stub)
    assert (result.score.points, set(verdicts(result))) == (0.0, {"skipped"})


def test_checks_leave_no_bytecode_beside_them(tiny_exercise, grade):
    exercise = tiny_exercise()
    grade(exercise, RIGHT)
    assert not list(exercise.folder.rglob("*.pyc"))


def test_a_result_tells_where_and_with_what_it_was_made(tiny_exercise, grade):
    (result,) = grade(tiny_exercise(), RIGHT)
    assert (result.exercise, result.sandbox, result.layers) == ("01_tiny", "none", ())
    assert {"gradeflow", "python", "numpy", "pytest"} == set(result.versions)


@pytest.mark.parametrize("missing", ["hidden", "public"])
def test_checks_that_are_not_all_there_grade_nobody(tiny_exercise, make_entry, missing):
    exercise = tiny_exercise(**{missing: ""})
    results = []
    with pytest.raises(CourseError, match=r"add up to 2 points .* but the task has 4"):
        run_checks(open_bench(exercise), Sandbox("none"), [make_entry(RIGHT)], results.append)
    assert results == []


def test_a_check_that_is_worth_more_than_it_was_grades_nobody(
    tiny_exercise, tiny_files, make_entry
):
    public = tiny_files["test_public.py"].replace('"total", points=2', '"total", points=3')
    exercise = tiny_exercise(public=public)
    with pytest.raises(CourseError, match=r"'total' add up to 3 points"):
        run_checks(open_bench(exercise), Sandbox("none"), [make_entry(RIGHT)], [].append)


def test_what_lies_beside_an_exercise_and_above_it_is_not_looked_through(tiny_exercise):
    exercise = tiny_exercise()
    (exercise.folder.parent / "another").mkdir(exist_ok=True)
    seen = []

    class Listed:
        def pytest_collect_directory(self, path):
            seen.append(path)

        def pytest_collect_file(self, file_path):
            seen.append(file_path)

    pytest_alone(exercise.tests, exercise.folder, [Listed(), hooks])
    assert set(exercise.tests) <= set(seen)
    assert {path for path in seen if exercise.folder not in (path, *path.parents)} == set()
