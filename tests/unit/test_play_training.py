"""The learner's functions train, in a process of their own; what is wrong with them is told."""

import contextlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from autograder.catalogue import find_course
from autograder.errors import LearnerError
from autograder.messages import explain_evidence
from autograder.play.functions import FUNCTIONS
from autograder.play.holding import Trouble
from autograder.play.numerical import compared
from autograder.play.own import STAND_INS
from autograder.play.setting import Setting
from autograder.play.sources import Sources
from autograder.play.training import Training
from autograder.sandbox.opening import Sandbox

ROOT = Path(__file__).parents[2]
EXERCISES = sorted({each.exercise for each in FUNCTIONS.values()})
ALL = tuple(FUNCTIONS)
SMALL = Setting(layers=(3, 2), batch=7)


@pytest.fixture(scope="module")
def sandbox():
    with contextlib.closing(Sandbox("plain", "numpy", warm=True)) as opened:
        yield opened


@pytest.fixture
def room(tmp_path):
    """Make a learner's folder with everything solved, but for what is replaced, by exercise."""

    def make(only=EXERCISES, **replaced):
        shutil.copy(ROOT / "course.toml", tmp_path)
        for name in only:
            source = ROOT / "solutions" / name
            folder = tmp_path / "assignments" / name
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / "exercise.toml", folder)
            module = name.partition("_")[2]
            text = (source / f"{module}.py").read_text(encoding="utf-8")
            for old, new in replaced.get(module, {}).items():
                assert old in text
                text = text.replace(old, new)
            (folder / f"{module}.py").write_text(text, encoding="utf-8")
        return Sources.of(find_course(tmp_path))

    return make


@pytest.fixture
def train(sandbox, room):
    """Make the training of a learner's folder."""
    with contextlib.ExitStack() as stack:

        def make(**replaced):
            training = Training(sandbox, room(**replaced))
            stack.callback(training.close)
            return training

        yield make


def trained(training, setting, steps):
    training.make(setting)
    return training.advance(steps)


def trouble_of(work, *given):
    with pytest.raises(Trouble) as raised:
        work(*given)
    words = explain_evidence(raised.value.evidence, "en", lambda _kind, _key: None)
    return raised.value, " ".join([words.headline, *words.details])


def parts(compared):
    return {(each["name"], each["layer"]) for each in compared if each["parts"]}


def test_two_tanh_layers_learn_xor_and_none_do_not(train):
    training = train()
    setting = Setting(noise=0, rate=0.3)
    assert trained(training, setting, 600)["test"] < 0.1
    assert trained(training, Setting(noise=0, rate=0.3, layers=()), 600)["test"] > 0.6


@pytest.mark.parametrize(
    "setting",
    [
        SMALL,
        Setting(layers=(3,), activation="relu", loss="mse", data="curve", l1=0.001, batch=0),
        Setting(layers=(2, 2), activation="sigmoid", loss="l1", l2=0.01),
        Setting(layers=(), loss="rmse", data="plane", features=("xy", "sinx")),
        Setting(layers=(2,), activation="linear", loss="l2", data="moons"),
    ],
    ids=lambda setting: f"{setting.activation}-{setting.loss}",
)
def test_what_stands_in_does_the_same_as_the_solutions(train, setting):
    training = train()
    wanted = trained(training, setting, 3)
    own = Setting.read({**setting.as_data(), "own": list(ALL)})
    got = trained(training, own, 3)
    for right, own_pair in zip(wanted["layers"], got["layers"], strict=True):
        for array, own_array in zip(right, own_pair, strict=True):
            assert own_array == pytest.approx(array, rel=1e-9, abs=1e-15)
    assert got["train"] == pytest.approx(wanted["train"], rel=1e-9)
    assert np.array_equal(got["surfaces"], wanted["surfaces"])


def test_each_stand_in_takes_its_place_alone(train):
    training = train()
    setting = Setting(layers=(3, 2), batch=5, dropout=30, l1=0.001, l2=0.001)
    wanted = trained(training, setting, 2)
    for name in set(ALL) & set(STAND_INS) - {"batches", "dropout_forward"}:
        got = trained(training, Setting.read({**setting.as_data(), "own": [name]}), 2)
        assert got["train"] == pytest.approx(wanted["train"], rel=1e-9), name


def test_a_right_gradient_agrees_with_the_numerical_one(train):
    training = train()
    for activation in ("tanh", "relu"):
        setting = Setting(activation=activation, layers=(4, 4), data="moons")
        training.make(setting)
        assert parts(training.compare()) == set()
        training.advance(20)
        assert parts(training.compare()) == set()


def test_at_the_corner_of_relu_no_gradient_between_its_slopes_is_called_wrong():
    # All weights are 0, so every weighted sum stands exactly in the corner.
    layers = [{"W": np.zeros((1, 2)), "b": np.zeros(2), "f": "relu"}]
    inputs, dout = np.array([[1.0], [2.0]]), np.array([[1.0, -1.0], [2.0, 0.5]])

    def loss(moved):
        return float((STAND_INS["forward"](inputs, moved)[0] * dout).sum())

    grads = [{"W": np.zeros((1, 2)), "b": np.zeros(2)}]
    assert parts(compared(layers, grads, loss)) == set()
    grads[0]["W"] += 99
    assert parts(compared(layers, grads, loss)) == {("W", 1)}


def test_a_wrong_backward_parts_from_the_numerical_gradient_where_the_mistake_is(train):
    wrong = {'dout = delta @ params[i]["W"].T': 'dout = 2 * delta @ params[i]["W"].T'}
    training = train(backprop=wrong)
    training.make(SMALL)
    found = training.compare()
    assert {layer for _, layer in parts(found)} == {1, 2}
    second = next(each for each in found if (each["name"], each["layer"]) == ("W", 2))
    assert second["factor"] == pytest.approx(2, rel=1e-3)
    assert second["told"] == pytest.approx(2 * second["numerical"], rel=1e-3)


def test_a_wrong_slope_of_exercise_1_is_seen_in_the_gradient(train):
    training = train(neuron={"return 1 - tanh(z) ** 2": "return 1 - tanh(z)"})
    training.make(SMALL)
    assert {layer for _, layer in parts(training.compare())} == {1, 2}


def test_what_the_code_prints_and_warns_of_is_kept_to_be_shown(train):
    training = train(
        losses={"    same_shape(y, p)\n": "    same_shape(y, p); print('shapes fit')\n"}
    )
    training.make(Setting(loss="mse"))
    assert "shapes fit" in training.printed()
    assert training.printed() == ""


def test_a_function_that_raises_is_told_with_the_learners_own_line(train):
    training = train(backprop={'cache[i]["X"].T @ delta': 'cache[i]["Q"].T @ delta'})
    training.make(SMALL)
    trouble, said = trouble_of(training.advance, 1)
    assert trouble.function == "backward"
    assert "KeyError" in said
    assert "backprop.py, line" in said
    assert 'cache[i]["Q"].T' in said


def test_a_function_that_is_not_written_is_told_by_its_name(train):
    body = "return {name: value - lr * grads[name] for name, value in params.items()}"
    training = train(descent={body: 'raise NotImplementedError("sgd_step")'})
    training.make(SMALL)
    trouble, said = trouble_of(training.advance, 1)
    assert (trouble.function, said) == ("sgd_step", "sgd_step is not written yet.")


def test_a_function_that_is_missing_is_told_and_one_of_another_folder_too(sandbox, room):
    sources = room(only=["01_neuron"])
    with contextlib.closing(Training(sandbox, sources)) as training:
        trouble, said = trouble_of(training.make, SMALL)
        assert trouble.function == "mlp_forward"
        assert "03_xor" in said
        own = tuple(name for name in ALL if FUNCTIONS[name].exercise != "01_neuron")
        training.make(Setting(own=own))
        assert training.advance(1)["step"] == 1


def test_a_file_that_cannot_be_read_as_python_says_why(train):
    training = train(
        descent={"def sgd_step(params, grads, lr):": "def sgd_step(params, grads, lr:"}
    )
    _, said = trouble_of(training.make, SMALL)
    assert "SyntaxError" in said
    assert "descent.py" in said


@pytest.mark.parametrize(
    ("module", "old", "new", "function"),
    [
        ("backprop", "return grads[::-1]", "return grads", "backward"),
        ("backprop", "return grads[::-1]", "return None", "backward"),
        ("descent", "order[start : start + size]", "[]", "batches"),
        ("descent", "order[start : start + size]", "order + n", "batches"),
        ("losses", "return 2 * (p - y) / len(y)", "return 1.0", "d_mse"),
        ("xor", "return A, cache", "return A", "mlp_forward"),
        ("regularization", "for (dW, db), (more_W", "for (db, dW), (more_W", "add_penalty"),
    ],
)
def test_what_is_of_another_form_is_told_with_the_function_it_came_from(
    train, module, old, new, function
):
    training = train(**{module: {old: new}})
    setting = Setting(layers=(3, 2), loss="mse", l2=0.01)

    def work():
        training.make(setting)
        training.advance(1)

    trouble, said = trouble_of(work)
    assert trouble.function == function
    assert said.startswith(f"{function} returned")


def test_an_endless_loop_is_stopped_and_told_and_the_next_network_can_be_made(train):
    training = train(
        descent={"return {name: value - lr": "while True: pass\n    return {name: value - lr"}
    )
    training.make(SMALL)
    trouble, said = trouble_of(training.advance, 1)
    assert (trouble.function, trouble.ended) == ("sgd_step", True)
    assert said == "sgd_step was stopped after 2 s: is there a loop in it that never ends?"
    assert trouble_of(training.advance, 1)[0].ended
    training.make(Setting(own=("sgd_step",)))
    assert training.advance(1)["step"] == 1


def test_a_file_that_ends_its_process_costs_only_its_top_level(train):
    training = train(descent={"import numpy as np\n": "import numpy as np, os\nos._exit(3)\n"})
    assert trained(training, SMALL, 1)["step"] == 1


def test_the_masks_of_dropout_are_those_of_the_step_back(train):
    training = train(regularization={"return dout * mask / (1 - rate)": "return dout * mask"})
    setting = Setting(layers=(3, 2), dropout=50, batch=20)
    wrong = trained(training, setting, 1)["layers"][0][0]
    right = trained(train(), setting, 1)["layers"][0][0]
    assert not np.allclose(wrong, right)


def test_a_course_of_other_exercises_is_refused_with_a_sentence(tmp_path):
    shutil.copy(ROOT / "course.toml", tmp_path)
    (tmp_path / "assignments").mkdir()
    with pytest.raises(LearnerError, match="none of the exercises whose functions"):
        Sources.of(find_course(tmp_path))
    with pytest.raises(LearnerError, match="--reference is for whoever has them"):
        Sources.of(find_course(tmp_path), reference=True)


def test_a_small_gradient_far_from_the_output_is_compared_by_its_own_size(train):
    # Through sigmoids the first layer gets hardly anything: that little is looked at all the same.

    training = train(
        backprop={
            "delta = dout * slope": "dout = dout * (1 if i else 1.5)\n        delta = dout * slope"
        }
    )

    training.make(Setting(activation="sigmoid", layers=(8, 8, 8, 8)))
    found = training.compare()
    assert parts(found) == {("W", 1), ("b", 1)}
    assert max(each["wanted"] for each in found) > 1000 * found[0]["wanted"]


def test_notebooks_are_run_like_scripts_and_named_in_what_goes_wrong(sandbox, room, tmp_path):
    sources = room()
    for module, cell in (("descent", None), ("backprop", "return grads[::-1]")):
        script = next(tmp_path.rglob(f"{module}.py"))
        text = script.read_text(encoding="utf-8")
        cells = [text, "%matplotlib inline\nprint('seen')"]
        if cell:
            cells[0] = text.replace(cell, "raise KeyError('lost')")
        data = {
            "nbformat": 4, "nbformat_minor": 5, "metadata": {},
            "cells": [
                {"cell_type": "code", "id": f"c{i}", "metadata": {}, "outputs": [],
                 "execution_count": None, "source": source}
                for i, source in enumerate(cells)
            ],
        }  # fmt: skip
        script.with_suffix(".ipynb").write_text(json.dumps(data), encoding="utf-8")
        script.unlink()
    with contextlib.closing(Training(sandbox, sources)) as training:
        training.make(SMALL)
        assert "seen" in training.printed()
        trouble, said = trouble_of(training.advance, 1)
        assert trouble.function == "backward"
        assert "backprop.ipynb: cell 1, line" in said
