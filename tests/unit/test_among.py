"""A mistake that stands beside another one: what is named of a program that made two."""

import pytest

from autograder.checks import Student
from autograder.diagnosis import RememberingSession, Room, Suspect, departing, name_among
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.proxy import Recorder

CALLS = ([5, 3, 8, 1], 2), ([4, 9, 6], 1), ([7, 2, 5, 5], 3), ([6, 1], 9), ([], 2)
RIGHT = "return sorted(z, reverse=True)[:k]"
NO_END = "s = sorted(z, reverse=True); return [s[i] for i in range(k)]"
ASCENDING = "return sorted(z)[:k]"
IN_PLACE = "z.sort(reverse=True); return z[:k]"


def session(body):
    source = f"def top(z, k):\n    {body}\n"
    return RememberingSession(InProcessSession.of(source, "m"))


def named(learner, *calls, right=RIGHT, whole=False, **variants):
    """Name what the first call shows, of a program that all calls were put to."""
    room = Room(InProcessSession.of(f"def top(z, k):\n    {learner}\n", "m"), session(right))
    recorder = Recorder()
    student = Student(room.learner, recorder)
    for arguments in calls:
        student.top.outcome(*arguments)
    suspects = [Suspect(k, frozenset({"top"}), session(v)) for k, v in variants.items()]
    _, wrong = departing(recorder.exchanges[:1], room.reference)
    return name_among(wrong, recorder.exchanges, suspects, room, whole=whole)


def test_of_two_mistakes_the_one_that_a_variant_makes_is_named_where_it_shows():
    twice = "s = sorted(z, reverse=True); return [s[i] for i in range(k)] if k != 3 else s[1:]"
    assert named(twice, CALLS[3], *CALLS, END=NO_END, UP=ASCENDING) == "END"
    assert named(twice, CALLS[2], *CALLS, END=NO_END, UP=ASCENDING) is None


def test_a_wrong_value_is_known_also_where_an_argument_is_overwritten_besides():
    assert named("z.sort(); return z[:k]", *CALLS, UP=ASCENDING) == "UP"


def test_who_overwrites_an_argument_in_another_way_overwrites_it_too():
    by_hand = "out = sorted(z, reverse=True)[:k]; z.clear(); return out"
    assert named(by_hand, *CALLS[:3], OVER=IN_PLACE) == "OVER"


@pytest.mark.parametrize("learner", [NO_END, f"z.sort(); {NO_END}", f"z.clear(); {NO_END}"])
def test_of_a_wrong_value_it_does_not_matter_what_becomes_of_an_argument(learner):
    body = "out = sorted(z, reverse=True)[:k]; z[:] = out; return out"
    learner = learner.replace("z.clear(); s = sorted(z", "y = z[:]; z.clear(); s = sorted(y")
    assert named(learner, CALLS[3], *CALLS, right=body, END=NO_END) == "END"


def test_the_whole_of_a_mistake_is_every_value_whatever_becomes_of_an_argument():
    assert named("z.sort(); return z[:k]", *CALLS, whole=True, UP=ASCENDING) == "UP"
    twice = "s = sorted(z, reverse=True); return [s[i] for i in range(k)] if k != 3 else s[1:]"
    assert named(twice, CALLS[3], *CALLS, whole=True, END=NO_END) is None


def test_what_becomes_of_an_argument_does_not_stand_for_a_wrong_value():
    body = "out = sorted(z, reverse=True)[:k]; z[:] = out; return out"
    learner = "s = sorted(z, reverse=True); return [s[i] for i in range(k)] if k != 3 else s[1:]"
    assert named(learner, CALLS[3], *CALLS, right=body, END=NO_END) == "END"
    assert named(learner, CALLS[2], *CALLS, right=body, END=NO_END) is None


@pytest.mark.parametrize(
    ("learner", "variant"),
    [
        ("sorted(z, reverse=True)[:k]", "return sorted(z, reverse=True)[:k] if z else None"),
        ("return sorted(z)[k]", NO_END),
        (
            "return [] if k > 3 else sorted(z)[:k]",
            "return sorted(z, reverse=True)[:k] if k < 9 else []",
        ),
    ],
    ids=["the same sign elsewhere", "most is unexplained", "fresh inputs show nothing"],
)
def test_a_part_of_a_larger_mistake_is_not_named(learner, variant):
    calls = (CALLS[4], *CALLS) if "None" in variant else (CALLS[3], *CALLS)
    assert named(learner, *calls, PART=variant) is None


FIRST = "z[0]; return sorted(z, reverse=True)[:k]"


def test_who_stops_when_asked_of_nothing_has_forgotten_it_however_wrong_the_rest_is():
    assert named("z[0]; return sorted(z) + [k]", CALLS[4], *CALLS, FIRST=FIRST) == "FIRST"


@pytest.mark.parametrize(
    ("learner", "variant", "first"),
    [
        ("return [z[9], k]", FIRST, CALLS[4]),
        (
            "return sorted(z)[k] + k if z else []",
            f"return z[k - 1] if k > 8 else {RIGHT[7:]}",
            CALLS[3],
        ),
        ("return sorted(z) + [k] if z else None", f"{RIGHT} if z else None", CALLS[4]),
        ("z[0]; return sorted(z) + [k]", f"z[0]; {NO_END}", CALLS[4]),
        ("z.sort(reverse=True); return z[:k] if len(z) == 4 else [9, k]", IN_PLACE, CALLS[0]),
    ],
    ids=["stops everywhere", "stops at something", "a None", "forgets more", "never stops"],
)
def test_no_other_mistake_is_named_of_a_program_that_is_mostly_wrong_otherwise(
    learner, variant, first
):
    assert named(learner, first, *CALLS, PART=variant) is None


def test_a_variant_that_is_wrong_where_the_program_is_right_is_not_named():
    assert (
        named("return sorted(z)[:k] if k == 2 else sorted(z)[::-1][:k]", *CALLS, UP=ASCENDING)
        is None
    )


def test_two_misconceptions_that_explain_as_much_are_not_told_apart():
    twice = "s = sorted(z, reverse=True); return [s[i] for i in range(k)] if k != 3 else s[1:]"
    assert named(twice, CALLS[3], *CALLS, ONE=NO_END, TWO=NO_END) is None


def test_yes_or_no_alone_is_no_evidence_of_a_mistake_beside_another():
    assert named("return k < 9", *CALLS, YES="return True", right="return k > 3") is None
