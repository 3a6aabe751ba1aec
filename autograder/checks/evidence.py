"""How a check fails: with facts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.model import Evidence
from autograder.sandbox.proxy import Function
from autograder.wire.protocol import Call, Code, Handle, Name, Opaque, Seed, Tensor

__all__ = ["Mismatch", "show", "show_apart", "show_call"]

MOST_TEXT = 600


class Mismatch(Exception):  # noqa: N818 - reads as what a check found
    """A check's explicit verdict that the learner's program is wrong.

    got, wanted: the values compared, for the engine to find their call and a pattern in them.
    misconception: set where the check itself knows which misunderstanding it has caught.
    """

    def __init__(
        self,
        evidence: Evidence,
        got: object = None,
        wanted: object = None,
        misconception: str | None = None,
    ) -> None:
        self.evidence = evidence
        self.got = got
        self.wanted = wanted
        self.misconception = misconception
        super().__init__(evidence.kind)


def show(value: object) -> str:
    """Write a value as a learner would type it, on few lines."""
    match value:
        case np.ndarray() if value.ndim == 0:
            text = show(value.item())
        case np.ndarray():
            # The corners of eight axes of six would be a million numbers.
            edge = 3 if value.ndim < 4 else 1
            text = np.array2string(value, precision=6, threshold=24, edgeitems=edge, separator=", ")
            empty = f", shape={value.shape}" if value.size == 0 else ""
            text = f"array({text}{empty})".replace("\n", "\n      ")
        case np.generic():
            text = show(value.item())
        case float():
            text = f"{value:.6g}" if abs(value) < 1e15 else repr(value)
            text = text if any(c in text for c in ".en") else text + ".0"
        case tuple():
            inner = _listed(map(show, value))
            text = f"({inner},)" if len(value) == 1 else f"({inner})"
        case list():
            text = f"[{_listed(map(show, value))}]"
        case dict():
            inner = _listed(f"{_brief(key)}: {show(item)}" for key, item in value.items())
            text = f"{{{inner}}}"
        case Name(name) | Code(name):
            text = name
        case Function(target=target):
            text = show(target)
        case Handle(kind=kind) | Opaque(kind=kind):
            text = f"<{kind}>"
        case Seed(number):
            text = f"np.random.default_rng({number})"
        case Tensor(library, array):
            maker = "torch.tensor" if library == "torch" else "tf.constant"
            text = f"{maker}({show(array)}, dtype={array.dtype})"
        case _:
            text = _brief(value)
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


def show_apart(got: float | complex, wanted: float | complex) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see them apart."""
    texts = show(got), show(wanted)
    if texts[0] != texts[1] or isinstance(got, complex) or isinstance(wanted, complex):
        return texts
    for digits in range(7, 18):
        texts = f"{got:.{digits}g}", f"{wanted:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _listed(texts: Iterator[str]) -> str:
    """Join texts, and ask for no more of them than can be shown."""
    pieces, size = [], 0
    for text in texts:
        pieces.append(text)
        size += len(text) + 2
        if size > MOST_TEXT:
            break
    return ", ".join(pieces)


def _brief(value: object) -> str:
    """Write a value that has no form of its own here, without looking at megabytes of it."""
    if isinstance(value, str | bytes):
        return repr(value[: MOST_TEXT + 1])
    if isinstance(value, set | frozenset) and len(value) > MOST_TEXT:
        return f"{{{_listed(map(_brief, value))}}}"
    if isinstance(value, tuple):
        return f"({_listed(map(_brief, value))})"
    return repr(value)


def show_call(call: Call) -> str:
    """Write a call: ``neuron(array([1., 2.]), array([0.5, 0.5]), 0.0, sigmoid)``."""
    args = [show(arg) for arg in call.args]
    args += [f"{key}={show(value)}" for key, value in call.kwargs.items()]
    name = f"<{call.target.kind}>" if isinstance(call.target, Handle) else call.target.name
    return f"{name}({', '.join(args)})"
