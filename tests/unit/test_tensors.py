"""What frameworks' objects become on the wire, without the frameworks: see tests/real for them."""

import numpy as np
import pytest

from autograder.checks import Mismatch, figures, show
from autograder.diagnosis import REFERENCE, AnswerBook, Known
from autograder.diagnosis.answers import same
from autograder.diagnosis.frozen import read_answers, to_json
from autograder.errors import WireError
from autograder.sandbox.inprocess import InProcessSession
from autograder.sandbox.proxy import CallFailed, Recorder, Student, defines
from autograder.wire.protocol import Call, Name, Returned, Tensor
from autograder.wire.values import Budget, decode, encode


def test_a_tensor_crosses_with_library_dtype_and_shape():
    sent = Tensor("torch", np.arange(6, dtype=np.float32).reshape(2, 3))
    came = decode(encode(sent), Budget())
    assert (came.library, came.array.dtype, came.array.tolist()) == (
        "torch",
        np.float32,
        sent.array.tolist(),
    )


def test_a_learner_cannot_send_a_tensor():
    with pytest.raises(WireError, match="data only"):
        decode(encode(Tensor("torch", np.ones(2))), Budget(), references=False)


def test_a_tensor_of_an_unknown_library_is_refused():
    data = bytearray(encode(Tensor("torch", np.ones(2))))
    data[1] = 7
    with pytest.raises(WireError, match="known library"):
        decode(bytes(data), Budget())


def test_a_tensor_is_frozen_and_read_again(tmp_path):
    sent = Tensor("tensorflow", np.eye(2, dtype=np.float32))
    known = Known(Call(Name("f"), (sent,)), {REFERENCE: Returned(1.0)})
    path = tmp_path / "answers.json"
    path.write_text(to_json(AnswerBook((known,), {})), encoding="utf-8")
    assert same(read_answers(path).entries[0].call.args[0], sent, rtol=0)


def test_a_tensor_is_shown_as_it_is_typed():
    shown = show(Tensor("tensorflow", np.array([1.0, 2.0], np.float32)))
    assert shown == "tf.constant(array([1., 2.]), dtype=float32)"


def test_single_precision_is_compared_as_such():
    exact = np.array([1.0, 2.0], np.float32)
    assert same(exact, exact * np.float32(1 + 1e-5), rtol=1e-6, in_form=False)
    double = exact.astype(float)
    assert not same(double, double * (1 + 1e-5), rtol=1e-6, in_form=False)


# ---- scripts and figures ----

SCRIPT = """
import matplotlib.pyplot as plt
model = [1, 2]
plt.plot([1, 2, 3], [3.0, 2.0, 1.0], label="loss")
plt.title("training")
plt.legend()
plt.show()

def plot_history(history):
    figure, axes = plt.subplots(1, 2)
    axes[0].plot(history["loss"], label="train")
    axes[0].set_xlabel("epoch")
    axes[1].plot(["a", "b"], [1, 2])
    return figure

def draw_only():
    plt.figure()
    plt.plot([1, 2])

def draw_on():
    plt.plot([7, 8])

def no_figure():
    return 3

def fails_halfway():
    plt.figure()
    raise ValueError
"""


@pytest.fixture
def script():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.close("all")
    yield Student(InProcessSession.of(SCRIPT, "script"))
    plt.close("all")


def test_a_script_tells_what_its_top_level_defines(script):
    assert defines(script, "model") == "list"
    assert defines(script, "history") is None


def test_open_figures_are_read_as_curves(script):
    defines(script, "model")
    (figure,) = figures(script)
    (axes,) = figure.axes
    assert (axes.title, axes.legend) == ("training", ("loss",))
    assert figure.lines[0].label == "loss"
    assert figure.lines[0].y.tolist() == [3, 2, 1]


def test_a_function_s_figure_is_read_whether_returned_or_only_drawn(script):
    (figure,) = figures(script, "plot_history", {"loss": [1.0, 0.5]})
    assert [axes.xlabel for axes in figure.axes] == ["epoch", ""]
    assert figure.lines[0].y.tolist() == [1, 0.5]
    (drawn,) = figures(script, "draw_only")
    assert drawn.lines[0].label == ""
    assert figures(script, "no_figure") == ()


def test_what_a_function_only_draws_is_told_from_what_already_stood_there(script):
    (drawn,) = figures(script, "draw_on")
    assert [line.y.tolist() for line in drawn.lines] == [[7, 8]]
    (figure,) = figures(script)
    assert [line.y.tolist() for line in figure.lines] == [[3, 2, 1]]


@pytest.mark.usefixtures("script")
def test_how_many_figures_stand_open_changes_nothing_of_what_is_seen():
    import matplotlib.pyplot as plt

    for _ in range(plt.rcParams["figure.max_open_warning"]):
        plt.figure()
    seen = Recorder()
    figures(Student(InProcessSession.of(SCRIPT, "script"), seen), "draw_only")
    assert seen.exchanges[-1].outcome.warnings == ()


def test_a_function_that_fails_leaves_no_figure_open(script):
    import matplotlib.pyplot as plt

    defines(script, "model")
    before = plt.get_fignums()
    with pytest.raises(CallFailed):
        figures(script, "fails_halfway")
    assert plt.get_fignums() == before


def test_a_bent_answer_is_no_figure(script, monkeypatch):
    monkeypatch.setattr("matplotlib.axes.Axes.get_title", lambda _: 5)
    with pytest.raises(Mismatch):
        figures(script)
