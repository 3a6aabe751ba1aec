"""Fresh examples: a hidden check that failed shows one of other inputs, nothing of its own."""

from dataclasses import replace

import pytest

from autograder.catalogue import find_course
from autograder.messages import explain
from autograder.model import Verdict, for_learner, to_json
from autograder.nbgrader.words import comment_on, html_of_task
from autograder.plugin.bench import open_bench
from autograder.report.learner import learner_page

HEAD = """
import numpy as np
from autograder.checks import agree, expect, task
"""
RIGHT = """
def double(z):
    return 2 * z
def total(z):
    return float(sum(z))
"""
DRAWN = """
@task("double", points=3)
def test_secret(student, reference, rng):
    z = rng.normal(size=3)
    agree(student.double(z), reference.double(z))
"""
CONSTANT = """
@task("double", points=3)
def test_secret(student, reference):
    z = np.array([0.731, -0.25, 4.125])
    agree(student.double(z), reference.double(z))
"""
MIXED = """
@task("double", points=3)
def test_secret(student, reference, rng):
    fixed = np.array([0.731, -0.25, 4.125])
    agree(student.double(rng.normal(size=2)) * 0, np.zeros(2))
    agree(student.double(fixed), reference.double(fixed))
"""
WRONG = "def double(z):\n    return z + 1\ndef total(z):\n    return float(sum(z))\n"


@pytest.fixture
def graded(tiny_exercise, grade, make_entry):
    """Grade a program with one hidden check, and return that check as a learner sees it."""

    def run(hidden, source, *, examples=True, salt="salt", public=None, right=None, name="01_tiny"):
        exercise = tiny_exercise(name, hidden=HEAD + hidden, public=public, source=right)
        entry = make_entry(source, examples=examples, unseen=True)
        (result,) = grade(exercise, entry, salt=salt)
        shown = for_learner(result)
        return next(check for check in shown.checks if check.hidden), exercise, shown

    return run


def test_a_failed_hidden_check_shows_a_fresh_call_with_what_came_and_what_was_wanted(graded):
    check, exercise, _ = graded(DRAWN, WRONG)
    drawn = open_bench(exercise, "\nexample").reseeded(1).rng("test_secret", hidden=True)
    z = drawn.normal(size=3)
    assert check.verdict is Verdict.FAILED
    assert check.evidence.call == ""
    assert check.example.call.startswith("double(array([")
    assert f"{z[0]:.6f}"[:6] in check.example.call
    assert f"{z[0] + 1:.6f}"[:6] in check.example.got
    assert f"{2 * z[0]:.6f}"[:6] in check.example.wanted


@pytest.mark.parametrize("salt", ["salt", "", "change-me"])
def test_no_number_drawn_under_the_salt_appears(graded, salt):
    check, exercise, shown = graded(DRAWN, WRONG, salt=salt)
    z = open_bench(exercise, salt).rng("test_secret", hidden=True).normal(size=3)
    text = to_json(shown).decode()
    assert check.example is not None
    for number in (*z, *(z + 1), *(2 * z)):
        assert f"{number:.6f}"[:-2] not in text


@pytest.mark.parametrize("hidden", [CONSTANT, MIXED])
def test_a_call_with_constant_inputs_is_never_an_example(graded, hidden):
    check, _, shown = graded(hidden, WRONG)
    assert check.verdict is Verdict.FAILED
    assert check.example is None
    assert "0.731" not in to_json(shown).decode()


def test_a_program_cannot_carry_a_constant_of_the_check_into_its_example(graded):
    hidden = """
@task("double", points=3)
def test_secret(student, reference, rng):
    student.double(np.array([0.731, -0.25, 4.125]))
    z = rng.normal(size=3)
    agree(student.double(z), reference.double(z))
"""
    thief = """
seen = []
def double(z):
    seen.append(z)
    print(seen[0])
    return seen[0] + 1
def total(z):
    return float(sum(z))
"""
    _, _, shown = graded(hidden, thief)
    assert "0.731" not in to_json(shown).decode()


def test_what_is_answered_otherwise_the_next_time_is_no_example(graded):
    counts = """
seen = []
def double(z):
    seen.append(z)
    return 2 * z + len(seen)
def total(z):
    return float(sum(z))
"""
    check, _, _ = graded(DRAWN, counts)
    assert check.verdict is Verdict.FAILED
    assert check.example is None


def test_a_program_cannot_choose_the_inputs_of_its_example(graded):
    hidden = """
@task("double", points=3)
def test_secret(student, reference, rng):
    student.double(np.array([0.731, -0.25, 4.125]))
    made = student.double(rng.normal(size=3))
    agree(student.double(made), reference.double(made))
"""
    thief = """
seen = []
def double(z):
    seen.append(z)
    return seen[0] + len(seen)
def total(z):
    return float(sum(z))
"""
    check, _, shown = graded(hidden, thief)
    assert check.example is None
    assert "0.731" not in to_json(shown).decode()


def test_an_exception_is_an_example_with_the_line_that_raised_it(graded):
    check, _, _ = graded(DRAWN, "def double(z):\n    return z[7]\n")
    assert check.example.kind == "raised"
    assert check.example.lines[0].text == "return z[7]"


def test_a_statement_of_the_check_has_no_example_since_it_may_tell_what_it_likes(graded):
    hidden = """
@task("double", points=3)
def test_secret(student, reference, rng):
    expect(student.double(rng.normal(size=3)).sum() > 99, "too_small")
"""
    check, _, _ = graded(hidden, WRONG)
    assert check.example is None


def test_a_public_check_that_failed_with_unseen_inputs_shows_an_example(graded, tiny_exercise):
    public = HEAD + DRAWN.replace("test_secret", "test_public")
    bench = open_bench(tiny_exercise(public=public), "salt")
    known = bench.rng("test_public", hidden=False).normal(size=3)
    source = f"def double(z):\n    return 2 * z if abs(z[0] - {float(known[0])!r}) < 1e-9 else z\n"
    _, _, shown = graded(DRAWN, source, public=public, name="01_tiny")
    (unseen,) = (check for check in shown.checks if check.unseen)
    drawn = replace(bench, unseen=True).rng("test_public", hidden=False).normal(size=3)
    assert unseen.evidence.call == ""
    assert unseen.example.call
    assert not any(f"{number:.6f}"[:-2] in to_json(shown).decode() for number in drawn)


def test_a_right_program_has_no_example_and_verdicts_are_the_same_without(graded):
    check, _, shown = graded(DRAWN, RIGHT)
    assert check.verdict is Verdict.PASSED
    assert all(each.example is None for each in shown.checks)


def test_without_examples_a_hidden_check_says_its_kind_alone(graded):
    check, _, _ = graded(DRAWN, WRONG, examples=False)
    assert check.evidence.kind == "differs"
    assert check.example is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_say_that_the_example_is_not_the_checks_own(graded, language):
    check, _, _ = graded(DRAWN, WRONG)
    said = explain(check, language, lambda _kind, _key: None)
    assert check.example.call in [value for _, value in said.values]
    assert {"en": "drawn anew", "zh": "重新抽取"}[language] in said.details[0]


def test_one_line_of_course_toml_turns_examples_off(tmp_path):
    text = "exercises = []\n{}\n[title]\nen = 'A'\nzh = 'A'\n"
    (tmp_path / "course.toml").write_text(text.format(""))
    assert find_course(tmp_path).examples is True
    (tmp_path / "course.toml").write_text(text.format("examples = false"))
    assert find_course(tmp_path).examples is False


def test_a_constant_array_is_shown_only_if_a_public_check_shows_it_too(graded):
    fixed = "np.array([[0.0, 1.0], [1.0, 0.5]])"
    hidden = f"""
@task("double", points=3)
def test_secret(student, reference, rng):
    z = [{fixed}, rng.normal(size=2)]
    agree(student.total(z), reference.total(z))
"""
    told = f"""
@task("total", points=1)
def test_known(student, reference):
    agree(student.total([{fixed}, 1.0]), reference.total([{fixed}, 1.0]))
"""
    source = "def total(z):\n    return [each + 1 for each in z]\n"
    right = "def total(z):\n    return list(z)\ndef double(z):\n    return 2 * z\n"
    kept, _, _ = graded(hidden, source, public=HEAD, right=right)
    shown, _, _ = graded(hidden, source, public=HEAD + told, right=right, name="02_tiny")
    assert kept.example is None
    assert shown.example is not None


def test_a_constant_list_of_the_check_is_as_secret_as_an_array(graded):
    hidden = """
@task("double", points=3)
def test_secret(student, reference, rng):
    z = [[0.25, 1.75], rng.normal(size=2)]
    agree(student.total(z), reference.total(z))
"""
    source = "def total(z):\n    return [z[1] + 1]\n"
    right = "def total(z):\n    return [z[1]]\ndef double(z):\n    return 2 * z\n"
    kept, _, _ = graded(hidden, source, public=HEAD, right=right)
    assert kept.example is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_page_cell_and_comment_show_the_example(graded, language):
    check, exercise, shown = graded(DRAWN, WRONG, public=HEAD)
    task = exercise.tasks[0]
    cell = html_of_task(task, shown, exercise, language, 0.0)
    comment = comment_on(task, shown, exercise, language)
    number = check.example.got[7:13]
    assert number in learner_page(shown, exercise, language)
    assert number in cell
    assert number in comment
