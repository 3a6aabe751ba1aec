"""From an audit's results to what they prove: where learners see it, and under which name."""

from textwrap import dedent

import pytest
from msgspec.structs import replace

from autograder.authoring.assess import assess, faults_of_specimen
from autograder.authoring.manifest import manifest_for_learners
from autograder.authoring.specimens import Specimen, read_specimens
from autograder.catalogue import Course
from autograder.catalogue.reading import Text
from autograder.diagnosis import read_variants
from autograder.errors import CourseError
from autograder.model import CheckResult, Diagnosis, Evidence, Result, Score, Verdict


def result_of(*, public="passed", hidden="passed", name="", misconception=True):
    """Make the result of a program with a public and a hidden check of three points each."""
    diagnosis = Diagnosis(name, misconception) if name else None
    checks = tuple(
        CheckResult(
            f"test_{place}",
            "double",
            place == "hidden",
            Verdict(verdict),
            3.0,
            3.0 if verdict == "passed" else 0.0,
            diagnosis=diagnosis if verdict != "passed" else None,
        )
        for place, verdict in (("public", public), ("hidden", hidden))
    )
    return Result("01_tiny", "x", "x.py", Score(6.0, sum(c.points for c in checks)), checks)


FINE = {"stub": result_of(public="failed", hidden="failed"), "seed 0": result_of()}


@pytest.fixture
def exercise(tiny_exercise, tiny_files):
    return tiny_exercise(source="# %%\n" + dedent(tiny_files["tiny.py"]))


@pytest.fixture
def assessed(exercise):
    """Assess the tiny exercise with one variant, T1, and whatever else was graded."""
    variants = read_variants(exercise.variants, exercise.source.read_text(encoding="utf-8"))[:1]

    def assessed(results, specimens=(), exercise=exercise):
        return assess(exercise, "", variants, {}, specimens, FINE | results, 1)

    return assessed


def test_a_variant_that_only_a_hidden_check_sees_is_not_proved(assessed):
    (found,) = assessed({"variant T1": result_of(hidden="failed", name="T1")}).variants
    assert found.lost
    assert not found.seen
    assert not found.ok


def test_a_variant_that_a_public_check_sees_is_proved(assessed):
    audit = assessed({"variant T1": result_of(public="failed", name="T1")})
    assert audit.ok


def test_a_reason_lets_hidden_checks_alone_see_a_variant(assessed, exercise):
    path = exercise.folder / "exercise.toml"
    text = path.read_text(encoding="utf-8")
    assert '[misconceptions."T1"]' in text or "[misconceptions.T1]" in text
    head = '[misconceptions."T1"]' if '[misconceptions."T1"]' in text else "[misconceptions.T1]"
    path.write_text(text.replace(head, f'{head}\nhidden_only = "by chance"'), encoding="utf-8")
    from autograder.catalogue import load_exercise

    told = load_exercise(exercise.folder)
    audit = assessed({"variant T1": result_of(hidden="failed", name="T1")}, exercise=told)
    assert audit.variants[0].ok
    assert "by chance" not in manifest_for_learners(path)


def test_a_variant_may_raise_a_name_error_only_where_that_is_what_tells_it(assessed, exercise):
    graded = result_of(public="failed", name="T1")
    raised = Evidence("raised", facts={"exception": "NameError"})
    graded = replace(graded, checks=tuple(replace(c, evidence=raised) for c in graded.checks))
    assert assessed({"variant T1": graded}).variants[0].broken
    by_text = replace(exercise.misconceptions["T1"], raises=("NameError",))
    told = replace(exercise, misconceptions={"T1": by_text})
    assert assessed({"variant T1": graded}, exercise=told).variants[0].ok


def test_a_variant_that_is_taken_for_another_misconception_is_misnamed(assessed):
    audit = assessed({"variant T1": result_of(public="failed", name="T9")})
    assert audit.misnamed == ("variant T1 is taken for T9",)


def test_a_mutant_s_name_is_false_where_another_seed_does_not_give_it(assessed):
    variant = {"variant T1": result_of(public="failed", name="T1")}
    mutant = result_of(public="failed", name="factor", misconception=False)
    twice = {"again 0 mutant m": mutant, "again 1 mutant m": mutant}
    steady = assessed(variant | {"mutant m": mutant} | twice)
    assert steady.misnamed == ()
    plain = result_of(public="failed")
    shaky = assessed(variant | {"mutant m": mutant} | twice | {"again 1 mutant m": plain})
    assert shaky.misnamed == ("mutant m is taken for factor",)


def test_a_wrong_program_without_a_public_failure_and_a_name_is_told_nothing(assessed):
    audit = assessed(
        {
            "variant T1": result_of(public="failed", name="T1"),
            "mutant seen": result_of(public="failed"),
            "mutant unseen": result_of(hidden="failed"),
        }
    )
    assert audit.silent == ("mutant unseen",)
    assert audit.silence == pytest.approx(1 / 3)
    assert not audit.ok


def specimen(tmp_path, *, right=False, loses=("double",), named=(), hidden_only=""):
    name = "right_it.py" if right else "wrong_it.py"
    return Specimen(tmp_path / name, "", right, frozenset(loses), frozenset(named), hidden_only)


def test_a_right_solution_must_lose_nothing(tmp_path):
    right = specimen(tmp_path, right=True, loses=())
    assert list(faults_of_specimen(right, result_of())) == []
    told = list(faults_of_specimen(right, result_of(hidden="failed")))
    assert told == ["is right, and loses points in test_hidden"]


def test_a_wrong_solution_must_lose_its_task_in_a_public_check(tmp_path):
    wrong = specimen(tmp_path)
    assert list(faults_of_specimen(wrong, result_of(public="failed"))) == []
    assert list(faults_of_specimen(wrong, result_of())) == [
        "is wrong, and loses no points for double",
    ]
    assert list(faults_of_specimen(wrong, result_of(hidden="failed"))) == [
        "is wrong, and passes every public check of double",
    ]
    excused = specimen(tmp_path, hidden_only="chance")
    assert list(faults_of_specimen(excused, result_of(hidden="failed"))) == []


def test_a_name_that_is_not_true_of_a_wrong_solution_is_misnamed(assessed, tmp_path):
    given = {
        "variant T1": result_of(public="failed", name="T1"),
        "specimen wrong_it.py": result_of(public="failed", name="T1"),
    }
    assert assessed(given, (specimen(tmp_path),)).misnamed == (
        "specimen wrong_it.py is taken for T1",
    )
    assert assessed(given, (specimen(tmp_path, named=("T1",)),)).misnamed == ()


def test_a_wrong_solution_says_at_its_top_what_it_is(exercise, tmp_path):
    course = Course(tmp_path, Text({"en": "t"}), (exercise.name,), "en", "")
    folder = tmp_path / "tests" / "content" / exercise.name
    folder.mkdir(parents=True)
    (folder / "right_a.py").write_text("x = 1\n")
    wrong = folder / "wrong_b.py"
    wrong.write_text("# loses: double\n# named: T1 factor\n# hidden_only: chance\nx = 1\n")
    first, second = read_specimens(course, exercise)
    assert (first.right, second.right) == (True, False)
    assert second.loses == {"double"}
    assert second.named == {"T1", "factor"}
    assert second.hidden_only == "chance"
    wrong.write_text("# loses: dobule\n")
    with pytest.raises(CourseError, match="begin it with"):
        read_specimens(course, exercise)
