"""A regrade of the same file by the same checks never lowers a score."""

import msgspec
import pytest

from autograder.grading.classroom import never_lower
from autograder.model import Result, Score


def result(points, *, file="a", content="c", print_of_it="new"):
    return Result(
        "10_xor_torch",
        "ada",
        "xor.py",
        Score(100, points),
        sha256=file,
        content=content,
        fingerprint=print_of_it,
    )


def test_a_lower_regrade_leaves_the_earlier_points_and_says_so():
    kept = never_lower(result(90, print_of_it="old"), result(70))
    assert kept.score.points == 90
    assert [(note.name, note.facts) for note in kept.notes] == [
        ("note.kept_better", {"points": "70"})
    ]


def test_the_earlier_result_is_then_fresh():
    assert never_lower(result(90, print_of_it="old"), result(70)).fingerprint == "new"


def test_a_third_grading_leaves_one_remark():
    twice = never_lower(never_lower(result(90), result(70)), result(60))
    assert [note.facts for note in twice.notes] == [{"points": "60"}]


@pytest.mark.parametrize("points", [90, 95])
def test_an_equal_or_higher_regrade_counts(points):
    now = result(points)
    assert never_lower(result(90), now) is now


@pytest.mark.parametrize(
    "before", [None, result(90, file="b"), result(90, content="d"), result(None)]
)
def test_another_file_or_exercise_and_no_earlier_score_count_as_new(before):
    now = result(10)
    assert never_lower(before, now) is now


def test_results_of_before_the_content_was_stored_are_no_promise():
    now = result(10, content="")
    assert never_lower(result(90, content=""), now) is now


def test_a_fault_of_ours_takes_no_score_away_and_is_tried_again():
    withheld = msgspec.structs.replace(result(None), fingerprint="")
    kept = never_lower(result(90), withheld)
    assert (kept.score.points, kept.fingerprint) == (90, "")
