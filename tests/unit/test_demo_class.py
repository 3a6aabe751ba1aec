"""The class that the demo makes: large, the same each time, and never without an expectation."""

import ast
from pathlib import Path

import pytest

from autograder.catalogue import find_course
from autograder.errors import SubmissionError
from autograder.model import CheckResult, Diagnosis, Evidence, Result, Score, Verdict
from autograder.submission import Submission, read_program
from tools.classroom import (
    SHOWN,
    Full,
    Made,
    Named,
    Points,
    Target,
    choose,
    make_class,
    write_class,
)
from tools.classroom.attacks import ATTACKS
from tools.classroom.material import replace_functions
from tools.classroom.notebooks import chunks
from tools.demo import exercises_of
from tools.proof import claims_about

COURSE = find_course(Path(__file__))
TARGET = Target(COURSE.root, COURSE.root / "build" / "demo", 47650)
GROUPS = {"right", "misconception", "stub", "half done", "broken", "attack"}


@pytest.fixture(scope="module", params=COURSE.exercises)
def exercise(request):
    return COURSE.authored(request.param)


@pytest.fixture(scope="module")
def made(exercise):
    return make_class(COURSE, exercise.name, TARGET)


def test_a_class_has_at_least_sixty_submissions_of_every_group(made):
    assert len(made) >= 60
    assert {each.group for each in made} == GROUPS


def test_a_class_is_the_same_to_the_byte_each_time(made, exercise):
    assert make_class(COURSE, exercise.name, TARGET) == made


def test_learners_are_unique_even_where_case_does_not_count(made):
    assert len({each.learner.casefold() for each in made}) == len(made)


def test_every_expectation_fits_its_group(made, exercise):
    for each in made:
        if each.group == "right":
            assert each.expect == Full(), each.learner
        elif each.group == "misconception":
            assert isinstance(each.expect, Named), each.learner
        elif each.group == "stub":
            assert each.expect == Points(0), each.learner
        else:
            assert isinstance(each.expect, Full | Points), each.learner
        if isinstance(each.expect, Points):
            assert 0 <= each.expect.points < exercise.points, each.learner


def test_every_misconception_of_the_exercise_is_in_the_class(made, exercise):
    named = {each.expect.misconception for each in made if isinstance(each.expect, Named)}
    assert named == set(exercise.misconceptions)


@pytest.mark.parametrize("number", [6, 12, 24, 30])
def test_a_smaller_class_has_something_of_every_group(made, number):
    chosen = choose(made, number)
    assert len(chosen) == number
    assert {each.group for each in chosen} == GROUPS
    assert chosen == choose(made, number)


def test_a_class_that_is_small_enough_is_taken_whole(made):
    assert choose(made, len(made)) == made


def test_the_demo_shows_exercises_of_the_course():
    assert set(COURSE.exercises) >= set(SHOWN)


@pytest.mark.parametrize(
    ("named", "every", "wanted"),
    [
        ((), False, list(SHOWN)),
        ((), True, list(COURSE.exercises)),
        (["02_gates"], True, ["02_gates"]),
    ],
)
def test_the_exercises_of_a_demo_stand_in_order_with_a_first(named, every, wanted):
    chosen = exercises_of(named, COURSE, every=every)
    assert chosen[0] == wanted[0]
    assert list(chosen) == wanted


def test_both_forms_of_a_submission_are_common(made):
    names = [name for each in made for name in each.files]
    assert sum(name.endswith(".ipynb") for name in names) >= 15
    assert sum(name.endswith(".py") for name in names) >= 30


def test_no_submission_carries_a_solution_marker(made):
    for each in made:
        assert not any(b"BEGIN SOLUTION\n" in content for content in each.files.values())


def test_every_attack_is_python_and_is_named_once():
    names = [attack.name for attack in ATTACKS]
    assert len(set(names)) == len(names)
    for attack in ATTACKS:
        body = "".join(f"    {line}\n" for line in attack.code.strip("\n").splitlines())
        ast.parse(f"def body():\n{body}" if attack.way in ("last", "every") else attack.code)


def test_what_kills_is_inert_outside_a_namespace_of_its_own():
    for attack in ATTACKS:
        if "os.kill" in attack.code:
            top = ast.parse(attack.code).body
            guards = [node for node in top if not isinstance(node, ast.Import)]
            assert [ast.unparse(guard.test) for guard in guards] == ["os.getpid() == 1"]


def test_a_class_lies_as_nbgrader_lays_it_out(tmp_path):
    made = Made("李雷", "right", "", {"neuron.py": b"x = 1\n"}, Full())
    write_class(tmp_path, "01_neuron", [made])
    assert (tmp_path / "李雷" / "01_neuron" / "neuron.py").read_bytes() == b"x = 1\n"


def test_a_script_is_cut_into_cells_without_losing_a_line():
    script = (
        "import numpy as np\nK = 3\n\n\n@f\ndef a(x):\n    return x\n\n\ndef b(x):\n    return 2\n"
    )
    cells = chunks(script)
    assert [cell.split("(")[0] for cell in cells] == [
        "import numpy as np\nK = 3",
        "@f\ndef a",
        "def b",
    ]
    assert ast.dump(ast.parse("\n".join(cells))) == ast.dump(ast.parse(script))


def test_a_function_is_replaced_with_its_decorators():
    source = "x = 1\n@f\ndef a():\n    return 1\ny = 2\n"
    assert replace_functions(source, {"a": "def a(): pass\n"}) == "x = 1\ndef a(): pass\ny = 2\n"


# ---- holding results to expectations ----


def result(learner, points, *, kind="", diagnosis=""):
    named = Diagnosis(diagnosis, misconception=True) if diagnosis else None
    check = CheckResult(
        "test_it",
        "f",
        False,
        Verdict.FAILED,
        10,
        evidence=Evidence(kind) if kind else None,
        diagnosis=named,
    )
    return Result("01_neuron", learner, "neuron.py", Score(10, points), checks=(check,))


def failures(expect, graded, group="right"):
    made = Made("ada", group, "a test", {}, expect)
    claims = claims_about([made], {graded.learner: graded} if graded else {})
    return [failure for claim in claims for failure in claim.failures]


@pytest.mark.parametrize(
    ("expect", "graded"),
    [
        (Full(), result("ada", 10)),
        (Full("raised"), result("ada", 10, kind="raised")),
        (Points(4, "stopped"), result("ada", 4, kind="stopped")),
        (Named("A1.1"), result("ada", 6, diagnosis="A1.1")),
    ],
)
def test_a_result_as_expected_is_no_failure(expect, graded):
    assert failures(expect, graded) == []


@pytest.mark.parametrize(
    ("expect", "graded"),
    [
        (Full(), result("ada", 9)),
        (Full(), result("ada", None)),
        (Full("raised"), result("ada", 10)),
        (Points(4), result("ada", 5)),
        (Points(4, "stopped"), result("ada", 4, kind="raised")),
        (Named("A1.1"), result("ada", 10, diagnosis="A1.1")),
        (Named("A1.1"), result("ada", 6, diagnosis="A1.2")),
        (Named("A1.1"), result("ada", 6)),
        (Full(), None),
        (Full(), result("eve", 10)),
    ],
)
def test_a_result_that_departs_is_a_failure(expect, graded):
    assert failures(expect, graded)


def test_a_claim_that_was_never_tried_does_not_hold():
    claims = claims_about([], {})
    assert not any(claim.holds for claim in claims)


def test_what_is_to_be_unreadable_is_just_what_cannot_be_read(made, exercise):
    for each in made:
        ((name, content), *_) = each.files.items()
        kind = getattr(each.expect, "kind", "")
        try:
            read_program(Submission(each.learner, name, content, name), exercise.module)
            found = ""
        except SubmissionError as error:
            found = error.key
        assert found == (kind if kind.startswith("submission.") else ""), each.learner
