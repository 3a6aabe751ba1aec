"""What the reports on a class and on a course say."""

import re

import msgspec
import numpy as np
import pytest
from test_pages import Reader, check, result

from autograder.export.totals import totals_of
from autograder.grading.journal import Graded, Handed
from autograder.model import BY_HEART, CheckResult, Diagnosis, Evidence, Person, Verdict
from autograder.report.class_page import Extras, class_page
from autograder.report.course_page import Part, course_page
from autograder.report.gathering import gather
from autograder.report.history import days_of, history_of
from autograder.report.items import check_rows


@pytest.fixture
def exercise(tiny_exercise):
    return tiny_exercise()


RIGHT = (check(Verdict.PASSED), check(Verdict.PASSED, task="total"))
NAMED = check(diagnosis=Diagnosis("T1", True), evidence=Evidence("differs"))


def small_class():
    return [
        result(NAMED, RIGHT[1], points=2.0, learner="ann"),
        result(*RIGHT, points=6.0, learner="bob"),
        result(points=None, learner="cem", problem=Evidence("fault", facts={"error": "a disk"})),
        result(points=0.0, learner="dan", problem=Evidence("submission.empty")),
    ]


def text_of(page):
    return " ".join(Reader(page).text.split())


def report_on(exercise, results, extras=None, **options):
    return text_of(class_page(gather(exercise, results), exercise, "en", extras, **options))


def test_points_tasks_and_misunderstandings_of_a_class_are_told(exercise):
    text = report_on(exercise, small_class())
    assert "submissions 4 mean of 6 2.7 median 2 middle half 1–4 full marks 1 withheld 1" in text
    assert "double Twice as much 1 / 3 17 %" in text
    assert "T1 1 You squared instead of doubling. ann" in text
    assert "No score for 1: our fault. cem" in text
    assert "Unreadable: 1. dan" in text


def test_the_report_speaks_chinese(exercise):
    page = class_page(gather(exercise, small_class()), exercise, "zh")
    assert 'lang="zh"' in page
    assert "先看这里" in text_of(page)
    assert "Look at" not in text_of(page)


def test_an_anonymous_report_names_nobody_and_no_hidden_check(exercise):
    hidden = CheckResult("test_double_of_a_secret", "double", True, Verdict.FAILED, 2.0)
    results = [*small_class(), result(NAMED, hidden, points=0.0, learner="eve")]
    text = report_on(exercise, results, anonymous=True)
    assert not {"ann", "bob", "cem", "dan", "eve"} & set(re.findall(r"\w+", text))
    assert "secret" not in text
    assert "T1 2 You squared" in text
    assert "double of a secret" in report_on(exercise, results)


def test_who_knows_answers_by_heart_is_told_to_the_instructor_alone(exercise):
    learnt = msgspec.structs.replace(
        result(*RIGHT, points=6.0, learner="eve"), notes=(Diagnosis(BY_HEART),)
    )
    results = [*small_class(), learnt]
    assert "by heart" in report_on(exercise, results)
    assert "by heart" not in report_on(exercise, results, anonymous=True)


def test_a_learner_on_the_roster_who_handed_in_nothing_is_counted_apart(exercise):
    gathered = gather(exercise, small_class(), missing=[Person("eve", "Eve Lee")])
    text = text_of(class_page(gathered, exercise, "en"))
    assert "submissions 4" in text
    assert "not handed in 1" in text
    assert "eve Eve Lee" in text


def test_a_learner_s_page_is_linked_where_it_is_there(exercise):
    links = {"ann": "./../feedback/ann.html"}
    page = Reader(class_page(gather(exercise, small_class()), exercise, "en", Extras(pages=links)))
    assert {link["href"] for link in page.attributes("a")} == {"./../feedback/ann.html"}


def many(count, passes):
    """Return results of many learners; passes says for each which of two checks they pass."""
    for number in range(count):
        first, second = passes(number)
        checks = (
            check(Verdict.PASSED if first else Verdict.FAILED),
            check(Verdict.PASSED if second else Verdict.FAILED, task="total"),
            CheckResult("test_total_rest", "total", True, Verdict.PASSED, 9.0, float(number % 10)),
        )
        yield result(*checks, points=1.0, learner=f"l{number:03}")


def remarks(exercise, results):
    rows = check_rows(gather(exercise, results), exercise, "en", shown=False)
    return {(row.task, row.hidden): row.remark for row in rows}


def test_a_check_that_nobody_fails_and_one_that_the_good_fail_are_remarked_on(exercise):
    found = remarks(exercise, many(60, lambda n: (True, n % 10 < 3)))
    assert found["double", False] == "nobody_fails"
    assert found["total", False] == "suspect"


def test_of_a_small_class_no_check_is_judged_by_its_numbers(exercise):
    assert set(remarks(exercise, many(19, lambda n: (True, n % 10 < 3))).values()) == {""}


def test_who_has_written_nothing_and_who_is_withheld_do_not_count_in_item_analysis(exercise):
    todo = [check(Verdict.SKIPPED), check(Verdict.SKIPPED, task="total")]
    results = [result(*RIGHT), result(*todo), result(*RIGHT, points=None)]
    scores = gather(exercise, results).scores
    assert scores.tolist() == [[2.0, 2.0]]


def test_checks_of_an_earlier_state_of_the_exercise_are_told_and_mixed_with_nothing(exercise):
    old = msgspec.structs.replace(result(RIGHT[0], learner="old"), content="before")
    new = [msgspec.structs.replace(result(*RIGHT, learner=n), content="now") for n in "abc"]
    gathered = gather(exercise, [old, *new])
    assert gathered.older == 1
    assert len(gathered.scores) == 3
    assert "Results of an earlier state of the exercise: 1." in text_of(
        class_page(gathered, exercise, "en")
    )


def test_gathering_reads_each_result_once_and_keeps_no_evidence(exercise):
    heavy = Evidence("differs", call="x" * 10_000, got="y" * 10_000)
    gathered = gather(exercise, iter([result(check(evidence=heavy), learner="ann")]))
    assert all(each.evidence is None for each in gathered.checks)
    assert "xxx" not in repr(gathered)


def graded(learner, run, points, sha="1", content="c", **tasks):
    return Graded(learner, run, run, sha, content, points, 6.0, tasks)


def test_what_has_changed_since_the_last_grading_says_why():
    history = history_of(
        [
            graded("ann", "2026-11-01", 2.0, double=2.0),
            graded("bob", "2026-11-01", 4.0, double=4.0),
            graded("cem", "2026-11-01", 4.0, double=4.0),
            graded("ann", "2026-11-08", 6.0, sha="2", double=6.0),
            graded("bob", "2026-11-08", 3.0, content="d", double=3.0),
            graded("dan", "2026-11-08", None),
        ]
    )
    assert (history.last, history.graded, history.anew) == ("2026-11-08", 3, 1)
    ann, bob = history.changes
    assert (ann.before, ann.now, ann.file, ann.exercise, ann.tasks) == (
        2,
        6,
        True,
        False,
        ("double",),
    )
    assert (bob.file, bob.exercise) == (False, True)


def test_an_attempt_is_another_file_and_not_another_grading():
    same = [graded("ann", str(n), float(n)) for n in range(3)]
    assert history_of(same).attempts == ()
    first, second = history_of([*same, graded("ann", "9", 6.0, sha="2")]).attempts
    assert (first.learners, first.mean, second.mean) == (1, 2.0, 6.0)


def test_days_without_a_submission_are_days_too():
    handed = [
        Handed(n, "", (), "", "", f"2026-11-{d:02}T10:00:00") for n, d in (("a", 1), ("b", 3))
    ]
    assert days_of(handed) == [("11-01", 1), ("11-02", 0), ("11-03", 1)]
    assert days_of(handed[:1]) == ()
    assert days_of([*handed, Handed("c", "", (), "", "", "1026-01-01")]) == ()


def test_a_course_shows_which_misunderstanding_follows_whom(exercise):
    def of(name):
        results = [
            result(*((NAMED, RIGHT[1]) if n < 8 else RIGHT), points=2.0, learner=f"l{n:02}")
            for n in range(40)
        ]
        own = msgspec.structs.replace(exercise, name=name)
        return Part(own, gather(own, results))

    parts = [of("01_tiny"), of("02_tiny")]
    totals = totals_of([part.gathered.table for part in parts], {})
    text = text_of(course_page("A course", parts, [], ["03_none"], "en"))
    assert totals.rows[0].percent is not None
    assert "T1 8 8 You squared" in text
    assert re.search(r"T1 T1 8 8, 8 / 40 \de-", text)
    assert "No results yet: 03_none" in text


def test_sixteen_tasks_stand_beside_each_other_and_none_is_cut_off(exercise):
    names = [f"a_task_with_a_long_name_{n}" for n in range(16)]
    tasks = tuple(msgspec.structs.replace(exercise.tasks[0], name=name) for name in names)
    own = msgspec.structs.replace(exercise, tasks=tasks)
    checks = [check(Verdict.PASSED, task=name) for name in names]
    page = class_page(gather(own, [result(*checks, points=32.0, learner="ann")]), own, "en")
    assert page.count('<th class="cell">') == page.count('<td class="c passed">') == 16
    assert all(f"<span>{name} (4)</span>" in page for name in names)


def test_points_of_a_class_without_any_score_have_no_histogram(exercise):
    text = report_on(exercise, [result(points=None, problem=Evidence("fault"))])
    assert "Each bar counts" not in text


def test_a_matrix_of_no_checks_is_a_matrix(exercise):
    gathered = gather(exercise, [])
    assert gathered.scores.shape == (0, 0)
    assert isinstance(gathered.scores, np.ndarray)
    assert "Nothing stands out." in text_of(class_page(gathered, exercise, "en"))
