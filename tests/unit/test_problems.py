from pathlib import Path

import pytest

from autograder.sandbox.problems import text_of, trace_of
from autograder.wire.protocol import TraceLine

GRAPH = """Graph execution error:

Detected at node compile_loss/mse/sub defined at (most recent call last):
  File "<string>", line 1, in <module>

  File "/opt/engine/sandbox/server.py", line 43, in main

  File "<1:digits.py>", line 29, in fit

  File "/site-packages/keras/src/trainers/trainer.py", line 419, in _compute_loss

Incompatible shapes: [32] vs. [32,10]
\t [[{{node compile_loss/mse/sub}}]] [Op:__inference_multi_step_2818]"""
CALL = (
    "Exception encountered when calling Dense.call().\n\n"
    "\x1b[1m{{function_node __wrapped__MatMul}} In[1] ndims must be >= 2 [Op:MatMul] name: \x1b[0m"
)


def test_frames_of_engine_and_frameworks_are_not_in_the_text_of_an_exception():
    assert text_of(ValueError(GRAPH)) == (
        "Graph execution error:\nDetected at node compile_loss/mse/sub\n"
        "Incompatible shapes: [32] vs. [32,10]"
    )
    assert text_of(ValueError(CALL)) == (
        "Exception encountered when calling Dense.call().\nIn[1] ndims must be >= 2"
    )


def test_a_node_is_told_by_its_name_alone():
    said = (
        "Dimensions must be equal, but are 32 and 10 for '{{node loss/mse/sub}} = Sub[T=DT_FLOAT]"
    )
    text = f"{said}(loss/Cast, dense_41_1/Sigmoid)' with input shapes: [32], [32,10]."
    told = "Dimensions must be equal, but are 32 and 10 for 'loss/mse/sub' with input shapes: "
    assert text_of(ValueError(text)) == f"{told}[32], [32,10]."


def test_a_text_without_frames_stays_as_it_is():
    for text in ("", " two\n\nlines ", "name 'x' is not defined", "[[1, 2]] has no axis"):
        assert text_of(ValueError(text)) == text


def test_a_function_s_place_in_a_check_is_not_told():
    def spy(x):
        return x

    with pytest.raises(TypeError, match="<locals>") as caught:
        spy(1, 2)
    assert text_of(caught.value) == "spy() takes 1 positional argument but 2 were given"


def test_the_learner_s_line_in_a_graph_is_found_in_the_text():
    labels = {"<1:digits.py>": "digits.py"}
    assert trace_of(ValueError(GRAPH), labels) == (TraceLine("digits.py", 29, "fit"),)
    assert trace_of(ValueError(GRAPH), {}) == ()


def test_a_broken_text_and_a_very_long_one_are_cut():
    class BrokenError(Exception):
        def __str__(self):
            raise RuntimeError

    assert text_of(BrokenError()) == ""
    assert len(text_of(ValueError("File " * 10**6))) == 2000


def test_what_each_system_writes_otherwise_is_not_in_the_text():
    with pytest.raises(FileNotFoundError) as caught:
        Path("weights.npy").read_bytes()
    assert text_of(caught.value) == "No such file or directory: 'weights.npy'"
    with pytest.raises(ImportError) as found:
        from numpy import no_such_thing  # noqa: F401
    assert text_of(found.value) == "cannot import name 'no_such_thing' from 'numpy'"
    assert text_of(OSError("[Errno 5] is what I say")) == "is what I say"
    assert text_of(ValueError("[Errno 5] (/no/place.py)")) == "[Errno 5] (/no/place.py)"
