import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks import difference
from autograder.diagnosis import arrangement, pattern
from autograder.model import Diagnosis, Evidence

A = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.5]])
SQUARE = np.array([[1.0, 2.0], [4.0, 8.0]])
V = np.array([0.5, -1.5, 3.25, 7.0])
ROWS_TO_ONE = np.array([[0.2, 0.8], [0.5, 0.5]])
COLUMNS_TO_ONE = np.array([[0.3, 0.9], [0.7, 0.1]])


def found(got, wanted):
    return pattern(difference(got, wanted), got, wanted)


def name(got, wanted):
    diagnosis = found(got, wanted)
    return diagnosis and diagnosis.name


@pytest.mark.parametrize(
    ("got", "wanted", "expected"),
    [
        (None, V, "returned_none"),
        (list(V), V, "list_for_array"),
        ((V, V), np.array([V, V]), "tuple_for_array"),
        (V > 0, (V > 0).astype(float), "boolean"),
        (np.array([1.0, np.nan]), np.ones(2), "nan"),
        (A.T, A, "transposed"),
        (SQUARE.T, SQUARE, "transposed"),
        (A.T + 1, A, "transposed_shape"),
        (A.ravel(), A, "reshaped"),
        (V[:, None], V, "reshaped"),
        (V[:, None] * np.ones(4), V, "broadcast"),
        (np.array(V.sum()), V, "single_number"),
        (A[0], A, "axis_lost"),
        (-V, V, "sign"),
        (V.astype(int), V, "truncated"),
        (2 * V, V, "factor"),
        (V + 3, V, "offset"),
        (V[::-1], V, "order"),
        (COLUMNS_TO_ONE, ROWS_TO_ONE, "axis"),
        (ROWS_TO_ONE, COLUMNS_TO_ONE, "axis"),
        (
            np.swapaxes(np.arange(8.0).reshape(2, 2, 2), 0, 2),
            np.arange(8.0).reshape(2, 2, 2),
            "axis",
        ),
    ],
)
def test_each_pattern_is_found_in_its_example(got, wanted, expected):
    assert name(got, wanted) == expected


@pytest.mark.parametrize("got", [np.array([[0.0], [1.0]]), np.array([[0.0, 1.0]])])
def test_the_right_entries_with_an_axis_too_many_are_told_though_they_are_few(got):
    assert name(got, np.array([0.0, 1.0])) == "reshaped"
    assert name(np.array([[1.0], [1.0]]), np.array([0.0, 1.0])) is None


def test_parts_in_another_order_are_told_and_single_numbers_are_not():
    assert arrangement((V, A), (A, V)) == Diagnosis("parts")
    assert arrangement([V, [(A, V)]], [V, [(V, A)]]) == Diagnosis("parts")
    assert arrangement((V, A), (V, A + 1)) is None
    assert arrangement((A, A), (A, V)) is None
    assert arrangement((1.0, 2.0), (2.0, 1.0)) is None


def test_of_two_faults_the_order_of_parts_is_told_where_the_first_is():
    assert arrangement((V + 1, [(A, V)]), (V, [(V, A)])) is None


def test_what_a_check_saw_by_itself_needs_no_values():
    assert pattern(Evidence("modified"), None, None).name == "modified"


@pytest.mark.parametrize(
    ("factor", "written"),
    [
        (2.0, "2"),
        (0.5, "1/2"),
        (1 / 3, "1/3"),
        (-3.0, "-3"),
        (np.log(10), "ln 10"),
        (1 / np.log(2), "1 / ln 2"),
        (0.123, "0.123"),
        (1000.0, "1000"),
    ],
)
def test_a_factor_is_written_as_what_it_may_come_from(factor, written):
    assert found(factor * V, V).facts["factor"] == written


def test_a_mean_for_a_sum_over_an_axis_of_thirteen_is_one_thirteenth():
    wanted = np.arange(1.0, 14.0)
    assert found(wanted / 13, wanted).facts["factor"] == "1/13"


NOISE = hnp.arrays(np.float64, (3, 4), elements=st.floats(-1e3, 1e3).map(lambda x: round(x, 3)))


@given(st.integers(0, 2**32), st.sampled_from([(5,), (3, 4), (3, 3), (1, 4), (4, 1), (2, 2, 2)]))
def test_an_unrelated_answer_shows_no_pattern(seed, shape):
    rng = np.random.default_rng(seed)
    assert found(rng.normal(size=shape), rng.normal(size=shape)) is None


@given(NOISE, st.integers(0, 11), st.floats(1.5, 1e3))
def test_a_single_wrong_entry_is_never_called_a_factor_or_an_offset(wanted, place, change):
    got = wanted.copy()
    got.flat[place] = got.flat[place] * change + 1
    assert name(got, wanted) not in ("factor", "offset")


@pytest.mark.parametrize("constant", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("wanted", [ROWS_TO_ONE, COLUMNS_TO_ONE, ROWS_TO_ONE - 0.5])
def test_a_constant_answer_is_not_taken_for_another_axis(constant, wanted):
    assert name(np.full((2, 2), constant), wanted) != "axis"


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1)])
def test_an_axis_of_length_one_is_no_evidence_for_an_axis(shape):
    wanted = np.arange(2.0, 2.0 + np.prod(shape)).reshape(shape)
    assert name(wanted**2 + np.arange(np.prod(shape)).reshape(shape), wanted) != "axis"


@pytest.mark.parametrize("wanted", [np.eye(3), np.zeros((2, 2)), np.array([1.0, 2.0, 3.0])])
def test_right_values_of_another_type_are_not_taken_for_wrong_values(wanted):
    assert pattern(Evidence("dtype"), wanted.astype(int), wanted) is None


def test_a_number_is_no_pattern():
    assert name(3.7, 1.2) is None


def test_infinities_are_no_offset_and_every_diagnosis_is_json():
    got, wanted = np.full(3, np.inf), np.array([1.0, 2.0, 3.0])
    assert name(got, wanted) is None


@given(
    hnp.arrays(np.float64, (2, 3), elements=st.floats(width=16)),
    hnp.arrays(np.float64, (2, 3), elements=st.floats(width=16)),
)
def test_whatever_the_values_a_diagnosis_survives_json(got, wanted):
    evidence = difference(got, wanted)
    diagnosis = pattern(evidence, got, wanted) if evidence else None
    if diagnosis is not None:
        text = msgspec.json.encode(diagnosis)
        assert msgspec.json.decode(text, type=Diagnosis) == diagnosis


def test_an_answer_of_another_type_shows_no_pattern_and_breaks_nothing():
    from autograder.diagnosis.patterns import fits

    seen = Diagnosis("offset", facts={"offset": 1.0})
    for strange in (V > 0, np.arange(4, dtype=np.uint8), np.array([-128, 127, 5, 9], np.int8)):
        assert fits(seen, strange, V) is False
    with_few = np.array([True, False])
    assert fits(seen, with_few, ~with_few) is None
