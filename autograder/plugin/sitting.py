"""One submission being checked, and the pytest session's store of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from autograder.catalogue import find_course, load_exercise
from autograder.diagnosis import Drawn, RememberingSession, Room
from autograder.model import CheckResult, Considered, Evidence
from autograder.plugin.bench import Bench, open_bench
from autograder.plugin.outcomes import outcome_evidence
from autograder.plugin.run import Judged
from autograder.plugin.settling import considered, settled, will_ask
from autograder.sandbox.proxy import Exchange
from autograder.sandbox.session import Session
from autograder.wire.protocol import Call, Code, Program, Stopped

__all__ = ["Desk", "Opens", "Sitting"]

MOST_ASKED = 128 * 2**20  # bytes of answers that are kept for a picture, and for a second look


@dataclass
class Sitting:
    """A learner's program in its session, the results of the checks so far, and what they asked.

    settles: whether the program may be called again for what a failure looks like; who steps
    through it would have to step through that too.
    asked: what a picture need not ask again: calls that ran into a limit, and answers to probes.
    drawn: fresh versions of calls, drawn once for whoever asks them.
    """

    bench: Bench
    program: Program
    session: Session
    results: list[CheckResult] = field(default_factory=list)
    asked: list[Exchange] = field(default_factory=list)
    room: int = MOST_ASKED
    judged: list[Judged] = field(default_factory=list)
    doubts: int = MOST_ASKED
    settles: bool = True
    drawn: Drawn = field(default_factory=dict)

    def keep(self, judged: Judged) -> None:
        """Write down what came of a check; for a second look only as long as that is little."""
        departures = judged.question.departures if judged.question else ()
        held = {id(each): each for each in (judged.source, *departures, *judged.asked) if each}
        size = sum(each.weight for each in held.values())
        if size > self.doubts:
            judged = Judged(judged.result)
        else:
            self.doubts -= size
        self.judged.append(judged)
        self.results.append(judged.result)

    def withdraw(self) -> Judged:
        """Take back the last judgement."""
        self.results.pop()
        return self.judged.pop()

    def replace(self, place: int, judged: Judged) -> None:
        """Let another judgement of a check stand for its first one."""
        self.judged[place], self.results[place] = judged, judged.result

    def settle(self, session: Session | None = None) -> None:
        """Take the second look at what failed, and say what it looks like.

        After all checks: the program is called again, which may change what it answers.

        session: asks the program afresh where hidden checks have asked the sitting's own.
        """
        room = self._room(session or self.session)
        self.results[:] = settled(self.judged, room, self.bench, self.program)

    def will_ask(self) -> list[Call]:
        """Return what the second look at the checks so far is most likely to ask."""
        return will_ask(self.judged, self._room(self.session))

    def _room(self, session: Session) -> Room:
        return Room(session, self.bench.reference, drawn=self.drawn)

    def considered(self) -> tuple[Considered, ...]:
        """Return why each failure was called what it was: after `settle`."""
        return considered(self.judged, self.results, self.bench)

    def remember(self, exchanges: Iterable[Exchange], *, secret: bool = False) -> None:
        """Keep of a check's calls what a picture need not ask again, as long as that is little.

        secret: what was answered must not be seen; only that there was no answer is kept.
        """
        for exchange in exchanges:
            call = exchange.call
            if isinstance(exchange.outcome, Stopped):
                texts = tuple(each for each in call.args if isinstance(each, str))
                self.asked.append(replace(exchange, call=Call(call.target, texts)))
            elif isinstance(call.target, Code) and not (
                call.keep or secret or exchange.weight > self.room
            ):
                self.room -= exchange.weight
                self.asked.append(exchange)

    @property
    def loadable(self) -> Program:
        """The program as it can be loaded: without the parts that have killed its process."""
        found = getattr(self.session, "program", self.program)
        return found if isinstance(found, Program) else self.program

    def load_evidence(self) -> tuple[Evidence, ...]:
        """Tell what failed while the program's top level ran."""
        loaded = self.session.load()
        found = (outcome_evidence(failure.outcome, self.program) for failure in loaded.failures)
        return tuple(evidence for evidence in found if evidence.kind != "todo")


class Opens(Protocol):
    """Opens submissions."""

    def sit(self, bench: Bench, path: Path | None) -> Sitting:
        """Open a submission, or the exercise's own module where no path is given."""
        ...

    def close(self) -> None:
        """End whatever opening has started."""
        ...


class Desk:
    """What one pytest session keeps: an exercise's bench by folder, and who sits there now.

    opener: opens a submission that was named on the command line, or the folder's own module.
    """

    def __init__(self, opener: Opens) -> None:
        self._opener = opener
        self._benches: dict[Path, Bench] = {}
        self._sittings: dict[tuple[Path, Path | None], Sitting] = {}
        self._now: Sitting | None = None

    def bench(self, folder: Path) -> Bench:
        """Return the bench of the exercise in a folder, opened once."""
        if folder not in self._benches:
            course = find_course(folder)
            self._benches[folder] = open_bench(load_exercise(folder), course.salt if course else "")
        return self._benches[folder]

    def use(self, bench: Bench) -> None:
        """Use a bench that was made elsewhere: for an audit, with another seed."""
        self._benches[bench.exercise.folder] = bench

    @contextlib.contextmanager
    def seated(self, sitting: Sitting) -> Iterator[Sitting]:
        """Let every check run against one sitting, whatever the command line said."""
        self._now, before = sitting, self._now
        try:
            yield sitting
        finally:
            self._now = before
            sitting.session.close()
            reference = sitting.bench.reference
            if isinstance(reference, RememberingSession):
                reference.forget()

    def sitting(self, folder: Path, submission: Path | None) -> Sitting:
        """Return who sits at an exercise now."""
        if self._now is not None:
            return self._now
        key = (folder, submission)
        if key not in self._sittings:
            self._sittings[key] = self._opener.sit(self.bench(folder), submission)
        return self._sittings[key]

    def close(self) -> None:
        """End every session."""
        for sitting in self._sittings.values():
            sitting.session.close()
        self._opener.close()
