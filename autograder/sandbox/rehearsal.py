"""A small program of ours, served by the server before it forks, as inmates will serve theirs.

Python makes code quicker while it runs, and writes that beside the code: what the server has done
no inmate has to do again, nor to copy a page for.
"""

from __future__ import annotations

import linecache
import signal

import numpy as np

from autograder.sandbox.child import serve
from autograder.sandbox.policy import Limits
from autograder.sandbox.program import Runner
from autograder.wire.channel import Closed
from autograder.wire.codec import pack
from autograder.wire.protocol import Call, Calls, Code, Name, Part, Program

__all__ = ["rehearse", "rehearse_torch"]

LABEL = "rehearsal"
SOURCE = "import numpy as np\n\n\ndef given(value, other=None):\n    return value\n"
PROBE = "def asked(module, value):\n    return module.given(value), True, [value], 'text'\n"
TIMES = 10  # Python makes code quicker that has run so often


class _Played:
    """A channel on which everything to be asked lies ready, and nobody listens."""

    def __init__(self, *requests: bytes) -> None:
        self._requests = iter(requests)

    def send(self, payload: bytes, deadline: float | None) -> None:
        pass

    def recv(self, deadline: float | None) -> bytes:
        del deadline
        for request in self._requests:
            return request
        raise Closed("The rehearsal is over.")

    def close(self) -> None:
        pass


def rehearse() -> None:
    """Have a program loaded and called in this process; nothing of it is left to be seen."""
    arrays = np.ones((2, 3)), np.ones(3, np.float32), np.float64(1)
    values: tuple[object, ...] = (*arrays, 1.0, 2, "text", [1.0], {})
    calls = [Call(Name("given"), (value, 0.5)) for value in values]
    calls.append(Call(Code("asked", PROBE), (arrays[0],)))
    several = pack(Calls(tuple(pack(call) for call in calls)))
    program = pack(Program(LABEL, (Part(LABEL, SOURCE),)))
    serve(_Played(program, *[several] * TIMES), Limits(), Runner)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # an inmate's own alarm will take it
    for name in [each for each in linecache.cache if each.endswith((f":{LABEL}>", ":asked>"))]:
        del linecache.cache[name]


def rehearse_torch() -> None:
    """Have PyTorch find out what it does at its first layer, loss and step.

    No gradient is worked out: that may start a thread, and a fork of several is a process that
    hangs. What is drawn at random here no inmate draws again: each seeds its own generators.
    """
    import torch
    from torch import nn

    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    rows, labels = torch.ones(4, 2), torch.ones(4, 1)
    for kind in (torch.optim.Adam, torch.optim.SGD):
        step = kind(net.parameters(), 0.1)
        step.zero_grad()
        nn.BCEWithLogitsLoss()(net(rows), labels).item()
        nn.MSELoss()(net(rows), labels).item()
        for parameter in net.parameters():
            parameter.grad = torch.ones_like(parameter)
        step.step()
    torch.sigmoid(net(rows)).detach().numpy()
