import numpy as np
import pytest

from autograder.diagnosis import (
    REFERENCE,
    AnswerBook,
    FrozenSession,
    Known,
    RememberingSession,
    alike,
)
from autograder.diagnosis.answers import same
from autograder.errors import UnknownAnswer
from autograder.sandbox.inprocess import InProcessSession
from autograder.wire.protocol import (
    Call,
    Code,
    Loaded,
    Missing,
    Name,
    Raised,
    Returned,
    Stopped,
    Warned,
)

COUNTING = """
calls = [0]

def f(z):
    calls[0] += 1
    return z + calls[0]

def count(z):
    calls[0] += 1
    return calls[0]

class Box:
    pass
"""


def counting():
    return RememberingSession(InProcessSession.of(COUNTING, "m"))


def f(*args):
    return Call(Name("f"), args)


def test_a_call_is_put_to_the_program_once():
    session = counting()
    assert [session.call(f(10)).value for _ in range(3)] == [11, 11, 11]
    assert session.call(f(20)).value == 22


@pytest.mark.parametrize("other", [f(10.0), f(np.int64(10)), f(True)])
def test_calls_that_differ_in_type_alone_are_different_calls(other):
    session = counting()
    session.call(f(10))
    session.call(other)
    assert session.call(f(0)).value == 3


def test_what_a_check_does_to_an_answer_does_not_reach_the_next():
    session = counting()
    first = session.call(f(np.zeros(2))).value
    first += 100
    assert session.call(f(np.zeros(2))).value.tolist() == [1.0, 1.0]


def test_an_argument_that_the_wire_cannot_hold_is_asked_anew_each_time():
    session = counting()
    too_large = np.broadcast_to(np.float64(1), (2**12, 2**11))
    for number in (1, 2):
        assert session.call(Call(Name("count"), (too_large,))).value == number


def test_objects_that_stay_behind_are_made_anew_each_time():
    session = counting()
    made = [session.call(Call(Name("Box"), keep=True)).value.key for _ in range(2)]
    assert made == [0, 1]


Z = np.array([0.25, -1.5])
BOOK = AnswerBook(
    (Known(f(Z), {REFERENCE: Returned(Z * 2), "A1": Returned(Z**2)}),),
    {"A1": frozenset({"f"}), "A2": frozenset({"g"})},
)


def test_frozen_answers_speak_for_the_reference_and_each_variant():
    assert FrozenSession(BOOK, REFERENCE).call(f(Z)).value.tolist() == [0.5, -3.0]
    assert FrozenSession(BOOK, "A1").call(f(Z)).value.tolist() == [0.0625, 2.25]


def test_a_variant_that_is_not_listed_did_what_the_reference_did():
    assert FrozenSession(BOOK, "A2").call(f(Z)).value.tolist() == [0.5, -3.0]


def test_frozen_answers_cannot_be_changed_by_a_check():
    session = FrozenSession(BOOK, REFERENCE)
    answer = session.call(f(Z)).value
    answer[:] = 0
    assert session.call(f(Z)).value.tolist() == [0.5, -3.0]
    assert session.load() == Loaded({})


def test_an_input_that_differs_in_its_last_bits_is_found():
    assert BOOK.find(f(np.nextafter(Z, 9))) is BOOK.entries[0]


@pytest.mark.parametrize(
    "call",
    [
        f(Z + 1e-6),
        f(Z.astype(np.float32)),
        f(Z[:, None]),
        f(Z, Z),
        Call(Name("g"), (Z,)),
        Call(Name("f"), (Z,), {"axis": 0}),
    ],
)
def test_another_call_is_not_found_and_says_what_to_do(call):
    assert BOOK.find(call) is None
    with pytest.raises(UnknownAnswer, match="fetch it anew"):
        FrozenSession(BOOK, REFERENCE).call(call)


PROBE = "def probe(module):\n    return module.f(1)\n"
PROBES = AnswerBook(
    (Known(Call(Code("probe", PROBE), ([Code("f", PROBE)],)), {REFERENCE: Returned(1)}),), {}
)


@pytest.mark.parametrize(
    "source",
    [
        PROBE,
        PROBE.replace("1)", "1)  # why"),
        "# A note.\ndef probe( module ):\n\n  return module.f( 1 )",
    ],
)
def test_a_probe_that_says_the_same_in_another_layout_is_found(source):
    call = Call(Code("probe", source), ([Code("f", source)],))
    assert FrozenSession(PROBES, REFERENCE).call(call) == Returned(1)


@pytest.mark.parametrize("place", [0, 1])
def test_a_probe_that_says_something_else_is_another_call(place):
    codes = [Code("probe", PROBE), Code("f", PROBE)]
    codes[place] = Code(codes[place].name, PROBE.replace("1", "2"))
    with pytest.raises(UnknownAnswer):
        FrozenSession(PROBES, REFERENCE).call(Call(codes[0], ([codes[1]],)))


@pytest.mark.parametrize(
    ("one", "other", "are_the_same"),
    [
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1, False),
        (1.0, np.float64(1.0), False),
        (Z, Z.astype(np.float32), False),
        ([Z, "a"], [Z + 1e-9, "a"], True),
        ([Z], (Z,), False),
        ({"a": Z}, {"a": Z}, True),
        ({"a": Z}, {"a": Z, "b": 1}, False),
        (float("nan"), float("nan"), True),
        (Name("f"), Name("f"), True),
        (Name("f"), Name("g"), False),
    ],
)
def test_values_are_the_same_in_type_and_within_a_tolerance(one, other, are_the_same):
    assert same(one, other) is are_the_same


WARNED = (Warned("RuntimeWarning", "one text"),)


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        (Returned(Z), Returned(Z + 1e-9), True),
        (Returned(Z), Returned(Z + 1e-3), False),
        (Returned(Z, {0: Z}), Returned(Z), False),
        (Returned(Z, {}, WARNED), Returned(Z), False),
        (Returned(Z, {}, WARNED), Returned(Z, {}, (Warned("RuntimeWarning", "two"),)), True),
        (Returned(Z, output="x", seconds=3), Returned(Z), True),
        (Raised("KeyError", "a"), Raised("KeyError", "b"), True),
        (Raised("KeyError", "a"), Raised("ValueError", "a"), False),
        (Stopped("wall", 1), Stopped("wall", 2), True),
        (Stopped("wall", 1), Stopped("memory", 1), False),
        (Missing("f"), Missing("f"), False),
        (Returned(None), Raised("KeyError", ""), False),
    ],
)
def test_two_programs_are_alike_when_they_did_the_same(one, other, are_alike):
    assert alike(one, other) is are_alike
