import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.diagnosis import REFERENCE, AnswerBook, Known
from autograder.diagnosis.frozen import read_answers, to_json
from autograder.errors import CourseError
from autograder.wire.protocol import (
    Again,
    Call,
    Code,
    Handle,
    Name,
    Opaque,
    Raised,
    Returned,
    Seed,
    Stopped,
    Warned,
)
from autograder.wire.values import encode

DTYPES = st.sampled_from(["b1", "i1", "i4", "i8", "u1", "u8", "f2", "f4", "f8", "c8", "c16"])
KEYS = st.text(max_size=3) | st.integers(-9, 9) | st.tuples(st.integers(0, 3), st.text(max_size=2))
# A NaN crosses as the one NaN; which of its 2**52 bit patterns it had is lost.
FLOATS = st.floats(allow_nan=False) | st.just(float("nan"))


def arrays(shapes):
    return DTYPES.flatmap(
        lambda name: hnp.arrays(
            name, shapes, elements=hnp.from_dtype(np.dtype(name), allow_nan=False)
        )
    )


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | FLOATS
    | st.complex_numbers(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.builds(Name, st.just("f"))
    | st.builds(Seed, st.integers(0, 2**40))
    | st.builds(Again)
    | st.builds(Code, st.just("p"), st.just("def p(m): ..."))
    | st.builds(Opaque, st.just("generator"), st.text(max_size=3))
    | arrays(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    | arrays(()).map(lambda array: array[()])
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=6,
)


def book_of(value):
    call = Call(Name("f"), (value,), {"axis": value})
    return AnswerBook(
        (Known(call, {REFERENCE: Returned(value, {0: value})}),), {"A": frozenset("fg")}
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("frozen") / "answers.json"


@given(value=VALUES)
def test_every_value_comes_back_as_it_was(path, value):
    text = to_json(book_of(value))
    path.write_text(text, encoding="utf-8")
    book = read_answers(path)
    entry = book.entries[0]
    # Bits decide: the wire tells -0.0 from 0.0, and every dtype from the other.
    assert encode(entry.call.args[0]) == encode(value)
    assert encode(entry.outcomes[REFERENCE].value) == encode(value)
    assert encode(entry.outcomes[REFERENCE].changed) == encode({0: value})
    assert book.variants == {"A": frozenset("fg")}
    assert to_json(book) == text


OUTCOMES = {
    REFERENCE: Returned(1.0, {}, (Warned("RuntimeWarning", "gone"),)),
    "A": Raised("KeyError", "'x'"),
    "B": Stopped("wall", 2.0),
}


def test_every_outcome_that_can_be_frozen_comes_back(path):
    path.write_text(to_json(AnswerBook((Known(Call(Name("f")), OUTCOMES),), {})), encoding="utf-8")
    outcomes = read_answers(path).entries[0].outcomes
    assert outcomes[REFERENCE] == Returned(1.0, {}, (Warned("RuntimeWarning", ""),))
    assert (outcomes["A"], outcomes["B"]) == (OUTCOMES["A"], OUTCOMES["B"])


@given(value=st.sets(KEYS, max_size=3) | st.frozensets(KEYS, max_size=3))
def test_every_set_comes_back_as_it_was(path, value):
    path.write_text(to_json(book_of(value)), encoding="utf-8")
    found = read_answers(path).entries[0].call.args[0]
    assert found == value
    assert type(found) is type(value)


def test_entries_that_are_not_finite_come_back(path):
    path.write_text(to_json(book_of(np.array([np.nan, np.inf, -np.inf]))), encoding="utf-8")
    found = read_answers(path).entries[0].call.args[0]
    assert [str(each) for each in found] == ["nan", "inf", "-inf"]


def test_sets_are_written_in_the_same_order_whatever_their_order_in_memory():
    one, other = set([0, 8]), set([8, 0])  # noqa: C405 - both want the same place in the table
    assert list(one) != list(other)
    assert to_json(book_of(one)) == to_json(book_of(other))


def test_an_answer_stands_on_a_line_of_its_own():
    assert to_json(book_of(1.5)).count("\n") == 3


def test_what_cannot_be_frozen_is_refused():
    with pytest.raises(TypeError, match="a Handle cannot be frozen"):
        to_json(book_of(Handle(0, "Model")))


GOOD = json.loads(to_json(book_of(np.array([1, 2], dtype="u1"))))


def damaged(change):
    data = json.loads(json.dumps(GOOD))
    change(data)
    return json.dumps(data)


def set_at(*place, to):
    def change(data):
        for key in place[:-1]:
            data = data[key]
        data[place[-1]] = to

    return damaged(change)


ARRAY = ("answers", 0, "outcomes", REFERENCE, "value")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        '"text"',
        "{}",
        '{"format": 1}',
        "\x00",
        "[" * 100_000,
        set_at("variants", to=[1]),
        set_at("answers", to={"a": 1}),
        set_at("answers", 0, to=None),
        set_at("answers", 0, "call", to={"target": {"$name": "f"}}),
        set_at("answers", 0, "outcomes", to={"A1": {"value": 1}}),
        set_at("answers", 0, "outcomes", REFERENCE, to={}),
        set_at(*ARRAY, "$array", to=[1, 300]),
        set_at(*ARRAY, "$array", to=[1]),
        set_at(*ARRAY, "shape", to=[2, -5, 9]),
        set_at(*ARRAY, "dtype", to="no such"),
        set_at(*ARRAY, to={"$unknown": 1}),
        set_at(*ARRAY, to={"$bytes": "xyz"}),
        set_at(*ARRAY, to={"$set": [[1]]}),
        to_json(book_of(1.0))[:-20],
    ],
)
def test_a_damaged_file_is_a_located_error(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"is damaged .* fetch it anew") as caught:
        read_answers(path)
    assert caught.value.path == path


def test_bytes_that_are_no_text_are_a_located_error(path):
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(CourseError, match="is damaged"):
        read_answers(path)


def test_a_file_that_is_not_there_is_a_located_error(tmp_path):
    with pytest.raises(CourseError, match="FileNotFoundError"):
        read_answers(tmp_path / "answers.json")


def test_another_version_says_so(path):
    path.write_text(set_at("format", to=99), encoding="utf-8")
    with pytest.raises(CourseError, match="another version"):
        read_answers(path)
