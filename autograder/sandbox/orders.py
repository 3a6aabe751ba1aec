"""What the grader, the server and the wardens tell each other: trusted, small, JSON."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, dataclass, field
from typing import Any

from autograder.sandbox.policy import Limits

__all__ = ["LARGEST", "UP", "WITHOUT_TRIAL", "End", "Line", "Order", "Setup", "Trial"]

LARGEST = 64 * 1024  # bytes of one message
JOIN = b"join"  # with a descriptor: another line, over which orders will come
READY = b"ready"
WITHOUT_TRIAL = b'"trial": null}'  # how an order for a submission ends
UP = b"up"  # a warden's first word: its inmate is locked up


@dataclass(frozen=True)
class Line:
    """A grader's own line to a server that others use too; ``bubblewrap`` is a version."""

    control: socket.socket
    bubblewrap: str


@dataclass(frozen=True)
class Setup:
    """How a server starts.

    preload: modules to import before the first fork.
    namespaces: the full cage; otherwise Landlock and the filter alone.
    readable: what Landlock allows to read.
    uid: the user to become, where the server starts as root.
    mnist: the file that Keras is to load MNIST from; empty where nobody will.
    scratch: where submissions may write, without namespaces: a folder is made in it for each.
    """

    preload: tuple[str, ...]
    namespaces: bool
    readable: tuple[str, ...]
    uid: int
    scratch: str = ""
    mnist: str = ""

    def pack(self) -> bytes:
        """Write it as a message."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpack(cls, data: bytes) -> Setup:
        """Read the message back."""
        raw = json.loads(data)
        preload, readable = tuple(raw.pop("preload")), tuple(raw.pop("readable"))
        return cls(preload=preload, readable=readable, **raw)


@dataclass(frozen=True)
class Trial:
    """What a first inmate tries, to prove that it cannot.

    secrets: files to read; writable: files and folders to write; port, name: of a TCP and an
    abstract socket that listen.
    """

    secrets: tuple[str, ...]
    writable: tuple[str, ...]
    port: int
    name: str


@dataclass(frozen=True)
class Order:
    """One inmate: its limits, and for the first a trial instead of a submission.

    imports: what its program needs, and the server imports when it is first needed.
    """

    limits: Limits
    imports: tuple[str, ...] = ()
    trial: Trial | None = None

    def pack(self) -> bytes:
        """Write it as a message."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpack(cls, data: bytes) -> Order:
        """Read the message back."""
        raw: dict[str, Any] = json.loads(data)
        trial = raw["trial"]
        if trial is not None:
            trial = Trial(
                tuple(trial["secrets"]), tuple(trial["writable"]), trial["port"], trial["name"]
            )
        return cls(Limits(**raw["limits"]), tuple(raw["imports"]), trial)


@dataclass(frozen=True)
class End:
    """A warden's last word: that the inmate could not be caged, or how it ended.

    limit: ``memory``, ``cpu``, ``processes`` or ``files`` where that is why it was killed, and
    ``asked`` where the grader wanted it. Nothing inside can send it signal 9, so one without any of
    these came from outside.
    """

    trouble: str = ""
    code: int | None = None
    signal: int | None = None
    limit: str = field(default="")

    def pack(self) -> bytes:
        """Write it as a message."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpack(cls, data: bytes) -> End:
        """Read the message back."""
        return cls(**json.loads(data))
