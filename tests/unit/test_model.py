import json
import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograder.model
from autograder.model import CheckResult, Diagnosis, Evidence, Result, Score, SourceLine, Verdict
from autograder.model import schema as published_schema

FACTS = st.dictionaries(
    st.text(max_size=5), st.one_of(st.text(max_size=8), st.integers(-(2**53), 2**53), st.floats())
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
LINES = st.builds(SourceLine, st.text(max_size=5), st.integers(1, 99), st.text(max_size=5))
EVIDENCE = st.builds(
    Evidence,
    kind=st.text(max_size=8),
    call=st.text(max_size=8),
    index=st.none() | st.lists(st.integers(0, 9), max_size=3).map(tuple),
    difference=st.none() | NUMBERS,
    lines=st.lists(LINES, max_size=2).map(tuple),
    facts=FACTS,
)
CHECKS = st.builds(
    CheckResult,
    name=st.text(max_size=8),
    task=st.text(max_size=8),
    hidden=st.booleans(),
    verdict=st.sampled_from(Verdict),
    worth=NUMBERS,
    points=NUMBERS,
    evidence=st.none() | EVIDENCE,
    diagnosis=st.none() | st.builds(Diagnosis, st.text(max_size=5), st.booleans(), FACTS),
)
RESULTS = st.builds(
    Result,
    exercise=st.text(max_size=8),
    learner=st.text(max_size=8),
    file=st.text(max_size=8),
    score=st.builds(Score, NUMBERS, st.none() | NUMBERS),
    checks=st.lists(CHECKS, max_size=3).map(tuple),
    problem=st.none() | EVIDENCE,
)


@given(RESULTS)
def test_every_result_comes_back_from_json_as_it_was(result):
    assert msgspec.json.decode(msgspec.json.encode(result), type=Result) == result


@pytest.mark.parametrize(
    ("given_fact", "kept"),
    [
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(True), "True"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (2, 2),
        ("text", "text"),
    ],
)
def test_facts_become_what_json_can_hold(given_fact, kept):
    found = Evidence("statement", facts={"f": given_fact}).facts["f"]
    assert found == kept
    assert type(found) is type(kept)


def test_results_cannot_be_changed():
    with pytest.raises(AttributeError):
        Evidence("none").kind = "differs"


def test_a_field_that_the_schema_does_not_know_is_refused():
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"name": "A1", "points": 100}', type=Diagnosis)


def test_the_published_schema_is_the_models():
    path = Path(autograder.model.__file__).parents[2] / "docs" / "result.schema.json"
    text = json.dumps(published_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert path.read_text(encoding="utf-8") == text


def test_misconceptions_are_listed_once_in_order():
    def check(name, misconception):
        diagnosis = Diagnosis(name, misconception)
        return CheckResult("c", "t", False, Verdict.FAILED, 1, diagnosis=diagnosis)

    checks = (check("B", True), check("sign", False), check("A", True), check("B", True))
    assert Result("e", "l", "f", Score(1), checks).diagnoses == ("B", "A")
