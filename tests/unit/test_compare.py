import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks import Mismatch, agree, difference
from autograder.wire.protocol import Opaque

ARRAYS = hnp.arrays(
    np.float64,
    hnp.array_shapes(max_dims=3, max_side=4),
    elements=st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf]),
)


@given(ARRAYS)
def test_an_array_agrees_with_itself_in_any_memory_order(wanted):
    agree(np.asfortranarray(wanted), wanted)
    agree(wanted[..., ::-1][..., ::-1], wanted)


@given(ARRAYS, st.data())
def test_the_first_entry_that_differs_is_named(wanted, data):
    place = data.draw(st.tuples(*(st.integers(0, n - 1) for n in wanted.shape)))
    got = wanted.copy()
    got[place] = 12345678.0
    found = difference(got, wanted)
    assert found.index == place
    assert (found.wrong, found.size) == (1, wanted.size)
    assert found.got_there == "1.23457e+07"


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.float32([1, 2]), np.array([1.0, 2.0])),
        (np.array(2.5), 2.5),
        (np.float64(2.5), 2.5),
        (2.5, np.float64(2.5)),
        (2, 2.0),
        (np.int64(2), 2),
        (2.5, np.array(2.5)),
        ([1.0, (2.0,)], (1.0, [2.0])),
        ({"a": np.array([1.0]), "b": 2}, {"a": np.array([1.0])}),
        (np.bool_(True), True),
        (True, np.bool_(True)),
        ("and", "and"),
        (None, None),
        (2**70, 2**70),
        (1 + 2j, 1 + 2j),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_a_right_value_is_accepted_in_whatever_dress(got, wanted):
    agree(got, wanted)


@pytest.mark.parametrize(
    ("got", "wanted", "kind"),
    [
        (None, np.ones(2), "none"),
        (None, [1], "none"),
        (None, {"a": 1}, "none"),
        (None, "text", "none"),
        ([1.0, 1.0], np.ones(2), "type"),
        (np.ones(2), [1.0, 1.0], "type"),
        (3, {"a": 1}, "type"),
        (1.0, np.ones(2), "shape"),
        ("1", 1.0, "type"),
        (Opaque("generator", ""), np.ones(2), "type"),
        (np.ones((2, 1)), np.ones(2), "shape"),
        (np.ones(1), 1.0, "shape"),
        (np.array([True]), np.ones(1), "dtype"),
        (True, 1.0, "dtype"),
        (np.array([1j]), np.ones(1), "dtype"),
        (np.ones(2), np.array([True, True]), "dtype"),
        (2**70, 5, "dtype"),
        (np.array([1.0, np.nan]), np.ones(2), "nan"),
        (np.array([1.0, np.inf]), np.ones(2), "differs"),
        (np.array([np.inf]), np.array([-np.inf]), "differs"),
        (1.0, 2.0, "differs"),
        ([1.0], [1.0, 2.0], "length"),
        ({"b": 1}, {"a": 1}, "key"),
        ("or", "and", "differs"),
        (1, True, "differs"),
        (2**70 + 1, 2**70, "differs"),
    ],
)
def test_each_difference_has_its_kind(got, wanted, kind):
    assert difference(got, wanted).kind == kind


def test_an_unknown_object_is_called_by_its_own_type():
    found = difference(Opaque("generator", ""), np.ones(2))
    assert found.facts == {"got_type": "generator", "wanted_type": "numpy.ndarray"}


def test_the_first_nan_is_named_even_where_another_entry_differs_before_it():
    found = difference(np.array([5.0, np.nan]), np.array([1.0, 1.0]))
    assert (found.kind, found.index, found.wrong) == ("nan", (1,), 2)


def test_numbers_that_overflow_are_compared_without_a_warning():
    found = difference(np.array([1e308, np.inf]), np.array([-1e308, 0.0]))
    assert (found.kind, found.index) == ("differs", (0,))


def test_a_difference_inside_a_container_says_where():
    found = difference(([1.0], {"w": np.ones(2)}), ([1.0], {"w": np.array([1.0, 2.0])}))
    assert (found.kind, found.index, found.facts["item"]) == ("differs", (1,), "1, w")


@pytest.mark.parametrize(("gap", "agrees"), [(0.9e-7, True), (1.1e-7, False)])
def test_the_relative_tolerance_ends_where_it_says(gap, agrees):
    assert (difference(np.array([1.0 + gap]), np.array([1.0]), atol=0) is None) is agrees


@pytest.mark.parametrize(("gap", "agrees"), [(0.9e-12, True), (1.1e-12, False)])
def test_the_absolute_tolerance_ends_where_it_says(gap, agrees):
    assert (difference(np.array([gap]), np.array([0.0])) is None) is agrees


@pytest.mark.parametrize(
    ("got", "rule", "agrees"),
    [
        (np.array([1, 2]), "float", False),
        (np.float32([1, 2]), "float", True),
        (np.array([True, False]), "any", False),
        (np.array([1, 2], dtype=np.uint8), "any", True),
        (np.array([1 + 0j, 2 + 0j]), "any", True),
    ],
)
def test_the_rule_for_dtypes_is_kept(got, rule, agrees):
    assert (difference(got, np.array([1.0, 2.0]), dtype=rule) is None) is agrees


def test_any_takes_truth_values_for_numbers_that_equal_them():
    agree(np.array([True, False]), np.array([1.0, 0.0]), dtype="any")


def test_agree_hands_on_what_was_compared():
    got = np.ones(2)
    with pytest.raises(Mismatch) as caught:
        agree(got, np.zeros(2))
    assert caught.value.got is got
    assert caught.value.evidence.kind == "differs"


@given(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1e-7, 0.5]),
    st.sampled_from([0.0, 1e-12, 1.0]),
)
def test_plain_numbers_agree_just_where_numpy_says_so(got, wanted, rtol, atol):
    with np.errstate(all="ignore"):
        close = np.isclose(got, wanted, rtol=rtol, atol=atol, equal_nan=True)
    assert (difference(got, wanted, rtol=rtol, atol=atol) is None) == close


def test_numbers_are_shown_with_the_digits_in_which_they_differ():
    found = difference(np.array(0.43375012), 0.43375031)
    assert (found.got, found.wanted) == ("0.4337501", "0.4337503")
    assert (difference(0.5, 0.25).got, difference(0.5, 0.25).wanted) == ("0.5", "0.25")


def test_float32_is_named_where_it_is_the_reason():
    wanted = np.array([0.1, 0.2, 1 / 3])
    assert difference(wanted.astype(np.float32), wanted, rtol=1e-9).facts["got_dtype"] == "float32"
    assert "single" not in difference(wanted.astype(np.float32) + 1, wanted).facts


def test_parameters_are_told_by_layer():
    params = [(np.ones((2, 3)), np.zeros(3)), (np.ones((3, 1)), np.zeros(1))]
    other = [params[0], (np.ones((3, 1)) * 2, np.zeros(1))]
    found = difference((other, 1.0), (params, 1.0))
    assert (found.facts["item"], found.facts["layer"], found.facts["parameter"]) == (
        "0, 1, 0",
        2,
        "W",
    )


@pytest.mark.parametrize(
    ("got", "wanted", "kind"),
    [
        ([1, 2], (1, 2), "type"),
        ((1, 2), [1, 2], "type"),
        ([(1, 2), [3, 4]], [(1, 2), (3, 4)], "type"),
        ({"a": [1]}, {"a": (1,)}, "type"),
        ({"a": 1, "b": 2}, {"a": 1}, "further_key"),
    ],
)
def test_exact_containers_are_of_the_wanted_type_and_hold_nothing_more(got, wanted, kind):
    agree(got, wanted)
    with pytest.raises(Mismatch) as caught:
        agree(got, wanted, container="exact")
    assert caught.value.evidence.kind == kind
    agree(wanted, wanted, container="exact")


def digits(got, wanted):
    facts = difference(got, wanted).facts
    return {key: facts[key] for key in ("whole", "rounded", "single") if key in facts}


def test_numbers_that_were_rounded_or_have_lost_their_fractions_are_known():
    wanted = np.array([0.25, -1.5, 3.14159])
    assert digits(np.round(wanted, 4), wanted) == {"rounded": 4}
    assert digits(1.12, 1.125) == {"rounded": 2}
    assert digits(wanted.astype(int), wanted) == {"whole": 1}
    assert digits(np.array([1, 2]), np.array([2.0, 3.0])) == {}
    assert digits(wanted + 0.01, wanted) == {}
    assert digits(np.array([0.5, 0.0]), np.array([0.499, 0.001])) == {}


def test_no_greatest_difference_is_told_where_nan_or_an_infinity_is_among_them():
    wanted = np.array([1.0, 2.0])
    assert difference(np.array([1.0, np.inf]), wanted).difference is None
    assert difference(np.array([np.nan, 2.0]), wanted).difference is None
    assert difference(np.array([1.0, 2.5]), wanted).difference == 0.5
