"""A session with a program in another process, which may die, lie, or never answer."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol, TypeAlias

from autograder.errors import EngineFault, KilledOutside, WireError
from autograder.sandbox.ahead import Ahead
from autograder.sandbox.allowance import Allowance, Turn
from autograder.sandbox.handles import Handles
from autograder.sandbox.policy import MIB, Limits
from autograder.sandbox.sparing import Sparing
from autograder.wire.channel import Channel, Closed, TimedOut
from autograder.wire.codec import Answer, Answers, Begun, Ready, pack, unpack_answer
from autograder.wire.protocol import (
    Call,
    Calls,
    Crashed,
    Death,
    Handle,
    Limit,
    Loaded,
    Missing,
    Outcome,
    Program,
    Raised,
    Returned,
    Stopped,
)
from autograder.wire.values import Budget

__all__ = ["Process", "RemoteSession", "Start"]

SECONDS_TO_START = 60.0  # ours, not the learner's: a cold disk, a virus scanner
SHARE_ASIDE = 0.1  # of what a process may compute; what has taken more has used it up


class Process(Protocol):
    """The process behind a channel, as its keeper sees it."""

    def kill(self) -> None:
        """End it with everything it started, and reap it; may be called again."""
        ...

    def verdict(self) -> Death:
        """Say why it ended by itself; asked once, after its channel closed, before kill().

        Raises KilledOutside where it did not end by itself.
        """
        ...


Start: TypeAlias = Callable[[], tuple[Channel, Process]]


class RemoteSession:
    """Keeps one program alive in processes that ``start`` makes, and answers every call.

    When a process dies, the call that killed it is answered with why, and the next call meets a
    fresh process with the program loaded again. ``limits.total`` seconds bound all of it.
    ``ready`` is a process that was started ahead of time. ``slack``: how many times more patient
    the clock is where something better than a clock counts what is computed.

    ahead: calls that checks will make, which are sent together. If one of them kills the process,
    they are made again one by one in the next, and none is sent ahead any more.
    interrupted: whether a process was killed from outside or could not be started: what came of the
    program then says nothing of it.
    """

    def __init__(
        self,
        program: Program,
        limits: Limits,
        start: Start,
        ready: tuple[Channel, Process] | None = None,
        *,
        slack: float = 1.0,
    ) -> None:
        self._limits = limits
        self._time = Allowance(limits, slack)
        self._start = start
        self._spare = ready
        self._budget = Budget.for_frame(limits.frame * MIB)
        self._link: tuple[Channel, Process] | None = None
        self._sparing = Sparing(program)
        self._handles = Handles()
        self._loaded: Loaded | None = None
        self._fatal: Death | None = None  # nothing of the program can be loaded
        self._nonce = 0
        self._closed = False
        self.ahead = Ahead()
        self._one_by_one = False
        self.interrupted = False

    # ---- the session ----

    @property
    def program(self) -> Program:
        """The program as it loads: milder once its top level has killed a process."""
        return self._sparing.program

    def load(self) -> Loaded:
        """Run the program's top level, once.

        One that kills its process is loaded again: of the part that did, definitions only, and
        nothing at all where they kill too. The other parts run as ever.
        """
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def call(self, call: Call) -> Outcome:
        """Call a function of the program; a stale handle is answered by what ended its process."""
        self.load()
        known = self._foreseen() if self.ahead.expects(call) else None
        if known is not None:
            return self._judged(call, known)
        if self._time.spent():
            return self._time.stopped("total")
        if self._fatal is not None:
            return self._fatal
        if self._link is None:
            answer = self._run()
            if not isinstance(answer, Loaded):
                # A top level that only sometimes ends is not tried for ever.
                self._fatal = answer
                return answer
        sent = self._handles.translated(call)
        if not isinstance(sent, Call):
            return sent
        return self._judged(sent, self._exchange(sent))

    def close(self) -> None:
        """End the process; later calls raise EngineFault. May be called again."""
        self._closed = True
        for link in (self._link, self._spare):
            if link is not None:
                _end(*link)
        self._link = self._spare = None
        self.ahead.give_up()

    def foresee(self, ahead: Ahead) -> None:
        """Take these for the calls that will be made, and send them together.

        Not where that has cost a process before: each time would be at no cost to the program.
        """
        if not self._one_by_one:
            self.ahead = ahead

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Ask meanwhile what no verdict hangs on: the program has its time back afterwards.

        Where it took long the next call meets a fresh process, as where it died.
        """
        before = self._time.taken
        try:
            yield
        finally:
            if self._time.taken.seconds - before.seconds > SHARE_ASIDE * self._limits.cpu:
                self._died(Crashed())
            self._time.taken = before

    # ---- loading ----

    def _load(self) -> Loaded:
        answer = self._run()
        while not isinstance(answer, Loaded):
            self._sparing.killed(answer)
            if self._time.spent() or not self._sparing.spare():
                self._fatal = self._sparing.first_death
                answer = Loaded({})
            else:
                answer = self._run()
        return self._sparing.told(answer)

    def _run(self) -> Loaded | Death:
        """Load the program into a fresh process."""
        self._sparing.starts()
        if self._time.spent():
            return self._time.stopped("total")
        self._connect()
        answer = self._exchange(self._sparing.program)
        if isinstance(answer, Loaded):
            return answer
        if isinstance(answer, Stopped | Crashed) and self._link is None:
            return answer
        return self._broken()

    def _connect(self) -> None:
        if self._closed:
            raise EngineFault("The session is closed.")
        self.interrupted, before = True, self.interrupted
        link, self._spare = self._spare or self._start(), None
        try:
            first = link[0].recv(time.monotonic() + SECONDS_TO_START)
            ready = isinstance(unpack_answer(first, self._budget), Ready)
        except (Closed, TimedOut, WireError) as error:
            _end(*link)
            raise EngineFault(f"The process for a submission did not start: {error}") from error
        except BaseException:
            _end(*link)
            raise
        if not ready:
            _end(*link)
            raise EngineFault("The process for a submission did not start: it is out of turn.")
        self._link = link
        self.interrupted = before

    # ---- calling ----

    def _foreseen(self) -> Answer | Crashed | None:
        """Answer the call that was foreseen here, if it could be sent ahead."""
        calls = self.ahead.waiting()
        if len(calls) > 1 and self._link is not None and not self._time.spent():
            self._send_ahead(calls)
        taken = self.ahead.take()
        if taken is None:
            return None
        foreseen, packed, nonce = taken
        try:
            answer = foreseen.read(packed, nonce, lambda: self._read(packed, nonce))
        except WireError:
            return self._broken()
        return self._own_limit(answer, self._time.calling)

    def _send_ahead(self, calls: tuple[bytes, ...]) -> None:
        before = self._time.taken
        answer = self._exchange(Calls(calls))
        if isinstance(answer, Answers) and 0 < len(answer.packed) <= len(calls):
            self.ahead.answered(answer.packed, self._nonce)
            return
        # Which of them it was, and what it has left of its time, they tell one by one.
        self._died(Crashed())
        self._time.taken = before
        self.ahead.give_up()
        self._one_by_one = True

    def _judged(self, call: Call, answer: Answer | Crashed) -> Outcome:
        match answer:
            case Returned(value, changed):
                kept = isinstance(value, Handle)
                if kept != call.keep or any(at >= len(call.args) for at in changed):
                    return self._broken()
                return replace(answer, value=self._handles.issued(value)) if kept else answer
            case Raised() | Missing() | Stopped() | Crashed():
                return answer
            case _:
                return self._broken()

    # ---- one request ----

    def _exchange(self, request: Program | Call | Calls) -> Answer | Crashed:
        """Send a request and wait for its answer, within the limits; a death is an answer too."""
        assert self._link is not None
        channel, process = self._link
        self._nonce = nonce = int.from_bytes(os.urandom(8), "little")
        # A request that cannot be packed is a fault of ours: outside the try.
        data = pack(request, nonce, self._budget)
        loads = isinstance(request, Program)
        turn = self._time.loading if loads else self._time.calling
        left = self._time.left()
        start = time.monotonic()
        try:
            deadline = start + min(turn.patience, left)
            channel.send(data, deadline)
            answer = self._answer(channel, nonce, deadline, loads)
        except TimedOut:
            limit: Limit = "total" if left < turn.patience else "wall"
            return self._died(self._time.stopped(limit, turn))
        except Closed:
            return self._died(self._verdict(process))
        except WireError:
            return self._broken()
        except BaseException:
            # Interrupted: the answer may still arrive, and would be taken for the next call's.
            self._died(Crashed())
            raise
        finally:
            self._time.take(time.monotonic() - start, turn)
        return self._own_limit(answer, turn)

    def _own_limit(self, answer: Answer, turn: Turn) -> Answer:
        """Give a limit that a process has noticed itself our own amount."""
        if isinstance(answer, Stopped):
            # It has computed for as long as this request allows.
            own = answer.limit == "cpu"
            answer = self._time.stopped("wall" if own else answer.limit, turn)
            if answer.limit != "output":
                # What it has left of the limit is next to nothing: the next call starts afresh.
                self._died(answer)
        return answer

    def _answer(self, channel: Channel, nonce: int, deadline: float, loads: bool) -> Answer:
        while True:
            answer = self._read(channel.recv(deadline), nonce)
            if not isinstance(answer, Begun):
                return answer
            if not (loads and self._sparing.begins(answer.part)):
                raise WireError("A part begins out of turn.")

    def _read(self, packed: bytes, nonce: int) -> Answer:
        longest = self._limits.output * 1024
        return unpack_answer(packed, self._budget, nonce, longest_output=longest)

    # ---- the end of a process ----

    def _broken(self) -> Crashed:
        death = Crashed(protocol=True)
        self._died(death)
        return death

    def _verdict(self, process: Process) -> Death:
        try:
            return process.verdict()
        except KilledOutside:
            self.interrupted = True
            self._died(Crashed())
            raise

    def _died(self, death: Death) -> Death:
        if self._link is not None:
            _end(*self._link)
            self._link = None
            self.ahead.forget()
            self._handles.ended(death)
        return death


def _end(channel: Channel, process: Process) -> None:
    process.kill()  # first: the channel's threads end with their peer
    channel.close()
