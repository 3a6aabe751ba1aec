"""Which call is the one that was foreseen: the same to the last bit, and no other."""

import itertools

import numpy as np
import pytest

from autograder.sandbox.ahead import identical
from autograder.wire.codec import pack
from autograder.wire.protocol import Call, Code, Name, Seed, Tensor

ARRAY = np.arange(6.0).reshape(2, 3)
VALUES = [
    *(None, True, 1, 1.0, 0.0, -0.0, float("nan"), 1j, "1", b"1", (1,), [1], [1.0], [True]),
    *({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1}, [[1, 2], [3]], [[1], [2, 3]]),
    *(np.float64(1), np.float32(1), np.int64(1), np.float64("nan"), np.bool_(True)),
    *(ARRAY, ARRAY.T, ARRAY.ravel(), ARRAY.astype(">f8"), ARRAY.astype("f4"), ARRAY + 1e-16),
    *(ARRAY[:0], np.array(1.0), np.array([np.nan, -0.0]), np.array([np.nan, 0.0])),
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
