"""Plain PyTorch scripts are graded by what they leave behind: structure, last step, answers."""

from functools import cache
from pathlib import Path

import pytest

from autograder.catalogue import load_exercise
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Part, Program

pytestmark = pytest.mark.real

EXERCISE = Path(__file__).parents[2] / "solutions" / "10_xor_torch"

SCRIPT = """
import torch
import torch.nn as nn

torch.manual_seed(3)
x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)
y = torch.tensor([[0], [1], [1], [0]], dtype=torch.float32)
model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
criterion = nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
losses = []
for epoch in range(400):
    optimizer.zero_grad()
    output = model(x)
    loss = criterion(output, y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if epoch % 100 == 0:
        print(epoch, loss.item())
with torch.no_grad():
    print(model(x).round())
"""

SIGMOID_OUT = ("nn.Linear(8, 1), nn.Sigmoid()", "nn.Linear(8, 1)")
LOGITS = ("nn.BCELoss()", "nn.BCEWithLogitsLoss()")
SQUARES = ("nn.BCELoss()", "nn.MSELoss()")
SGD = "torch.optim.SGD(model.parameters(), lr=1.0)"
STEP = """    optimizer.zero_grad()
    output = model(x)
    loss = criterion(output, y)
    loss.backward()
    optimizer.step()
"""
BY_ROWS = """    for input, target in zip(x, y):
        optimizer.zero_grad()
        loss = criterion(model(input), target)
        loss.backward()
        optimizer.step()
"""
OWN_CLASS = (
    "model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())",
    """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(2, 8), nn.Linear(8, 1)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))

model = Net()""",
)
TWO_ACTIVATIONS = (
    "nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)",
    "nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1)",
)

UNSEEDED = ("torch.manual_seed(3)\n", "")
SMALLEST = (
    "nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)",
    "nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)",
)
SLOWLY = [("lr=1.0", "lr=0.1"), ("400", "1000")]
BY_HAND = """    output = model(x)
    loss = criterion(output, y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= p.grad
            p.grad.zero_()
"""
CLOSURE = """    def closure():
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        return loss
    loss = optimizer.step(closure)
"""

RIGHT = {
    "as in the notes": [],
    "logits": [SIGMOID_OUT, LOGITS],
    "squared error, Adam": [SQUARES, (SGD, "torch.optim.Adam(model.parameters(), lr=0.05)")],
    "AdamW": [(SGD, "torch.optim.AdamW(model.parameters(), lr=0.05)")],
    "RMSprop": [(SGD, "torch.optim.RMSprop(model.parameters(), lr=0.02)")],
    "an optimizer nobody foresaw": [(SGD, "torch.optim.Adagrad(model.parameters(), lr=0.3)")],
    "momentum": [(SGD, "torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)")],
    "row by row": [(STEP, BY_ROWS), ("lr=1.0", "lr=0.3")],
    "a class of its own": [OWN_CLASS, LOGITS],
    "deeper, other activations": [TWO_ACTIVATIONS, ("lr=1.0", "lr=0.5"), ("400", "800")],
    "cleared after the step": [(STEP, STEP + "    optimizer.zero_grad()\n")],
    # One start of four succeeds.
    "the smallest network, without a seed": [UNSEEDED, SMALLEST, *SLOWLY],
    "steps by hand": [(STEP, BY_HAND)],
    "a closure": [(STEP, CLOSURE)],
    "drawn": [
        ("with torch", "import matplotlib.pyplot as p\np.plot(losses)\np.show()\nwith torch")
    ],
}

WRONG = {
    "no zero_grad": ([("    optimizer.zero_grad()\n", "")], {"train_step"}, "A10.1"),
    "cleared too late": (
        [("    optimizer.zero_grad()\n", ""), ("ward()\n", "ward()\n    optimizer.zero_grad()\n")],
        {"train_step", "train"},
        "A10.1",
    ),
    "no step": ([("    optimizer.step()\n", "")], {"train_step", "train"}, None),
    "no backward": ([("    loss.backward()\n", "")], {"train_step", "train"}, None),
    "a single neuron": (
        [("nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)", "nn.Linear(2, 1)")],
        {"XORNet", "train", "predict"},
        None,
    ),
    "three steps": ([("range(400)", "range(3)")], {"train", "predict"}, None),
    "another name": ([("model", "net")], {"xor_data", "XORNet", "train", "predict"}, None),
    "sigmoid twice": ([LOGITS], {"train_step", "train"}, "A10.3"),
    "linear": ([("nn.Tanh(), ", "")], {"XORNet", "train", "predict"}, "A10.2"),
    "labels in one line": (
        [SQUARES, ("[[0], [1], [1], [0]]", "[0, 1, 1, 0]")],
        {"train_step", "train"},
        "A10.4",
    ),
    "half of the parameters": (
        [(SGD, "torch.optim.SGD(model[0].parameters(), lr=1.0)")],
        {"train_step"},
        "A10.7",
    ),
    "always the first row": (
        [(STEP, BY_ROWS.replace("model(input)", "model(x[0])"))],
        {"train", "predict"},
        "A10.9",
    ),
    "stuck": (
        [SMALLEST, *SLOWLY],
        {"train", "predict"},
        "A10.6",
    ),
    "not trained": ([("range(400)", "range(0)")], {"train_step", "train", "predict"}, None),
}


def edited(edits):
    text = SCRIPT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


@cache
def results():
    exercise = load_exercise(EXERCISE)
    texts = {name: edited(edits) for name, edits in RIGHT.items()}
    texts |= {name: edited(edits) for name, (edits, _, _) in WRONG.items()}
    found = {}
    sandbox = Sandbox("none")
    try:
        entries = (
            Entry(name, "my.py", Program(exercise.module, (Part("my.py", text),)))
            for name, text in texts.items()
        )
        run_checks(
            open_bench(exercise, "salt"), sandbox, entries, lambda r: found.update({r.learner: r})
        )
    finally:
        sandbox.close()
    return found


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_script_earns_60_points(name):
    result = results()[name]
    assert result.problem is None
    lost = {
        check.name: check.evidence.facts.get("says", check.evidence)
        for check in result.checks
        if not check.points
    }
    assert set(lost.values()) == {"script_once"}
    assert result.score.points == 60


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_script_loses_what_its_mistake_shows_in(name):
    result = results()[name]
    _, tasks, misconception = WRONG[name]
    lost = {
        check.task
        for check in result.checks
        if not check.points and check.evidence.facts.get("says") != "script_once"
    }
    assert tasks <= lost
    assert result.diagnoses == ((misconception,) if misconception else ())


def test_a_script_without_a_seed_has_the_same_points_each_time():
    exercise = load_exercise(EXERCISE)
    program = Program(exercise.module, (Part("my.py", edited([UNSEEDED, SMALLEST, *SLOWLY])),))
    found = []
    sandbox = Sandbox("none")
    try:
        entries = (Entry(name, "my.py", program) for name in "ab")
        run_checks(open_bench(exercise, "salt"), sandbox, entries, found.append)
    finally:
        sandbox.close()
    assert [result.score.points for result in found] == [60, 60]


def test_another_name_than_model_is_told_with_what_is_there():
    says = {check.evidence.facts.get("there") for check in results()["another name"].checks}
    assert says == {"net (Sequential)", None}
