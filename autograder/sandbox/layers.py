"""What protects here: found by trying, in a first inmate, to do what no submission may."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

__all__ = ["REQUIRED", "Layers", "Mode"]

Mode: TypeAlias = Literal["namespaces", "landlock", "webassembly"]

# Without any of these there is no cage.
REQUIRED = ("files", "writes", "network", "fork", "exec", "kill", "trace", "user")
REQUIRED_OF_GUESTS = ("memory", "fuel")


@dataclass(frozen=True)
class Layers:
    """The protections of a cage: each was attacked, and is True where the attack failed.

    files: nothing outside the libraries can be read. writes: nothing outside the scratch can be
    written. network: no socket, to the network or to this machine. fork, exec: no other process,
    no other program. kill: no signal to others. trace: no look into, or limit on, another
    process. mount: no new mounts or namespaces. memory: a bound on private memory, and no
    memory outside of the accounts. user: unprivileged, for good. processes: a process namespace
    of its own. scratch: a private, bounded place to write. fuel: instructions are counted, in
    WebAssembly alone. guest: what a guest there consists of.
    """

    mode: Mode
    files: bool
    writes: bool
    network: bool
    fork: bool
    exec: bool
    kill: bool
    trace: bool
    mount: bool
    memory: bool
    user: bool
    processes: bool
    scratch: bool
    bubblewrap: str = ""
    landlock: int = 0
    guest: str = ""
    fuel: bool = False

    @classmethod
    def from_attempt(cls, data: bytes, mode: Mode, bubblewrap: str, landlock: int) -> Layers:
        """Read what :func:`attempt` wrote; KeyError or ValueError if it did not."""
        held = json.loads(data)
        return cls(
            mode,
            **{name: bool(held[name]) for name in _names(mode)},
            bubblewrap=bubblewrap,
            landlock=landlock,
            guest="",
        )

    @classmethod
    def of_guest(cls, data: bytes, versions: dict[str, str]) -> Layers:
        """Read what a guest in WebAssembly wrote; KeyError or ValueError if it did not."""
        held = json.loads(data)
        guest = ", ".join(f"{name} {version}" for name, version in versions.items())
        return cls(
            "webassembly",
            **{name: bool(held[name]) for name in _names("webassembly")},
            bubblewrap="",
            landlock=0,
            guest=guest,
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the layers that do not hold."""
        return tuple(name for name in _names(self.mode) if not getattr(self, name))

    @property
    def fatal(self) -> tuple[str, ...]:
        """Names of the layers that do not hold and without which there is no cage."""
        required = (*REQUIRED, *REQUIRED_OF_GUESTS) if self.guest else REQUIRED
        return tuple(name for name in self.missing if name in required)

    def summary(self) -> tuple[str, ...]:
        """Name the mode and the layers that hold, for a result."""
        return (self.mode, *(name for name in _names(self.mode) if getattr(self, name)))

    def report(self) -> tuple[tuple[str, bool, str], ...]:
        """Say for each layer its name, whether it holds, and what it means."""
        if self.guest:
            mode = ("cage", True, f"{self.mode} ({self.guest})")
            return (mode, *self._each())
        how = f"bubblewrap {self.bubblewrap}, " if self.bubblewrap else ""
        landlock = f"Landlock ABI {self.landlock}" if self.landlock else "no Landlock"
        mode = ("cage", True, f"{self.mode} ({how}{landlock}, system call filter)")
        return (mode, *self._each())

    def _each(self) -> tuple[tuple[str, bool, str], ...]:
        return tuple((name, getattr(self, name), _MEANING[name]) for name in _names(self.mode))


_MEANING = {
    "files": "only libraries can be read",
    "writes": "only a scratch folder can be written",
    "network": "no connection to anywhere",
    "fork": "no further process",
    "exec": "no other program",
    "kill": "no signal to other processes",
    "trace": "no look into other processes",
    "mount": "no mounts, no new namespaces",
    "memory": "memory is bounded",
    "user": "no privileges, and no way to gain any",
    "processes": "other processes are out of sight",
    "scratch": "the scratch folder is private and bounded",
    "fuel": "what is computed is counted, in instructions",
}


def _names(mode: Mode) -> tuple[str, ...]:
    named = tuple(field.name for field in fields(Layers) if field.name in _MEANING)
    return named if mode == "webassembly" else tuple(name for name in named if name != "fuel")
