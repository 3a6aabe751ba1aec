import numpy as np
import pytest

from autograder.checks import Student, agree, code
from autograder.checks.evidence import Mismatch
from autograder.diagnosis import (
    Question,
    RememberingSession,
    Room,
    Suspect,
    departing,
    fresh,
    innermost,
    matching,
    name_of,
    pattern,
    pattern_of,
    smaller,
)
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.proxy import Recorder
from autograder.wire.protocol import Call, Name, Seed

SIGMOID = "import numpy as np\ndef f(z):\n    return 1 / (1 + np.exp(-np.asarray(z)))\n"
ANY = "def f({}):\n    import numpy as np\n    return {}\n"
SYMMETRIC = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])


def session(source):
    return RememberingSession(InProcessSession.of(source, "m"))


class Look:
    """A learner's program that was asked some calls, beside the reference and wrong variants."""

    def __init__(self, learner, right, *calls, **variants):
        self.room = Room(InProcessSession.of(learner, "m"), session(right))
        self.suspects = [Suspect(k, frozenset({"f"}), session(v)) for k, v in variants.items()]
        self.recorder = Recorder()
        self.student = Student(self.room.learner, self.recorder)
        for args in calls:
            self.student.f.outcome(*args)

    def question(self):
        exchanges = self.recorder.exchanges
        _, departures = departing(exchanges, self.room.reference)
        suspects = matching(exchanges, self.room.reference, self.suspects)
        return Question(tuple(departures), suspects, self.seen())

    def seen(self):
        for exchange in self.recorder.exchanges:
            got = exchange.outcome.value
            wanted = self.room.reference.call(exchange.call).value
            try:
                agree(got, wanted)
            except Mismatch as found:
                return pattern(found.evidence, *innermost(got, wanted))
        return None

    def name(self, *elsewhere):
        return name_of(self.question(), elsewhere, self.room)

    def pattern(self):
        found = pattern_of(self.question(), (), self.room)
        return found and found.name


def test_a_wrong_sign_on_symmetric_inputs_is_no_other_order():
    look = Look(SIGMOID.replace("-np", "np"), SIGMOID, (SYMMETRIC,))
    assert look.seen().name == "order"
    assert look.pattern() is None


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [("3 * z", "factor"), ("-z", "sign"), ("z[::-1]", "order"), ("z + 7", "offset")],
)
def test_a_pattern_that_fresh_inputs_show_too_is_told(wrong, expected):
    look = Look(ANY.format("z", wrong), ANY.format("z", "z"), (np.array([1.0, 2.5, -4.0, 9.0]),))
    assert look.pattern() == expected


def test_a_ratio_that_depends_on_the_inputs_is_no_constant_factor():
    right = ANY.format("z, lr", "np.array([1.0, 2.0, 4.0]) * z[0]")
    wrong = ANY.format("z, lr", "np.array([1.0, 2.0, 4.0]) * z[0] * (1 - 2 * lr)")
    look = Look(wrong, right, (np.array([3.0, 5.0, 8.0]), 0.25))
    assert look.seen().name == "factor"
    assert look.pattern() is None


def test_single_numbers_show_a_pattern_only_together():
    values = np.array([1.0, 2.5, -4.0, 9.0])
    right, one = ANY.format("z", "float(z.sum())"), ANY.format("z", "float(-z.sum())")
    assert Look(one, right, (values,)).pattern() == "sign"
    assert Look(ANY.format("z", "float(z[-1])"), right, (values,)).pattern() is None


def test_a_table_of_zeros_and_ones_is_no_evidence():
    right = ANY.format("z", "(z > 0) * 1.0")
    look = Look(ANY.format("z", "(z < 0) * 1.0"), right, (np.array([1.0, -2.0, 3.0, -4.0]),))
    assert look.pattern() is None


def test_a_table_of_derivatives_is_no_broadcast():
    right = ANY.format("z", "z**2")
    look = Look(ANY.format("z", "np.diag(z**2)"), right, (np.array([1.0, 2.0, 3.0]),))
    assert look.pattern() is None


def test_a_variant_that_agrees_by_chance_is_not_named():
    right, ones = ANY.format("z", "2 * z"), np.ones(3)
    look = Look(ANY.format("z", "z"), right, (ones,), SQUARE=ANY.format("z", "z**2"))
    assert [s.name for s in look.question().suspects] == ["SQUARE"]
    assert look.name() is None


def test_the_variant_that_does_the_same_on_fresh_inputs_is_named():
    right, ones = ANY.format("z", "2 * z"), np.ones(3)
    variants = {"SQUARE": ANY.format("z", "z**2"), "SAME": ANY.format("z", "z * 1")}
    assert Look(ANY.format("z", "z"), right, (ones,), **variants).name() == "SAME"


def test_two_misunderstandings_that_do_the_same_are_not_told_apart():
    same = ANY.format("z", "z * 1")
    look = Look(ANY.format("z", "z"), ANY.format("z", "2 * z"), (np.ones(3),), ONE=same, TWO=same)
    assert look.name() is None


def test_a_variant_is_refuted_by_a_call_of_another_check():
    learner = ANY.format("z", "z if z.size == 3 else 2 * z")
    look = Look(learner, ANY.format("z", "2 * z"), (np.ones(3),), SAME=ANY.format("z", "z"))
    assert look.name() == "SAME"
    other = Look(learner, ANY.format("z", "2 * z"), (np.ones(4),)).recorder.exchanges
    look.room.known.clear()
    assert look.name(*other) is None


def test_where_nothing_can_be_asked_again_one_number_is_not_enough():
    right, wrong = ANY.format("kind", "1"), ANY.format("kind", "2")
    assert Look(wrong, right, ("a",), TWO=wrong).name() is None


def test_where_the_wrong_call_has_no_fresh_version_another_may_show_the_mistake_afresh():
    right, always = ANY.format("z", "bool(z) and sorted(z) == z"), ANY.format("z", "True")
    other = Look(always, right, ([3, 4, 5],)).recorder.exchanges
    look = Look(always, right, ([],), ALWAYS=always, EMPTY=ANY.format("z", "sorted(z) == z"))
    assert [s.name for s in look.question().suspects] == ["ALWAYS", "EMPTY"]
    assert look.name(*other) == "ALWAYS"
    assert Look(always, right, ([],), ALWAYS=always).name() is None


def test_fresh_inputs_keep_what_numbers_mean():
    shares, labels = np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([2, 0, 1, 2])
    one_hot, z = np.eye(3)[labels], np.array([0.0, -3.0, 500.0])
    call = Call(Name("f"), (shares, labels, one_hot, z, 0.1, "relu", Seed(3)))
    seen = set()
    for number in range(1, 5):
        s, y, hot, other, rate, kind, seed = fresh(call, number).args
        np.testing.assert_allclose(s.sum(axis=1), 1)
        assert set(y.tolist()) <= {0, 1, 2}
        assert y.dtype == labels.dtype
        assert hot.sum(axis=1).tolist() == [1, 1, 1, 1]
        assert sorted(np.sign(other)) == [-1, 0, 1]
        assert np.abs(other).max() > 300
        assert 0 < rate < 1
        assert kind == "relu"
        assert seed != Seed(3)
        seen.add(rate)
    assert len(seen) == 4
    assert fresh(call, 1).args[0].tolist() == fresh(call, 1).args[0].tolist()


def test_what_has_no_numbers_has_no_fresh_inputs():
    assert fresh(Call(Name("f"), ("!", code(session), None, True)), 1) is None


def test_a_text_has_its_own_letters_in_other_places():
    text = "Ada Lovelace, and Alan"
    for number in range(1, 5):
        other = fresh(Call(Name("f"), (text,)), number).args[0]
        assert other != text
        assert len(other) == len(text)
        assert set(other) <= set(text)
        assert [len(word) for word in sorted(other.split(), key=len)] == [3, 3, 4, 9]


def test_a_word_that_may_be_a_name_is_changed_only_where_nothing_else_can_be():
    assert fresh(Call(Name("f"), (np.array([1.5, 2.5]), "mean")), 1).args[1] == "mean"
    assert fresh(Call(Name("f"), ("mean",)), 1).args[0] != "mean"
    words = fresh(Call(Name("f"), (["one", "three"],)), 1).args[0]
    assert sorted(map(len, words)) == [3, 5]


def test_smaller_inputs_still_fit_each_other():
    call = Call(Name("f"), (np.ones((6, 4)), [(np.ones((4, 5)), np.ones(5))], "relu"))
    sizes = []
    for least in smaller(call):
        x, [(w, b)], _ = least.args
        sizes.append(x.size + w.size + b.size)
        assert (x @ w + b).shape == (len(x), len(b))
    assert sizes[0] == 8  # one sample through a layer of 2 x 2
    assert sizes[1] < 6 * 4 + 25


def test_rows_trade_their_places_whole_and_what_is_looked_for_may_stand_among_them():
    dates = [("May", 15), ("May", 19), ("June", 17), ("July", 15)]
    seen = [fresh(Call(Name("f"), (19, dates)), number).args for number in range(1, 5)]
    for _, rows in seen:
        assert sorted(month for month, _ in rows) == sorted(month for month, _ in dates)
        assert [month for month, _ in rows] != [month for month, _ in dates]
        days = {month: {d for m, d in rows if m == month} for month in ("May", "July")}
        assert len(days["May"] & days["July"]) == 1
    assert {day in [d for _, d in rows] for day, rows in seen} == {True, False}


def test_where_a_number_is_looked_for_sorted_numbers_stay_sorted_and_a_place_stays_one():
    for number in range(1, 5):
        _, many = fresh(Call(Name("f"), (5, [1, 5, 5, 10])), number).args
        assert many == sorted(many)
        assert many[1] == many[2]
        (alone,) = fresh(Call(Name("f"), ([1, 5, 8],)), number).args
        assert alone != sorted(alone)
        assert fresh(Call(Name("f"), ([4, 9, 7, 8], 4)), number).args[1] == 4
