"""The set-ups of `gradeflow play`, and what they are made of."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.play.choosing import options
from autograder.play.frames import framed
from autograder.play.functions import FUNCTIONS, needed
from autograder.play.painting import painted, painted_inputs
from autograder.play.points import GRID, REACH, grid, inputs, points
from autograder.play.setting import CLASSES, DATA, FEATURES, NUMBERS, Setting

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda each: st.lists(each, max_size=9) | st.dictionaries(st.text(max_size=5), each),
    max_leaves=6,
)
SETTINGS = st.dictionaries(st.sampled_from(list(Setting().as_data())), JSON)


@settings(max_examples=60)
@given(JSON | SETTINGS)
def test_whatever_an_address_says_a_set_up_stays_within_bounds(said):
    setting = Setting.read(said)
    assert setting.data in DATA
    assert set(setting.features) <= set(FEATURES)
    assert setting.features
    assert len(setting.layers) <= 4
    assert all(1 <= units <= 8 for units in setting.layers)
    assert setting.rate > 0
    assert 10 <= setting.share <= 90
    assert 0 <= setting.dropout <= 80
    assert setting.loss != "bce" or setting.kind == "classes"
    assert all(name in FUNCTIONS for name in needed(setting))
    assert Setting.read(setting.as_data()) == setting


def test_the_usual_set_up_is_what_an_empty_address_means():
    assert Setting.read({}) == Setting()


@pytest.mark.parametrize("data", DATA)
def test_points_lie_within_reach_and_depend_on_the_seed_alone(data):
    setting = Setting(data=data, noise=50)
    drawn = points(setting)
    assert abs(drawn.places).max() <= REACH
    again = points(Setting(data=data, noise=50, share=80))
    assert np.array_equal(drawn.places, again.places)
    assert again.train > drawn.train
    assert not np.array_equal(drawn.places, points(Setting(data=data, noise=50, seed=2)).places)


@pytest.mark.parametrize("data", CLASSES)
def test_classes_are_zero_and_one_about_as_often(data):
    targets = points(Setting(data=data)).targets
    assert set(np.unique(targets)) == {0.0, 1.0}
    assert 0.3 < targets.mean() < 0.7


@pytest.mark.parametrize("data", NUMBERS)
def test_numbers_stay_near_what_the_output_shows(data):
    assert abs(points(Setting(data=data, noise=0)).targets).max() <= 1


def test_noise_moves_points_and_none_leaves_xor_clear_of_its_borders():
    clear = points(Setting(noise=0)).places
    assert abs(clear).min() >= 0.1 * REACH
    assert abs(points(Setting(noise=50)).places).min() < 0.1 * REACH


def test_xor_is_one_where_the_signs_differ():
    drawn = points(Setting(noise=0))
    x, y = drawn.places.T
    assert np.array_equal(drawn.targets[:, 0], (x * y < 0) * 1.0)


def test_a_surface_begins_in_the_upper_left_corner_and_goes_row_by_row():
    places = grid()
    assert places.shape == (GRID * GRID, 2)
    assert places[0][0] < 0 < places[0][1]
    assert places[GRID - 1][0] > 0
    assert places[-1][1] < 0


def test_features_are_made_of_the_coordinates_they_name():
    made = inputs(np.array([[1.5, -2.0]]), FEATURES)[0]
    assert made[:5] * [1, 1, 3, 3, 3] == pytest.approx([1.5, -2.0, 2.25, 4.0, -3.0])
    assert abs(made[5:]).max() <= 1


def test_what_is_painted_fits_a_byte_and_its_scale_gives_the_value_back():
    values = np.array([[0.0, -3.0], [1.0, 1.5]])
    surfaces, scales = painted([values, values[:, :1]], [{"f": "relu"}, {"f": "sigmoid"}])
    assert surfaces.dtype == np.int8
    for row, (middle, reach), column in zip(
        surfaces, scales, [*values.T, values[:, 0]], strict=True
    ):
        assert middle + row / 127 * reach == pytest.approx(column, abs=reach / 127)


def test_a_surface_that_is_no_number_is_painted_all_the_same():
    surfaces, _ = painted([np.array([[np.nan], [np.inf]])], [{"f": "linear"}])
    assert np.isfinite(surfaces).all()


def test_every_feature_is_painted_to_its_ends():
    assert (
        abs(painted_inputs(Setting(features=FEATURES)).astype(int)).max(axis=1).tolist()
        == [127] * 7
    )


def test_a_frame_is_its_heads_length_its_head_and_the_surfaces():
    surfaces = np.arange(6, dtype=np.int8).reshape(2, 3)
    data = framed({"train": float("nan"), "flow": [np.float64(0.1)]}, surfaces)
    length = int.from_bytes(data[:4], "little")
    assert json.loads(data[4 : 4 + length]) == {"train": None, "flow": [0.1]}
    assert data[4 + length :] == surfaces.tobytes()


def test_a_set_up_needs_what_it_calls_and_nothing_else():
    names = needed(Setting(activation="relu", loss="mse", data="plane", layers=(2,)))
    assert set(names) == {
        "relu", "d_relu", "mlp_forward", "param_count", "mse", "d_mse", "forward", "backward",
        "batches", "sgd_step",
    }  # fmt: skip
    more = needed(Setting(l2=0.01, dropout=20))
    assert {"add_penalty", "dropout_forward", "dropout_backward", "d_sigmoid"} <= set(more)
    assert not {"tanh", "dropout_forward"} & set(needed(Setting(layers=(), dropout=20)))


def test_every_choice_has_points_to_show_and_can_be_sent():
    told = json.loads(json.dumps(options()))
    assert set(told["samples"]) == set(DATA)
    assert told["usual"] == Setting().as_data()
    assert not re.search(r"NaN|Infinity", json.dumps(told))
