import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograder
from autograder.messages import LANGUAGES, explain, explain_evidence, has, texts, translate
from autograder.model import CheckResult, Diagnosis, Evidence, SourceLine, Verdict

ROOT = Path(autograder.__file__).parent
# Facts that explain.py itself works out from an evidence's fields.
WORKED_OUT = {"index"}


def nothing(_kind, _key):
    return None


@cache
def calls_by_name():
    """All calls in the package, with the files they stand in, by the name that is called."""
    found = defaultdict(list)
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                found[called].append((path, node))
    return found


def calls(name):
    return calls_by_name()[name]


def literals(node):
    """The texts that an argument may be: a literal, or a choice between two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    return set()


def first_literals(*names):
    return {
        text
        for name in names
        for _, node in calls(name)
        if node.args
        for text in literals(node.args[0])
    }


EVIDENCE_KINDS = first_literals("Evidence", "_unlike")
PATTERNS = first_literals("Diagnosis")
SUBMISSION_KEYS = first_literals("SubmissionError")
ERROR_KEYS = first_literals("learner_error")


def test_the_scan_finds_what_is_known_to_be_there():
    assert {"differs", "nan", "none", "stopped", "todo", "fault"} <= EVIDENCE_KINDS
    assert {"factor", "transposed", "returned_none"} <= PATTERNS
    assert "submission.empty" in SUBMISSION_KEYS
    assert {"error.no_task", "error.unreadable"} <= ERROR_KEYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_evidence_has_a_text(language):
    assert {f"evidence.{kind}" for kind in EVIDENCE_KINDS - {"stopped"}} - set(
        texts(language)
    ) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("limit", ["wall", "cpu", "memory", "output", "total"])
def test_every_limit_has_a_text(limit, language):
    assert f"evidence.stopped_{limit}" in texts(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_has_a_text(language):
    keys = {name if name.startswith("note.") else f"pattern.{name}" for name in PATTERNS}
    assert keys - set(texts(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unreadable_submission_has_a_text(language):
    assert SUBMISSION_KEYS - set(texts(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_a_learner_s_command_has_a_text(language):
    assert ERROR_KEYS - set(texts(language)) == set()


@pytest.mark.parametrize("name", ["SubmissionError", "learner_error"])
def test_an_error_names_the_facts_that_its_text_uses(name):
    for path, node in calls(name):
        for key in literals(node.args[0]) if node.args else ():
            given_facts = {keyword.arg for keyword in node.keywords}
            assert names_in(texts("en")[key]) <= given_facts, (path, key)


def test_every_text_that_the_code_asks_for_by_name_is_there():
    for path, node in calls("translate"):
        for key in literals(node.args[0]):
            assert has(key), (path, key)


def test_every_text_that_a_report_asks_for_is_there():
    templates = (ROOT / "report" / "templates").glob("*.j2")
    asked = [key for path in templates for key in re.findall(r'say\("(\w+)"', path.read_text())]
    assert len(asked) > 50
    assert all(has(f"report.{key}") for key in asked if not key.endswith("_"))


def names_in(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_all_languages_have_the_same_keys():
    assert texts("en").keys() == texts("zh").keys()


def test_a_text_names_the_same_facts_in_every_language():
    chinese = texts("zh")
    assert [
        key for key, text in texts("en").items() if names_in(text) != names_in(chinese[key])
    ] == []


def is_english(text):
    words = re.sub(r"{\w+}|[\w.]+\(.*?\)|\(.*?\)", "", text)
    if re.search(r"(?:[A-Za-z]+[ ,]+){3}[A-Za-z]+", words):
        return True
    return not re.search(r"[\u4e00-\u9fff]", text) and bool(re.search("[a-z]", words))


def test_no_english_sentence_is_left_in_the_chinese_texts():
    assert is_english("Return it, do not print it.")
    assert [key for key, text in texts("zh").items() if is_english(text)] == []


def test_no_chinese_is_left_in_the_english_texts():
    chinese = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    assert [key for key, text in texts("en").items() if chinese.search(text)] == []


@given(st.text(max_size=20))
def test_braces_in_a_fact_stay_what_they_are(fact):
    said = translate("evidence.raised", "en", exception="E", message="{exception}" + fact)
    assert said == "Your code stopped with E: {exception}" + fact


def test_a_notebook_s_cell_is_named_in_the_reader_s_language():
    facts = {"label": "cell 3", "line": 5, "text": "y = x"}
    assert translate("label.your_line", "en", **facts) == "cell 3, line 5: y = x"
    assert translate("label.your_line", "zh", **facts) == "第 3 个单元格，第 5 行：y = x"
    assert translate("label.your_line", "zh", **facts | {"label": "cell 3.py"})[:9] == "cell 3.py"


def test_a_fact_called_key_does_not_clash():
    evidence = Evidence("key", got="{}", wanted="{'b': 1}", facts={"key": "b"})
    assert explain_evidence(evidence, "en", nothing).headline == "What came back has no entry b."


def test_a_fact_of_an_own_message_cannot_name_another_fact():
    evidence = Evidence("statement", facts={"says": "m", "a": "{b}", "b": "secret"})
    words = explain_evidence(evidence, "en", lambda kind, key: f"{kind} {key}: {{a}} and {{b}}")
    assert words.headline == "message m: {b} and secret"


def test_an_own_message_that_is_not_there_is_no_crash():
    words = explain_evidence(Evidence("statement", facts={"says": "gone"}), "en", nothing)
    assert words.headline == translate("evidence.differs", "en")


NASTY = st.text(
    st.sampled_from("ab{}[]\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\u202e\u2066\ud800中"), max_size=12
)


@given(NASTY, st.sampled_from(LANGUAGES), st.sampled_from(sorted(EVIDENCE_KINDS)))
def test_nothing_that_a_learner_says_controls_a_terminal(nasty, language, kind):
    evidence = Evidence(
        kind,
        call=nasty,
        got=nasty,
        wanted=nasty,
        got_there=nasty,
        index=(1,),
        wrong=1,
        size=2,
        difference=1.0,
        lines=(SourceLine(nasty, 1, nasty, nasty),),
        facts=dict.fromkeys(("message", "exception", "name", "similar", "item", "says"), nasty),
    )
    check = CheckResult("c", "t", False, Verdict.FAILED, 1.0, evidence=evidence)
    words = explain(check, language, lambda _kind, _key: f"own {nasty} {{message}}")
    said = [words.headline, words.advice, *words.details]
    said += [text for pair in words.values for text in pair]
    for text in said:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        text.encode("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_a_full_evidence_reaches_its_text(language):
    evidence = Evidence(
        "shape", "f(x)", "a", "b", facts={"got_shape": "(2,)", "wanted_shape": "(3,)"}
    )
    words = explain_evidence(evidence, language, nothing)
    assert "(2,)" in words.headline
    assert [value for _, value in words.values] == ["f(x)", "a", "b"]


def test_a_misconceptions_hint_takes_the_place_of_general_advice():
    check = CheckResult(
        "c", "t", False, Verdict.FAILED, 1.0, 0.0, Evidence("none"), Diagnosis("T1", True)
    )
    words = explain(check, "en", lambda kind, key: f"{kind} {key}")
    assert (words.advice, words.named) == ("misconception T1", True)


def test_a_misconception_without_a_text_leaves_the_general_advice():
    check = CheckResult(
        "c", "t", False, Verdict.FAILED, 1.0, 0.0, Evidence("none"), Diagnosis("T9", True)
    )
    assert explain(check, "en", nothing).advice == translate("advice.none", "en")


def test_a_pattern_of_a_hidden_check_tells_no_numbers():
    check = CheckResult(
        "c", "t", True, Verdict.FAILED, 1, 0, Evidence("differs"), Diagnosis("factor")
    )
    assert explain(check, "en", nothing).advice == translate("pattern.factor_hidden", "en")


def test_an_unreadable_submission_is_explained_by_its_own_text():
    words = explain_evidence(Evidence("submission.not_json", facts={"line": 7}), "zh", nothing)
    assert "第 7 行" in words.headline


def test_a_kind_that_nobody_knows_still_says_something():
    words = explain_evidence(Evidence("from_a_later_version"), "en", nothing)
    assert words.headline == translate("evidence.unusable", "en")
