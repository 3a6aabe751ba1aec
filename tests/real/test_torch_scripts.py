"""Plain PyTorch scripts are graded by what they leave behind: structure, last step, answers."""

from functools import cache
from pathlib import Path

import pytest

from autograder.catalogue import load_exercise
from autograder.grading.loop import Entry, run_checks
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
    "drawn": [
        ("with torch", "import matplotlib.pyplot as p\np.plot(losses)\np.show()\nwith torch")
    ],
}

WRONG = {
    "no zero_grad": ([("    optimizer.zero_grad()\n", "")], {"train_step"}, None),
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
        [
            (
                "nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)",
                "nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)",
            )
        ],
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
    assert misconception in result.diagnoses if misconception else True
