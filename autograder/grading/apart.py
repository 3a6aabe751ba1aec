"""The program in a process that no hidden check has asked: for what learners are shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext

from autograder.diagnosis import copied
from autograder.plugin.sitting import Sitting
from autograder.sandbox.ahead import Ahead, Foresees, send_ahead, token_of
from autograder.sandbox.remote import RemoteSession
from autograder.sandbox.session import Opener, Session
from autograder.wire.protocol import Call, Crashed, Loaded, Outcome, Stopped
from autograder.wire.weight import weight

__all__ = ["Beforehand", "asked_apart", "asked_aside"]

MOST_KEPT = 16 * 2**20  # bytes of answers; what is more is asked again when it is wanted


class Beforehand:
    """Answers that a program has given before any hidden check asked it, by their calls."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, deque[Outcome]] = {}

    def ask(self, session: Session, calls: Iterable[Call]) -> None:
        """Ask these and keep the answers, up to the first that the program does not come back from.

        What is asked several times has several answers, which are taken in their order.
        """
        calls = list(calls)
        send_ahead(session, calls)
        room = MOST_KEPT
        for call in calls:
            outcome = session.call(call)
            room -= weight(outcome)
            if room < 0 or isinstance(outcome, Stopped | Crashed):
                break
            self._answers.setdefault(token_of(call), deque()).append(outcome)
        send_ahead(session, ())

    def take(self, call: Call) -> Outcome | None:
        """Return the next answer to a call, the last one ever again; None for one not asked."""
        answers = self._answers.get(token_of(call)) if self._answers else None
        if not answers:
            return None
        return answers.popleft() if len(answers) > 1 else copied(answers[0])


@contextmanager
def asked_aside(session: Session) -> Iterator[None]:
    """Ask a program what costs it no time of what it is asked for afterwards."""
    with session.aside() if isinstance(session, RemoteSession | Apart) else nullcontext():
        yield


@contextmanager
def asked_apart(
    sandbox: Opener, sitting: Sitting, beforehand: Beforehand | None = None
) -> Iterator[Session]:
    """Give the session that is asked for what learners are shown.

    Where hidden checks have put their inputs into the program, that is another process, which has
    seen none of them. It starts when it is first asked what is not known ``beforehand``.
    """
    if not any(each.secret for each in sitting.results):
        yield sitting.session
        return
    apart = Apart(
        lambda: sandbox.open(sitting.loadable, sitting.bench.exercise.limits),
        sitting.session.load(),
        beforehand or Beforehand(),
    )
    try:
        yield apart
    finally:
        apart.close()


class Apart:
    """A program in a session that is opened when something is first asked that is not known."""

    def __init__(
        self, start: Callable[[], Session], loaded: Loaded, beforehand: Beforehand
    ) -> None:
        self._start = start
        self._loaded = loaded
        self._beforehand = beforehand
        self._session: Session | None = None
        self._foreseen = Ahead()
        self._aside: ExitStack | None = None

    @property
    def interrupted(self) -> bool:
        """Whether its process was killed from outside."""
        return isinstance(self._session, RemoteSession) and self._session.interrupted

    def load(self) -> Loaded:
        """Say what the program's top level did: it is loaded again when it is asked."""
        return self._loaded

    def call(self, call: Call) -> Outcome:
        """Call a function of the program, or say what it has answered already."""
        known = self._beforehand.take(call) if self._session is None else None
        return self._opened().call(call) if known is None else known

    def foresee(self, ahead: Ahead) -> None:
        """Take these for the calls that will be made, where they can be sent ahead."""
        self._foreseen = ahead
        if self._session is not None:
            self._foresee(self._session)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Ask meanwhile what the program has its time back for afterwards."""
        with ExitStack() as self._aside:
            if self._session is not None:
                self._aside.enter_context(asked_aside(self._session))
            yield
        self._aside = None

    def close(self) -> None:
        """End what was opened."""
        if self._session is not None:
            self._session.close()

    def _foresee(self, session: Session) -> None:
        if isinstance(session, Foresees):
            session.foresee(self._foreseen)

    def _opened(self) -> Session:
        if self._session is None:
            self._session = session = self._start()
            session.load()
            self._foresee(session)
            if self._aside is not None:
                self._aside.enter_context(asked_aside(session))
        return self._session
