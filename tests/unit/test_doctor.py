"""What doctor finds without starting anything: removed calls, names of files, variables."""

import ast
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.doctor
from autograder.cli.app import app
from autograder.doctor import kernels
from autograder.doctor.findings import Finding
from autograder.doctor.probe import PROBE, Inside, compared, here, read
from autograder.doctor.removed import RULES, removed
from autograder.doctor.surroundings import shadows, surroundings
from autograder.errors import GradeFlowError
from autograder.messages import LANGUAGES, has, texts
from autograder.wire.protocol import Part

KERAS = "from tensorflow import keras\nimport tensorflow as tf\n"
EXAMPLES = {
    "predict_classes": "model.predict_classes(x)",
    "nb_epoch": "model.fit(x, y, nb_epoch=3)",
    "history_acc": "history.history['acc']",
    "lr": "keras.optimizers.Adam(lr=0.1)",
    "np_utils": "from keras.utils import np_utils",
    "layers_core": "from keras.layers.core import Dense",
    "tensorflow_examples": "from tensorflow.examples.tutorials.mnist import input_data",
    "session": "s = tf.Session()",
    "placeholder": "p = tf.placeholder(tf.float32)",
    "input_shape": "keras.layers.Flatten(input_shape=(28, 28))",
    "softmax_logits": (
        "keras.layers.Dense(10, activation='softmax')\n"
        "keras.losses.CategoricalCrossentropy(from_logits=True)"
    ),
}


def found(*sources, what="digits.py"):
    parts = [Part(f"cell {n}", source) for n, source in enumerate(sources, 1)]
    return list(removed(what, parts))


def rules(*sources):
    return [finding.does.removesuffix("_do") for finding in found(*sources)]


def test_there_is_an_example_of_every_rule():
    assert set(EXAMPLES) == RULES


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_what_is_gone_is_found(rule):
    assert rules(KERAS + EXAMPLES[rule]) == [rule]


def test_a_call_is_named_with_its_cell_and_its_line():
    (finding,) = found(KERAS, "\nmodel.fit(x,\n  nb_epoch=1)")
    assert finding.detail("en").startswith("cell 2, line 3: nb_epoch= is gone")
    assert finding.advice("en") == "It is called epochs now."


@pytest.mark.parametrize(
    "source",
    [
        "from tensorflow.keras.optimizers import Adam as A\nA(lr=0.1)",
        "import tensorflow.keras as k\nk.optimizers.SGD(lr=0.1)",
        "import keras\nkeras.optimizers.legacy.Adam(lr=0.1)",
    ],
)
def test_a_name_is_known_however_it_was_imported(source):
    assert rules(source) == ["lr"]


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.optim.Adam(lr=0.1)",
        KERAS + "import torch\ntorch.optim.SGD(model.parameters(), lr=0.1)",
        KERAS + "from sklearn.svm import SVC\nSVC().predict_proba(x)",
        KERAS + "model.compile(metrics=['acc'])\nhistory.history['acc']",
        KERAS + "model.compile(metrics=['accuracy'])\nhistory.history['accuracy']",
        KERAS + "keras.losses.CategoricalCrossentropy(from_logits=True)",
        KERAS + "tf.compat.v1.Session()",
        "model.predict_classes(x)",
        KERAS + "def broken(:",
    ],
)
def test_what_is_there_today_is_not_told(source):
    assert rules(source) == []


# ---- around a notebook -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tensorflow.py", "keras.py", "torch.py", "numpy.py", "random.py"])
def test_a_file_with_the_name_of_a_module_is_found(tmp_path, name):
    (tmp_path / name).touch()
    (tmp_path / "neuron.py").touch()
    (finding,) = shadows(tmp_path)
    assert (finding.what, finding.state) == (name, "problem")


def test_a_folder_shadows_only_where_it_is_a_package(tmp_path):
    (tmp_path / "torch").mkdir()
    assert not list(shadows(tmp_path))
    (tmp_path / "torch" / "__init__.py").touch()
    assert [each.what for each in shadows(tmp_path)] == ["torch"]


@pytest.fixture
def around(tmp_path, monkeypatch):
    for name in ("KERAS_BACKEND", "TF_USE_LEGACY_KERAS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return lambda: {each.what: each for each in surroundings(())}


def test_variables_that_change_keras_are_told(around, monkeypatch):
    assert set(around()) == {"KERAS_HOME", "MNIST"}
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    told = around()
    assert {told[name].state for name in ("KERAS_BACKEND", "TF_USE_LEGACY_KERAS")} == {"notice"}
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "0")
    assert set(around()) == {"KERAS_HOME", "MNIST"}


def test_a_folder_that_keras_would_pass_over_is_told(around, monkeypatch, tmp_path):
    assert around()["KERAS_HOME"].state == "ok"
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "not" / "yet"))
    assert around()["KERAS_HOME"].state == "ok", "Keras makes it"
    (tmp_path / "file").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file"))
    assert around()["KERAS_HOME"].key == "keras_home_unfit"


def test_a_file_that_keras_would_delete_is_told(around, tmp_path):
    assert around()["MNIST"].key == "mnist_course"
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"a subset")
    assert around()["MNIST"].state == "problem"


def test_without_jupyter_it_is_told_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setattr(kernels, "have_jupyter", lambda: False)
    (finding,) = kernels.kernels(tmp_path)
    assert (finding.state, finding.key) == ("problem", "no_jupyter")
    assert "gradeflow[nbgrader]" in finding.advice("zh")


# ---- the probe ---------------------------------------------------------------------------------


def test_the_probe_is_read_whatever_else_a_kernel_prints():
    assert here().python
    assert read("noise\n" + 'gradeflow-probe:{"broken":') is None
    ast.parse(PROBE, feature_version=(3, 7))


def test_a_kernel_of_another_python_is_told_what_it_lacks_and_has_otherwise():
    project = Inside("/a/python", "/a", "3.11", {"numpy": "2", "torch": "3", "keras": ""}, {})
    same = Inside("/a/python3", "/a", "3.11", {}, {})
    assert [each.key for each in compared("k", same, project)] == ["kernel_of_project"]
    other = Inside("/b/python", "/b", "3.11", {"numpy": "1", "torch": ""}, {})
    told = {each.key: each.detail("en") for each in compared("k", other, project)}
    assert set(told) == {"kernel_elsewhere", "kernel_lacks", "kernel_versions"}
    assert "torch 3" in told["kernel_lacks"]
    assert "numpy 1 (2)" in told["kernel_versions"]


@pytest.mark.parametrize(
    ("content", "says"),
    [("{}", "work.ipynb: 文件以 .ipynb 结尾"), (None, "work.ipynb")],
    ids=["no notebook", "no file"],
)
def test_a_file_that_cannot_be_read_is_told_in_the_learners_language(tmp_path, content, says):
    path = tmp_path / "work.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = CliRunner().invoke(app, ["doctor", str(path), "--language", "zh"])
    assert isinstance(done.exception, GradeFlowError)
    assert says in str(done.exception)
    assert re.search("[\u4e00-\u9fff]", str(done.exception))


# ---- words -------------------------------------------------------------------------------------


def keys_used():
    """Every finding's state and key, and every other key of what to do, as the code has them."""
    for path in Path(autograder.doctor.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                key = node.args[2]
                if isinstance(key, ast.Constant):
                    yield node.args[1].value, key.value


def test_every_finding_has_its_words_and_what_to_do():
    used = set(keys_used())
    assert len(used) > 25
    for state, key in used:
        assert has(f"doctor.{key}"), key
        assert state == "ok" or has(f"doctor.{key}_do"), key
    assert all(has(f"doctor.{rule}_do") for rule in RULES)


def test_no_words_of_findings_are_left_over():
    keys = {key for _, key in keys_used()} | {"api_gone", "api_warns", "looking"}
    keys |= {f"{key}_do" for key in keys | RULES} | {"run_stops_import_do"}
    there = {key.removeprefix("doctor.") for key in texts("en") if key.startswith("doctor.")}
    assert there <= keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_from_outside_moves_no_terminal(language):
    finding = Finding("k", "problem", "kernel_died", {"words": "\x1b[2Jgone\n{command}"})
    assert "\x1b" not in finding.detail(language)
    assert "gone {command}" in finding.detail(language)
