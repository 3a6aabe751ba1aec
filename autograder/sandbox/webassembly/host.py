"""A keeper's process as its grader sees it, and one guest in it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable

from autograder.errors import CageError, EngineFault, KilledOutside, WireError
from autograder.sandbox.orphan import parent_argument
from autograder.sandbox.plain import BOOT, ROOT, isolated
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.webassembly.caching import ready_cache
from autograder.sandbox.webassembly.fuel import Tank
from autograder.sandbox.webassembly.trimming import LEFT_OUT
from autograder.sandbox.webassembly.words import (
    ANSWER,
    DEATH,
    END,
    OPEN,
    PROGRESS,
    REQUEST,
    TRIAL,
    UP,
)
from autograder.wire.channel import Closed, PipeChannel, TimedOut
from autograder.wire.codec import nonce_of, pack
from autograder.wire.protocol import Crashed, Death, Stopped

__all__ = ["Guest", "Keeper", "Tell"]

Tell = Callable[[float], None]
"""Hears how many seconds of the processor have gone into what is made once on a machine."""

_LARGEST_FRAME = 256 * MIB + 1
_SECONDS_TO_START = 1800.0  # a guest is compiled, on a slow machine, behind others that wait too
_SECONDS_TO_TRY = 60.0
_SECONDS_TO_LEAVE = 1.0
_OVERFLOW = 11  # the signal that ends a process which recurses too deep for its stack
_ABORT = 6


class Keeper:
    """A process that keeps one guest at a time.

    tell: hears how far it is, where something is made that this machine has not yet.

    Raises CageError when it does not start.
    """

    def __init__(self, preload: tuple[str, ...], tell: Tell | None = None) -> None:
        cache = ready_cache()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        requests_out, requests_in = os.pipe()
        answers_out, answers_in = os.pipe()
        self.channel = PipeChannel(answers_out, requests_in, _LARGEST_FRAME)
        try:
            arguments = (parent_argument(), str(cache), *preload)
            module = "autograder.sandbox.webassembly.keeper"
            self._process = subprocess.Popen(
                [*isolated(), "-c", BOOT, ROOT, module, *arguments],
                stdin=requests_out,
                stdout=answers_in,
                stderr=self._complaints,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except BaseException:
            self.channel.close()
            raise
        finally:
            os.close(requests_out)
            os.close(answers_in)
        try:
            self.versions = self._wait(tell)
        except BaseException:
            self.kill()
            raise

    def _wait(self, tell: Tell | None) -> dict[str, str]:
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                word = self.channel.recv(deadline)
            except (Closed, TimedOut, WireError) as error:
                said = self._last_words() or str(error)
                raise CageError(f"WebAssembly: the guest's keeper did not start: {said}") from None
            if word[:1] == UP:
                return dict(json.loads(word[1:]))
            if word[:1] == PROGRESS and tell is not None:
                tell(float(word[1:]))

    def attempt(self, trial: bytes) -> bytes:
        """Have a guest try what none may do; CageError when nothing comes of it."""
        try:
            self.channel.send(TRIAL + trial, time.monotonic() + _SECONDS_TO_TRY)
            return self.channel.recv(time.monotonic() + _SECONDS_TO_TRY)[1:]
        except (Closed, TimedOut, WireError) as error:
            said = self._last_words() or str(error)
            raise CageError(f"WebAssembly: the first guest did not answer: {said}") from None

    def settle(self) -> bool:
        """Wait until its guest is gone; False when it is not, and the process must go."""
        deadline = time.monotonic() + _SECONDS_TO_LEAVE
        try:
            while self.channel.recv(deadline)[:1] != DEATH:
                pass  # what a guest has said that nobody waits for any more
        except (Closed, TimedOut, WireError):
            return False
        return True

    def ended(self) -> int | None:
        """Return the process's exit code, where it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(_SECONDS_TO_LEAVE)
        return None

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process; may be called again."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5.0)
        self.channel.close()
        self._complaints.close()

    def _last_words(self) -> str:
        """Return the last line it wrote to its standard error."""
        with contextlib.suppress(OSError, ValueError):
            self.ended()
            self._complaints.seek(0)
            lines = self._complaints.read()[-2000:].decode(errors="replace").strip().splitlines()
            return lines[-1] if lines else ""
        return ""


class Guest:
    """One guest of a keeper: the channel to it, and its process, in one.

    left: the instructions that the submission still had when a guest of its ended.
    leave: is called with the keeper when nobody needs the guest any more.
    """

    def __init__(
        self, keeper: Keeper, limits: Limits, left: list[int], leave: Callable[[Keeper, bool], None]
    ) -> None:
        self._keeper = keeper
        self._limits = limits
        self.left = left
        self._leave = leave
        self._nonce = 0
        self._death: dict[str, object] | None = None
        self._over = False
        total = left[-1] if left else Tank.full(limits).total
        order = json.dumps({"limits": limits.as_argument(), "total": total}).encode()
        try:
            keeper.channel.send(OPEN + order, time.monotonic() + _SECONDS_TO_TRY)
        except (Closed, TimedOut) as error:
            raise EngineFault(f"The keeper of a guest does not answer: {error}") from error

    def alive(self) -> bool:
        """Tell whether its keeper is there."""
        return self._keeper.alive()

    # ---- the channel ----

    def send(self, payload: bytes, deadline: float | None) -> None:
        """Ask the guest something."""
        if self._death is not None:
            raise Closed("The guest has ended.")
        self._nonce = nonce_of(payload)
        self._keeper.channel.send(REQUEST + payload, deadline)

    def recv(self, deadline: float | None) -> bytes:
        """Wait for an answer; one that has computed too long is answered for by its keeper."""
        word = self._keeper.channel.recv(deadline)
        if word[:1] == ANSWER:
            if len(word) - 1 > self._limits.frame * MIB:
                raise WireError(f"A frame of {len(word)} bytes passes what is allowed.")
            return word[1:]
        if word[:1] != DEATH:
            raise WireError("A keeper speaks out of turn.")
        death = dict(json.loads(word[1:]))
        self._death = death
        self.left.append(int(death["left"]))
        if death["why"] == "wall":
            return pack(Stopped("cpu", 0.0), self._nonce)
        raise Closed("The guest has ended.")

    def close(self) -> None:
        """Do nothing: the channel is the keeper's, and outlives the guest."""

    # ---- the process ----

    def kill(self) -> None:
        """End the guest; its keeper is free for another once it is gone."""
        if self._over:
            return
        self._over = True
        if self._death is None:
            with contextlib.suppress(Closed, TimedOut):
                self._keeper.channel.send(END, time.monotonic() + _SECONDS_TO_LEAVE)
        self._leave(self._keeper, self._death is not None)

    def verdict(self) -> Death:
        """Say why it ended.

        Raises KilledOutside where its keeper was killed, which nobody inside can do, and
        EngineFault where it came to what was not compiled.
        """
        if self._death is None:
            code = self._keeper.ended()
            if code is not None and code < 0 and code not in (-_OVERFLOW, -_ABORT):
                raise KilledOutside
            return Crashed(protocol=True) if code is None else _crashed(code)
        if self._death["why"] == "total":
            return Stopped("total", self._limits.total)
        if self._death["why"] == "cpu":
            return Stopped("cpu", self._limits.cpu)
        if self._death["why"] == "protocol":
            return Crashed(protocol=True)
        if self._death["why"] == "trap":
            trap = self._death["trap"]
            if trap == LEFT_OUT:
                raise EngineFault(
                    "It used a part of the guest that is compiled only where its package is "
                    "installed; grade it in another cage, or install what it imports."
                )
            return Crashed(signal=_ABORT if trap == "unreachable" else _OVERFLOW)
        return Crashed(code=int(str(self._death["code"])))


def _crashed(code: int) -> Crashed:
    return Crashed(signal=-code) if code < 0 else Crashed(code=code)
