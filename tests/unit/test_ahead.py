"""Which call is the one that was foreseen: the same to the last bit, and no other."""

import dataclasses
import itertools
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import WireError
from autograder.sandbox.ahead import LONGEST_KNOWN, MOST_KNOWN, Foreseen, identical, token_of
from autograder.wire.codec import pack, timed, unpack_answer
from autograder.wire.protocol import Call, Code, Missing, Name, Raised, Returned, Seed, Tensor
from autograder.wire.values import Budget

ARRAY = np.arange(6.0).reshape(2, 3)
DATA = [
    *(None, True, 1, 1.0, 0.0, -0.0, float("nan"), 1j, "1", b"1", (1,), [1], [1.0], [True]),
    *({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1}, [[1, 2], [3]], [[1], [2, 3]]),
    *(np.float64(1), np.float32(1), np.int64(1), np.float64("nan"), np.bool_(True)),
    *(ARRAY, ARRAY.T, ARRAY.ravel(), ARRAY.astype(">f8"), ARRAY.astype("f4"), ARRAY + 1e-16),
    *(ARRAY[:0], np.array(1.0), np.array([np.nan, -0.0]), np.array([np.nan, 0.0])),
]
VALUES = [
    *DATA,
    *(Name("f"), Name("g"), Seed(1), Seed(2), Code("f", "x"), Code("f", "y")),
    *(Tensor("torch", ARRAY), Tensor("tensorflow", ARRAY), Tensor("torch", ARRAY.T)),
]


def call_of(value):
    return Call(Name("f"), (value,), {"key": value})


@pytest.mark.parametrize("one", VALUES, ids=repr)
def test_two_calls_are_identical_where_they_would_be_written_alike(one):
    for other in VALUES:
        alike = pack(call_of(one)) == pack(call_of(other))
        # Told apart too: byte order, which the wire does not know. Such a call is asked alone.
        assert identical(call_of(one), call_of(other)) <= alike, other
    copied = one.copy() if isinstance(one, np.ndarray) else one
    assert identical(call_of(one), call_of(copied))


def test_a_call_differs_by_its_target_and_by_whether_its_result_stays():
    calls = [Call(Name("f")), Call(Name("g")), Call(Code("f", "")), Call(Name("f"), keep=True)]
    assert not any(identical(one, other) for one, other in itertools.combinations(calls, 2))


def test_what_is_no_usual_value_is_never_the_one_that_was_foreseen():
    for value in ({1, 2}, object(), range(3)):
        assert not identical(value, value)


# ---- answers that are known ----

NONCE = 7


class Reading:
    """A call that was foreseen, and how often an answer to it had to be read whole."""

    def __init__(self):
        self.foreseen = Foreseen.of("check", Call(Name("f")))
        self.times = 0

    def answer(self, data, nonce=NONCE):
        def whole():
            self.times += 1
            return unpack_answer(data, Budget(), nonce)

        return self.foreseen.read(data, nonce, whole)


@pytest.mark.parametrize("value", DATA, ids=repr)
def test_an_answer_that_is_known_is_what_reading_it_would_give(value):
    reading = Reading()
    for seconds in (0.25, 0.5, 0.75):
        packed = pack(Returned(value, seconds=seconds), NONCE)
        answer = reading.answer(packed)
        assert token_of(answer.value) == token_of(unpack_answer(packed, Budget(), NONCE).value)
        assert dataclasses.replace(answer, value=None) == Returned(None, seconds=seconds)
    assert reading.times == (3 if isinstance(value, list | tuple | dict) else 1)


def test_what_one_check_does_to_an_answer_changes_no_other_one():
    reading, packed = Reading(), pack(Returned(ARRAY), NONCE)
    for _ in range(3):
        answer = reading.answer(packed)
        assert answer.value.tolist() == ARRAY.tolist()
        answer.value[:] = 9
        answer.changed[0] = "something"
    assert reading.times == 1


def test_what_came_with_anything_beside_it_is_read_whole():
    reading = Reading()
    for outcome in (
        Returned(1, {0: 2}),
        Returned(1, output="said"),
        Raised("ValueError", "no"),
        Missing("f"),
    ):
        packed = pack(outcome, NONCE)
        assert reading.answer(packed) == reading.answer(packed) == outcome
    assert reading.times == 8


def test_few_answers_to_a_call_are_remembered_and_no_long_one():
    reading = Reading()
    long = pack(Returned(bytes(LONGEST_KNOWN)), NONCE)
    short = [pack(Returned(number), NONCE) for number in range(2 * MOST_KNOWN)]
    for packed in [long, *short] * 2:
        reading.answer(packed)
    assert reading.times == 2 + 3 * MOST_KNOWN


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_a_known_value_does_not_excuse_the_seconds_or_the_nonce(seconds):
    reading = Reading()
    packed = pack(Returned(1.0), NONCE)
    reading.answer(packed)
    forged = packed[:11] + struct.pack("<d", seconds) + packed[19:]
    for data, nonce in ((forged, NONCE), (packed, NONCE + 1), (packed + b"N", NONCE)):
        with pytest.raises(WireError):
            reading.answer(data, nonce)


@given(st.binary(max_size=40), st.booleans())
def test_any_bytes_are_read_as_they_would_be_whole(data, alike):
    data = pack(Returned(None), NONCE)[: len(data)] + data if alike else data
    if timed(data, NONCE) is None:
        return
    reading = Reading()

    def outcome(read):
        try:
            return token_of(read())
        except WireError as error:
            return str(error)

    first = outcome(lambda: reading.answer(data))
    assert first == outcome(lambda: reading.answer(data))
    assert first == outcome(lambda: unpack_answer(data, Budget(), NONCE))
