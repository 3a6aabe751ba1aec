"""A session with a program in another process, which may die, lie, or never answer."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol, TypeAlias

from autograder.errors import EngineFault, KilledOutside, WireError
from autograder.sandbox.ahead import Ahead
from autograder.sandbox.policy import MIB, PATIENCE, Limits
from autograder.wire.channel import Channel, Closed, TimedOut
from autograder.wire.codec import Answer, Answers, Begun, Ready, pack, unpack_answer
from autograder.wire.protocol import (
    Call,
    Calls,
    Crashed,
    Failure,
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

__all__ = ["Death", "Process", "RemoteSession", "Start"]

Death: TypeAlias = Stopped | Crashed

SECONDS_TO_START = 60.0  # ours, not the learner's: a cold disk, a virus scanner
SHARE_ASIDE = 0.1  # of what a process may compute; what has taken more has used it up
KEYS = 2**31  # handles of one process; a session's handle is KEYS * generation + key


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
        self._slack = slack
        self._start = start
        self._spare = ready
        self._budget = Budget.for_frame(limits.frame * MIB)
        self._link: tuple[Channel, Process] | None = None
        self._program = program  # as it loads: milder once its top level has killed a process
        self._loaded: Loaded | None = None
        self._fatal: Death | None = None  # nothing of the program can be loaded
        self._deaths: list[Death] = []  # by generation
        self._begun = 0  # the part that is being loaded
        self._seconds = 0.0  # what its requests count for
        self._clock = 0.0  # what they took
        self._nonce = 0
        self._closed = False
        self.ahead = Ahead()
        self._one_by_one = False
        self.interrupted = False

    # ---- the session ----

    @property
    def program(self) -> Program:
        """The program as it loads: milder once its top level has killed a process."""
        return self._program

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
        if self._spent():
            return self._stopped("total")
        if self._fatal is not None:
            return self._fatal
        if self._link is None:
            answer = self._run(self._program)
            if not isinstance(answer, Loaded):
                # A top level that only sometimes ends is not tried for ever.
                self._fatal = answer
                return answer
        sent = self._translated(call)
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
        before, clock = self._seconds, self._clock
        try:
            yield
        finally:
            if self._seconds - before > SHARE_ASIDE * self._limits.cpu:
                self._died(Crashed())
            self._seconds, self._clock = before, clock

    # ---- loading ----

    def _load(self) -> Loaded:
        answer = self._run(self._program)
        if isinstance(answer, Loaded):
            return answer
        deaths: dict[str, Death] = {}
        while not isinstance(answer, Loaded):
            deaths.setdefault(self._part_begun(), answer)
            milder = _milder(self._program, self._begun)
            if milder is None or self._spent():
                self._fatal = next(iter(deaths.values()))
                return Loaded({}, _failures(deaths))
            self._program = milder
            answer = self._run(milder)
        others = tuple(each for each in answer.failures if each.part not in deaths)
        return replace(answer, failures=(*_failures(deaths), *others))

    def _part_begun(self) -> str:
        parts = self._program.parts
        return parts[self._begun].label if parts else self._program.module

    def _run(self, program: Program) -> Loaded | Death:
        """Load a program into a fresh process."""
        self._begun = 0
        if self._spent():
            return self._stopped("total")
        self._connect()
        answer = self._exchange(program)
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
        if len(calls) > 1 and self._link is not None and not self._spent():
            self._send_ahead(calls)
        taken = self.ahead.take()
        if taken is None:
            return None
        try:
            answer = self._read(*taken)
        except WireError:
            return self._broken()
        return self._own_limit(answer, self._limits.wall)

    def _send_ahead(self, calls: tuple[bytes, ...]) -> None:
        before, clock = self._seconds, self._clock
        answer = self._exchange(Calls(calls))
        if isinstance(answer, Answers) and 0 < len(answer.packed) <= len(calls):
            self.ahead.answered(answer.packed, self._nonce)
            return
        # Which of them it was, and what it has left of its time, they tell one by one.
        self._died(Crashed())
        self._seconds, self._clock = before, clock
        self.ahead.give_up()
        self._one_by_one = True

    def _judged(self, call: Call, answer: Answer | Crashed) -> Outcome:
        match answer:
            case Returned(value, changed):
                kept = isinstance(value, Handle)
                if kept != call.keep or any(at >= len(call.args) for at in changed):
                    return self._broken()
                return replace(answer, value=self._issued(value)) if kept else answer
            case Raised() | Missing() | Stopped() | Crashed():
                return answer
            case _:
                return self._broken()

    def _issued(self, handle: Handle) -> Handle:
        """Make a handle the session's own: the next process counts its objects from 0 again."""
        return replace(handle, key=len(self._deaths) * KEYS + handle.key)

    def _translated(self, call: Call) -> Call | Outcome:
        """Give the process its own handles back, or say what ended the process they came from."""
        try:
            args, kwargs, target = self._given((call.args, call.kwargs, call.target))
        except _StaleError as stale:
            return stale.outcome
        return replace(call, target=target, args=args, kwargs=kwargs)

    def _given(self, value: Any) -> Any:
        if isinstance(value, Handle):
            generation, key = divmod(value.key, KEYS)
            if generation != len(self._deaths):
                known = 0 <= generation < len(self._deaths)
                missing = Missing(f"object {value.key}", kind=value.kind)
                raise _StaleError(self._deaths[generation] if known else missing)
            return replace(value, key=key)
        if type(value) is tuple:
            return tuple(self._given(item) for item in value)
        if type(value) is list:
            return [self._given(item) for item in value]
        if type(value) is dict:
            return {key: self._given(item) for key, item in value.items()}
        return value

    # ---- one request ----

    def _exchange(self, request: Program | Call | Calls) -> Answer | Crashed:
        """Send a request and wait for its answer, within the limits; a death is an answer too."""
        assert self._link is not None
        channel, process = self._link
        self._nonce = nonce = int.from_bytes(os.urandom(8), "little")
        # A request that cannot be packed is a fault of ours: outside the try.
        data = pack(request, nonce, self._budget)
        start = time.monotonic()
        loads = isinstance(request, Program)
        allowed = self._limits.loading if loads else self._limits.wall
        # The process counts what it computes itself. This clock is for what only waits, and for
        # a program that has taken its alarm away.
        imports = self._limits.imports if loads else 0.0
        patience = self._slack * (self._limits.patience(allowed) + imports)
        left = min(self._most() - self._seconds, self._longest() - self._clock)
        try:
            deadline = start + min(patience, left)
            channel.send(data, deadline)
            parts = len(request.parts) if isinstance(request, Program) else 0
            answer = self._answer(channel, nonce, deadline, parts)
        except TimedOut:
            return self._died(self._stopped("total" if left < patience else "wall", allowed))
        except Closed:
            return self._died(self._verdict(process))
        except WireError:
            return self._broken()
        except BaseException:
            # Interrupted: the answer may still arrive, and would be taken for the next call's.
            self._died(Crashed())
            raise
        finally:
            took = time.monotonic() - start
            self._clock += took
            # No more than on a quiet machine: where one is busy, what never ends must not take
            # from the calls of other functions.
            self._seconds += min(took, patience / PATIENCE)
        return self._own_limit(answer, allowed)

    def _own_limit(self, answer: Answer, allowed: float) -> Answer:
        """Give a limit that a process has noticed itself our own amount."""
        if isinstance(answer, Stopped):
            # It has computed for as long as this request allows.
            own = answer.limit == "cpu"
            answer = self._stopped("wall" if own else answer.limit, allowed)
            if answer.limit != "output":
                # What it has left of the limit is next to nothing: the next call starts afresh.
                self._died(answer)
        return answer

    def _answer(self, channel: Channel, nonce: int, deadline: float, parts: int) -> Answer:
        while True:
            answer = self._read(channel.recv(deadline), nonce)
            if not isinstance(answer, Begun):
                return answer
            # Parts begin in order and once each, so this ends.
            if not self._begun < answer.part < parts:
                raise WireError("A part begins out of turn.")
            self._begun = answer.part

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
            self._deaths.append(death)
        return death

    def _spent(self) -> bool:
        return self._seconds >= self._most() or self._clock >= self._longest()

    def _most(self) -> float:
        """Return the seconds that all of it may count for."""
        return self._slack * self._limits.patience(self._limits.total)

    def _longest(self) -> float:
        """Return the seconds by the clock that all of it may take."""
        return self._slack * self._limits.waiting

    def _stopped(self, limit: Limit, wall: float = 0.0) -> Stopped:
        """Build the outcome with the limit's own amount, whatever a process claims."""
        amounts: dict[Limit, float] = {
            "wall": wall or self._limits.wall,
            "total": self._limits.total,
            "cpu": self._limits.cpu,
            "memory": self._limits.memory,
            "output": self._limits.output / 1024,
        }
        return Stopped(limit, amounts[limit])


class _StaleError(Exception):
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def _milder(program: Program, killer: int) -> Program | None:
    """Find what to try after the part with this index has killed its process; None if nothing."""
    if not program.parts:
        return None
    part = program.parts[killer]
    if not part.source:
        return None
    if part.definitions_only:
        tried = replace(part, source="")
    else:
        tried = replace(part, definitions_only=True)
    return replace(program, parts=(*program.parts[:killer], tried, *program.parts[killer + 1 :]))


def _failures(deaths: dict[str, Death]) -> tuple[Failure, ...]:
    return tuple(Failure(part, death) for part, death in deaths.items())


def _end(channel: Channel, process: Process) -> None:
    process.kill()  # first: the channel's threads end with their peer
    channel.close()
