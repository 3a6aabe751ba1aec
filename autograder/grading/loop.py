"""One long pytest session that is fed submissions.

The checks are collected once; each submission then costs about a millisecond a check. A local
worker, the ``check`` command and an audit all feed this loop.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from autograder.checks.statistics import SEEDS
from autograder.errors import CourseError, EngineFault, GradeFlowError, KilledOutside
from autograder.grading.apart import asked_apart, asked_aside
from autograder.grading.collecting import pytest_alone
from autograder.grading.entry import Entry
from autograder.grading.foresight import Foresight
from autograder.grading.plotting import painter_of
from autograder.grading.showing import PICTURE, Showing
from autograder.grading.stopping import in_order, judged_apart
from autograder.grading.unseen import run_unseen
from autograder.grading.versions import versions_of
from autograder.model import (
    CheckResult,
    Considered,
    Diagnosis,
    Evidence,
    Fact,
    Plot,
    Result,
    Score,
    Verdict,
    score,
)
from autograder.plugin import hooks
from autograder.plugin.bench import TRAIN, Bench
from autograder.plugin.keys import DESK
from autograder.plugin.sitting import Desk, Sitting
from autograder.sandbox.ahead import Ahead, Foreseen, Foresees
from autograder.sandbox.meter import TooCostly
from autograder.sandbox.opening import Sandbox
from autograder.sandbox.session import Opener, Session
from autograder.wire.protocol import Shown

__all__ = ["PICTURE", "run_checks"]


@dataclass(frozen=True)
class _Checked:
    """What came of an entry; ``problem`` is set when nothing of it could be graded.

    interrupted: its process was killed from outside, or its server, so that this says nothing.
    """

    checks: tuple[CheckResult, ...] = ()
    load: tuple[Evidence, ...] = ()
    problem: Evidence | None = None
    plot: Plot | None = None
    notes: tuple[Diagnosis, ...] = ()
    interrupted: bool = False


@dataclass
class _Loop:
    """The plugin that takes over pytest's own run loop."""

    bench: Bench
    sandbox: Opener
    feed: Iterable[Entry]
    emit: Callable[[Result], None]
    showing: Showing
    show: Callable[[tuple[Shown, ...]], None] | None = None
    stage: Callable[[str], None] = lambda _stage: None
    whole: bool = True
    foresight: Foresight | None = None
    broken: list[str] = field(default_factory=list)
    stopped: BaseException | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(str(report.longrepr))

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[DESK] = Desk(_NobodyElse())
        config.stash[DESK].use(self.bench)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Report without the traceback that pytest would lay out: nobody reads it here.

        It costs seven milliseconds for each check that does not pass; the judge has its facts from
        the exception itself.
        """
        assert call.when != "collect"
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="failed" if call.excinfo else "passed",
            longrepr=None,
            when=call.when,
            duration=call.duration,
        )

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.broken or not session.items:
            return True
        try:
            self._must_be_whole(session.items)
            for entry in self.feed:
                self.emit(self._grade(session, entry))
        except BaseException as error:  # pytest would print it and return a number
            self.stopped = error
        return True

    def _must_be_whole(self, items: Sequence[pytest.Item]) -> None:
        """Refuse checks that are not all that the exercise declares: everyone would get less."""
        exercise = self.bench.exercise
        if self.whole and not exercise.released:
            for fault in hooks.faults_of_collection(exercise, items):
                raise fault

    def _grade(self, session: pytest.Session, entry: Entry) -> Result:
        start = time.perf_counter()
        bench = self.bench.reseeded(entry.seed)
        session.config.stash[DESK].use(bench)
        checked = self._checked(session, entry, bench)
        if checked.interrupted:
            checked = self._once_more(session, entry, bench)
        checks, problem = checked.checks, checked.problem
        possible = bench.exercise.points
        withheld = problem is not None and problem.kind == "fault"
        total = Score(possible) if withheld else score(checks, possible)
        return Result(
            exercise=bench.exercise.name,
            learner=entry.learner,
            file=entry.file,
            score=total,
            checks=checks,
            problem=problem,
            load=checked.load,
            notes=entry.notes + checked.notes,
            plot=checked.plot,
            seed=entry.seed,
            # Without one it is never taken for graded: the next run tries a withheld one again.
            fingerprint="" if total.withheld else entry.fingerprint,
            sha256=entry.sha256,
            content=entry.content,
            sandbox=self.sandbox.kind,
            layers=self.sandbox.layers,
            versions={
                **versions_of(bench.exercise.framework, bench.exercise.packages),
                **dict(self.sandbox.versions),
            },
            seeds=SEEDS if bench.exercise.framework in TRAIN else (),
            seconds=round(time.perf_counter() - start, 4),
        )

    def _once_more(self, session: pytest.Session, entry: Entry, bench: Bench) -> _Checked:
        """Try again on a fresh server; what is interrupted there too is withheld."""
        try:
            if isinstance(self.sandbox, Sandbox):
                self.sandbox.renew()
        except GradeFlowError as error:
            return _Checked(problem=Evidence("fault", facts={"error": str(error)[:500]}))
        checked = self._checked(session, entry, bench)
        if checked.interrupted and checked.problem is None:
            facts: dict[str, Fact] = {"error": f"twice {KilledOutside()}"}
            return dataclasses.replace(checked, problem=Evidence("fault", facts=facts))
        return checked

    def _checked(self, session: pytest.Session, entry: Entry, bench: Bench) -> _Checked:
        if entry.program is None:
            return _Checked(problem=entry.problem)
        items = _items(session, entry.only_task)
        self.stage("")
        try:
            cut = judged_apart(items, entry.cuts, bench, entry.program, self.stage)
            opened = self.sandbox.open(entry.program, bench.exercise.limits)
            with session.config.stash[DESK].seated(
                Sitting(bench, entry.program, opened)
            ) as sitting:
                load = sitting.load_evidence()
                if self.show is not None:
                    self.show(opened.load().shown)
                running = [item for item in items if hooks.check_of(item).identity not in cut]
                public = [item for item in running if not hooks.check_of(item).hidden]
                hidden = [item for item in running if item not in public]
                on = self._run_items(public, sitting, entry.until_failure)
                with asked_aside(opened):
                    early = self.showing.before_hidden(sitting, entry, hidden)
                if on:
                    self._run_items(hidden, sitting, entry.until_failure)
                notes: tuple[Diagnosis, ...] = ()
                if entry.unseen:
                    notes = run_unseen(running, sitting, self.sandbox, self.stage, self._foreseen)
                with asked_apart(self.sandbox, sitting, early.known) as shown:
                    plot, remarks = early.drawn or self.showing.drawn(sitting, shown, entry)
                    self.showing.find_examples(running, sitting, shown, entry)
                    # What was killed from outside says nothing that a name could be found for.
                    if not _lost(opened, shown):
                        self.showing.settle(sitting, shown, entry)
                    lost = _lost(opened, shown)
                checks = in_order(items, [*cut.values(), *sitting.results])
                return _Checked(checks, load, entry.problem, plot, notes + remarks, lost)
        except TooCostly:  # where no check ran that could be told of it
            _start_afresh(session)
            amount = bench.exercise.limits.total
            stopped = Evidence("stopped", facts={"limit": "checking", "amount": amount})
            return _Checked(problem=stopped)
        except Exception as fault:  # whatever it is, it is ours: the class goes on
            _start_afresh(session)
            text = f"{type(fault).__name__}: {fault}"[:500]
            problem = Evidence("fault", facts={"error": text})
            return _Checked(problem=problem, interrupted=isinstance(fault, EngineFault))

    def _run_items(self, items: list[pytest.Item], sitting: Sitting, until_failure: bool) -> bool:
        """Run checks; return whether all were run: none was the failure to end at."""
        ahead = self._foreseen(items, sitting, sitting.bench)
        for place, item in enumerate(items):
            self.stage(hooks.check_of(item).identity)
            ahead.begin(hooks.check_of(item).identity)
            following = items[place + 1] if place + 1 < len(items) else None
            runtestprotocol(item, nextitem=following, log=False)
            done = sitting.results[-1:]
            if until_failure and done and done[0].verdict is not Verdict.PASSED:
                # The next entry starts from the first item again: leave no fixture half torn down.
                item.session._setupstate.teardown_exact(None)
                return False
        ahead.begin("")
        return True

    def _foreseen(self, items: Sequence[pytest.Item], sitting: Sitting, bench: Bench) -> Ahead:
        """Let a program in another process have the calls of checks ahead."""
        calls: list[Foreseen] = []
        if self.foresight is None or not isinstance(sitting.session, Foresees):
            return Ahead()
        for item in items:
            self.stage(hooks.check_of(item).identity)
            calls += self.foresight.of(item, bench)
        ahead = Ahead(calls)
        sitting.session.foresee(ahead)
        return ahead


def _lost(*sessions: Session) -> bool:
    """Tell whether a process was killed from outside: what came of its program says nothing."""
    return any(getattr(session, "interrupted", False) for session in sessions)


def _start_afresh(session: pytest.Session) -> None:
    """Forget what an interrupted check had set up: the next entry must not meet this program."""
    with suppress(Exception):
        session._setupstate.teardown_exact(None)
    for item in session.items:
        if isinstance(item, pytest.Function):
            item._initrequest()


def _items(session: pytest.Session, only_task: str) -> list[pytest.Item]:
    if not only_task:
        return session.items
    marks = ((item, item.get_closest_marker("gradeflow")) for item in session.items)
    return [item for item, mark in marks if mark and mark.kwargs["task"] == only_task]


class _NobodyElse:
    """No submission comes from the command line here."""

    def sit(self, _bench: Bench, _path: Path | None) -> Sitting:
        raise EngineFault("a check ran outside a sitting")

    def close(self) -> None:
        pass


def run_checks(
    bench: Bench,
    sandbox: Opener,
    feed: Iterable[Entry],
    emit: Callable[[Result], None],
    show: Callable[[tuple[Shown, ...]], None] | None = None,
    stage: Callable[[str], None] = lambda _stage: None,
    *,
    whole: bool = True,
    consider: Callable[[tuple[Considered, ...]], None] | None = None,
    ahead: bool = False,
) -> None:
    """Run an exercise's checks on every entry that is fed, in this process.

    Calls ``emit`` with each result as it comes; before it ``show``, with what a program that was
    to be displayed has shown, if it could be loaded. ``stage`` hears what begins: a check, by its
    name, ``plot.py``, or nothing of the kind.

    whole: refuse checks that do not add up to the points that the exercise declares.
    consider: hears, before the result of an entry that is to be explained, why it was called so.
    ahead: find out first what the checks ask, and send it ahead: for a class.

    Raises CourseError when the check files themselves cannot be collected, or are not whole.
    """
    exercise = bench.exercise
    foresight = Foresight() if ahead else None
    showing = Showing(painter_of(exercise), stage, foresight, consider)
    loop = _Loop(bench, sandbox, feed, emit, showing, show, stage, whole, foresight)
    code = pytest_alone(exercise.tests, exercise.folder, [hooks, loop])
    if isinstance(loop.stopped, TooCostly):  # where nothing was left to be told of it
        raise EngineFault("Checking took longer than it may.") from loop.stopped
    if loop.stopped is not None:
        raise loop.stopped
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if loop.broken:
        raise CourseError("a check file is broken:\n" + "\n".join(loop.broken), exercise.folder)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        where = ", ".join(path.name for path in exercise.tests) or "test_public.py"
        raise CourseError(f"has no check to run (in {where}); pytest said {code}", exercise.folder)
