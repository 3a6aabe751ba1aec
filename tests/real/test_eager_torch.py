"""PyTorch without its compiler, until somebody compiles."""

import importlib.util
import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.real

PROGRAM = """
import json, sys
import autograder.sandbox.eager_torch
import torch

def compiler():
    return "torch._dynamo.eval_frame" in sys.modules

def train():
    torch.manual_seed(1)
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.ones(4, 2)).pow(2).mean().backward()
        optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())
    return model.weight.flatten().tolist()

told = {}
trained = train()
hasattr(torch._dynamo, "__file__")  # as whoever looks through all modules asks
told["after training"] = compiler()
told["doubled"] = torch.compile(lambda x: 2 * x, backend="eager")(torch.ones(2)).tolist()
told["after compiling"] = compiler()
told["one of it"] = sys.modules["torch._dynamo"] is torch._dynamo
told["alike"] = train() == trained
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told():
    if importlib.util.find_spec("torch") is None:
        pytest.skip('torch is not installed: pip install "gradeflow[torch]"')
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(done.stdout)


def test_an_optimizer_imports_no_compiler(told):
    assert not told["after training"]


def test_whoever_compiles_has_the_compiler(told):
    assert told["doubled"] == [2, 2]
    assert told["after compiling"]
    assert told["one of it"]
    assert told["alike"]
