import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.messages import explain
from autograder.model import (
    CheckResult,
    Diagnosis,
    Evidence,
    Result,
    Score,
    SourceLine,
    Verdict,
    for_learner,
)

SECRET = "s3cr3t-0.73105"
KINDS = st.sampled_from(["differs", "raised", "shape", "missing", "misspelt", "statement", "nan"])
FACT_NAMES = st.sampled_from(
    # Not "says": that is a key of the author's, and the sentence behind it is meant to be read.
    ["exception", "message", "name", "similar", "got_shape", "item", "error", "reason"]
)
PLANTED = st.sampled_from([SECRET, f"x{SECRET}", f"\x1b[1m{SECRET}"])
LINE = st.builds(SourceLine, st.just("tiny.py"), st.just(3), st.just("return z"), function=PLANTED)
EVIDENCE = st.builds(
    Evidence,
    KINDS,
    call=PLANTED,
    got=PLANTED,
    wanted=PLANTED,
    got_there=PLANTED,
    wanted_there=PLANTED,
    index=st.just((731, 5)),
    difference=st.just(0.73105),
    lines=st.lists(LINE, max_size=2).map(tuple),
    facts=st.dictionaries(FACT_NAMES, PLANTED),
)
DIAGNOSIS = st.builds(
    Diagnosis, st.just("factor"), facts=st.dictionaries(FACT_NAMES, PLANTED, min_size=1)
)
HIDDEN = st.builds(
    CheckResult,
    name=PLANTED,
    task=st.just("double"),
    hidden=st.just(True),
    verdict=st.sampled_from(Verdict),
    worth=st.just(2.0),
    evidence=st.none() | EVIDENCE,
    diagnosis=st.none() | DIAGNOSIS,
)


def result_of(*checks, problem=None):
    return Result("01_tiny", "ann", "tiny.py", Score(6.0, 0.0), checks, problem)


@given(st.lists(HIDDEN, min_size=1, max_size=3))
def test_no_secret_of_a_hidden_check_survives_in_the_json(checks):
    text = msgspec.json.encode(for_learner(result_of(*checks))).decode()
    assert "s3cr3t" not in text
    assert "0.73105" not in text
    assert "731" not in text


@given(HIDDEN, st.sampled_from(["en", "zh"]))
def test_what_is_left_of_a_hidden_check_still_reads_without_gaps(check, language):
    words = explain(for_learner(result_of(check)).checks[0], language, lambda _kind, _key: None)
    texts = [words.headline, *words.details, words.advice]
    assert words.headline
    assert not [text for text in texts if " ? " in text or "{" in text or "? s" in text]


def test_task_verdict_points_and_kind_stay():
    evidence = Evidence("stopped", facts={"limit": "wall", "amount": 2.0})
    check = CheckResult("test_x", "double", True, Verdict.ERROR, 2.0, evidence=evidence)
    kept = for_learner(result_of(check)).checks[0]
    assert (kept.task, kept.verdict, kept.worth) == ("double", Verdict.ERROR, 2.0)
    assert kept.evidence == evidence


CHOSEN = st.builds(
    Evidence,
    st.just("raised"),
    lines=st.lists(st.builds(SourceLine, st.just("a.py"), st.integers(1, 99)), max_size=5).map(
        tuple
    ),
    printed=st.text(),
    facts=st.fixed_dictionaries(
        {
            "exception": st.sampled_from(["ValueError", "KeyError", "OSError", "TypeError"]),
            "message": st.text(),
            "category": st.sampled_from(["RuntimeWarning", "UserWarning"]),
            "what": st.sampled_from(["overflow", "underflow"]),
        }
    ),
)


@given(CHOSEN, st.floats(0, 2))
def test_nothing_that_a_program_chooses_by_what_it_was_given_is_told(evidence, seconds):
    check = CheckResult("c", "double", True, Verdict.ERROR, 2.0, evidence=evidence, seconds=seconds)
    kept = for_learner(result_of(check)).checks[0]
    plain = CheckResult("hidden 1", "double", True, Verdict.ERROR, 2.0, evidence=Evidence("raised"))
    assert kept == plain


WARNING = {"category": "RuntimeWarning", "message": SECRET, "what": "overflow"}


def told_of_warning(language="en", **facts):
    evidence = Evidence("warning", lines=(SourceLine("a.py", 731),), facts=WARNING | facts)
    check = CheckResult("test_x", "double", True, Verdict.FAILED, 2.0, evidence=evidence)
    kept = for_learner(result_of(check)).checks[0]
    words = explain(kept, language, lambda _kind, _key: None)
    assert not words.values + words.details
    return words.headline


def test_a_hidden_warning_tells_its_kind_and_the_function():
    said = "Python warned while double ran: RuntimeWarning (overflow)."
    assert told_of_warning(function="double") == said
    assert "double" in (chinese := told_of_warning("zh", function="double"))
    assert "overflow" in chinese


def test_a_hidden_warning_that_is_none_of_numpys_tells_its_category():
    said = "Python warned while double ran: DeprecationWarning."
    assert told_of_warning(category="DeprecationWarning", what=SECRET, function="double") == said


NAMES = st.sampled_from(["f_0_73105", "x=0.73105", "731", "overflow 731", "Overflow731"])


@given(category=NAMES | st.just("RuntimeWarning"), what=NAMES, function=NAMES)
def test_no_name_that_a_program_gives_a_hidden_warning_is_told(category, what, function):
    assert "731" not in told_of_warning(category=category, what=what, function=function)


def test_a_check_that_failed_with_unseen_inputs_keeps_its_name_alone():
    evidence = Evidence("differs", "double(0.73)", got=SECRET, wanted=SECRET)
    check = CheckResult("c", "double", False, Verdict.FAILED, 2.0, evidence=evidence, unseen=True)
    kept = for_learner(result_of(check)).checks[0]
    assert (kept.name, kept.evidence) == ("c", Evidence("differs"))


def test_an_exception_that_the_learner_named_after_the_input_is_not_named():
    evidence = Evidence("raised", facts={"exception": "E_0_73105"})
    check = CheckResult("test_x", "double", True, Verdict.ERROR, 2.0, evidence=evidence)
    assert for_learner(result_of(check)).checks[0].evidence == Evidence("raised")


def test_an_authors_sentence_stays_unless_it_would_tell_a_fact():
    evidence = Evidence("statement", facts={"says": "m", "sum": SECRET})
    check = CheckResult("test_x", "double", True, Verdict.FAILED, 2.0, evidence=evidence)
    kept = for_learner(result_of(check)).checks[0]
    own = {"plain": "It is below 0.", "telling": "It is {sum}."}
    assert explain(kept, "en", lambda _kind, _key: own["plain"]).headline == own["plain"]
    told = explain(kept, "en", lambda _kind, _key: own["telling"]).headline
    assert told == "The value is not the expected one."


def test_a_misconception_stays_by_name_alone():
    diagnosis = Diagnosis("T1", True, {"seen": SECRET})
    check = CheckResult("c", "double", True, Verdict.FAILED, 2.0, diagnosis=diagnosis)
    assert for_learner(result_of(check)).checks[0].diagnosis == Diagnosis("T1", True)


def test_hidden_checks_are_numbered_by_task():
    tasks = ["double", "total", "double"]
    checks = [CheckResult("n", task, True, Verdict.PASSED, 1.0) for task in tasks]
    names = [check.name for check in for_learner(result_of(*checks)).checks]
    assert names == ["hidden 1", "hidden 1", "hidden 2"]


def test_a_public_check_is_left_as_it_is():
    check = CheckResult("c", "t", False, Verdict.FAILED, 1.0, evidence=Evidence("differs", "f(1)"))
    assert for_learner(result_of(check)) == result_of(check)


def test_the_text_of_a_fault_is_for_the_instructor():
    problem = Evidence("fault", facts={"error": f"KeyError: {SECRET}"})
    assert for_learner(result_of(problem=problem)).problem == Evidence("fault")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "kind",
    ["shape", "dtype", "type", "length", "key", "further_key", "nan", "none", "none_inside"],
)
def test_what_is_wrong_in_a_hidden_check_is_said_by_kind_and_without_its_numbers(kind, language):
    facts = {"got_shape": SECRET, "wanted_shape": SECRET, "key": SECRET, "got_type": SECRET}
    evidence = Evidence(kind, "double(1)", SECRET, SECRET, index=(731,), facts=facts)
    check = CheckResult("c", "double", True, Verdict.FAILED, 2.0, evidence=evidence)
    kept = for_learner(result_of(check)).checks[0]
    words = explain(kept, language, lambda _kind, _key: None)
    value = CheckResult("c", "t", True, Verdict.FAILED, 2.0, evidence=Evidence("differs"))
    assert words.headline != explain(value, language, lambda _kind, _key: None).headline
    assert SECRET not in str(words)


@pytest.mark.parametrize("kind", ["submission.not_json", "submission.conflict"])
def test_why_a_file_could_not_be_read_stays(kind):
    problem = Evidence(kind, facts={"line": 3, "label": "tiny.py"})
    assert for_learner(result_of(problem=problem)).problem == problem
