import json

import pytest

from autograder.errors import GradeFlowError
from autograder.export.gradescope import results_for_gradescope
from autograder.model import to_json

WRONG = """
    def double(z):
        return z**2

    def total(z):
        return float(z.sum())
"""
SECRET_CHECK = """
    from autograder.checks import agree, task

    @task("double", points=2)
    def test_double_knows_a_secret(student, reference, rng):
        agree(student.double(0.731059), reference.double(0.731059))
"""


@pytest.fixture
def written(tiny_exercise, grade):
    exercise = tiny_exercise(hidden=SECRET_CHECK)
    (result,) = grade(exercise, WRONG)
    return json.loads(to_json(results_for_gradescope(result, exercise, "en")))


def test_each_check_is_a_test_with_points_and_the_total_is_their_sum(written):
    points = [(test["score"], test["max_score"]) for test in written["tests"]]
    assert written["score"] == sum(score for score, _ in points) == 2.0
    assert sum(most for _, most in points) == 6.0
    assert [test["status"] for test in written["tests"]] == ["failed", "failed", "passed"]


def test_a_hidden_check_is_not_shown_before_publishing_and_tells_nothing_then(written):
    (hidden,) = [test for test in written["tests"] if "Hidden" in test["name"]]
    assert hidden["visibility"] == "after_published"
    assert "0.731" not in json.dumps(written)
    assert "secret" not in json.dumps(written)


def test_a_public_check_says_what_is_wrong_and_what_it_looks_like(written):
    first = written["tests"][0]
    assert first["visibility"] == "visible"
    assert "You squared instead of doubling." in first["output"]


def test_gradescope_is_told_to_render_nothing(written):
    formats = {key: value for key, value in written.items() if key.endswith("_format")}
    assert set(formats.values()) == {"text"}
    assert len(formats) == 3
    assert written["stdout_visibility"] == "hidden"


def test_a_withheld_score_makes_no_results_at_all(tiny_exercise, grade):
    broken = """
        from autograder.checks import task

        @task("double", points=4)
        def test_double(student, reference):
            raise RuntimeError("ours")
    """
    exercise = tiny_exercise(public=broken, hidden="")
    (result,) = grade(exercise, WRONG)
    with pytest.raises(GradeFlowError, match="is withheld, which is our fault"):
        results_for_gradescope(result, exercise, "en")
