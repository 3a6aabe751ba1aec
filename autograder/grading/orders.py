"""What a pool and its workers tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

import autograder
from autograder.grading.entry import Entry
from autograder.model import Considered, Result
from autograder.sandbox.opening import Kind
from autograder.wire.protocol import Shown

__all__ = [
    "ENGINE",
    "LONGEST_STAGE",
    "Answer",
    "Done",
    "Failed",
    "Graded",
    "Making",
    "Ready",
    "Setup",
    "Stage",
    "pack",
    "read_answer",
    "read_entry",
]

LONGEST_STAGE = 400  # bytes
ENGINE = str(Path(autograder.__file__).parent)
Stage: TypeAlias = Any  # an array of bytes that two processes share; it has no type of its own


@dataclass(frozen=True)
class Setup:
    """What a worker needs to know before its first submission.

    hidden: what no submission may see: the course, the other submissions, the results.
    """

    folder: Path
    salt: str
    sandbox: Kind
    hidden: tuple[Path, ...] = ()


class Graded(msgspec.Struct, frozen=True):
    """A result, and what the program has shown, cell by cell, where that was asked for.

    considered: why its failures were called what they were, where that was asked for.
    """

    result: Result
    shown: tuple[Shown, ...] = ()
    considered: tuple[Considered, ...] = ()


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A worker could not start: the message is for the user."""

    message: str


class Ready(msgspec.Struct, frozen=True, tag=True):
    """A worker waits for entries; it runs the engine that lies in this folder."""

    engine: str = ""


class Making(msgspec.Struct, frozen=True, tag=True):
    """A cage makes what this machine has not yet, once: so many seconds of the processor so far."""

    seconds: float


class Done(msgspec.Struct, frozen=True, tag=True):
    """An entry is graded."""

    graded: Graded


Answer: TypeAlias = Failed | Making | Ready | Done

pack = msgspec.msgpack.encode
read_entry = msgspec.msgpack.Decoder(Entry)
read_answer: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
