"""The one screen of ``gradeflow watch``, and its plain lines where there is no terminal."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.text import Text

from autograder.messages import translate
from autograder.report.terminal import mark_of, problem_feedback, task_feedback
from autograder.report.words import unreached
from autograder.watch.state import State, checks_of

__all__ = ["Lines", "Screen", "Shows", "page_of"]


class Shows(Protocol):
    """Shows the state to a person."""

    def show(self, state: State) -> None:
        """Show it as it is now."""
        ...


class Screen:
    """One screen that is always the present state, with the keys below."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, screen=True, auto_refresh=False)

    @contextlib.contextmanager
    def shown(self) -> Iterator[Screen]:
        """Take the terminal's other screen, and give it back."""
        with self._live:
            yield self

    def show(self, state: State) -> None:
        """Draw the state anew."""
        self._live.update(_Page(state), refresh=True)


class Lines:
    """What came of each check, one below the other, for pipes and terminals that only print."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: object = None

    def show(self, state: State) -> None:
        """Print a result once, and whatever was said."""
        if state.busy or state.result is None or state.result is self._last:
            if state.said and not state.busy:
                self._console.print(Text(state.said))
            return
        self._last = state.result
        self._console.print(Text(time.strftime("%H:%M:%S "), "dim"), _heading(state), sep="")
        self._console.print(_tasks(state), Group(*_body(state)), _course(state))


def page_of(state: State) -> RenderableType:
    """Return the whole screen, as high as the console is."""
    return _Page(state)


class _Page:
    def __init__(self, state: State) -> None:
        self._state = state

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        state = self._state
        height = options.max_height
        wide = options.update(height=None)

        def lines(*parts: RenderableType) -> list[list[Segment]]:
            return console.render_lines(Group(*parts), wide, pad=False)

        above = lines(_heading(state), _course(state), Text(), _tasks(state), Text())
        below = lines(Text(), _status(state), Text(translate("watch.keys", state.language), "dim"))
        body = lines(*_body(state))
        room = max(1, height - len(above) - len(below))
        if len(body) > room:  # rather than have the keys fall off the screen
            told = {"count": len(body) - room + 1, "exercise": state.exercise.name}
            more = Text(translate("watch.more", state.language, **told), "dim", no_wrap=True)
            body = [*body[: room - 1], *lines(more)]
        body += [[] for _ in range(room - len(body))]
        for place, line in enumerate((*above, *body, *below)[:height]):
            if place:
                yield Segment.line()
            yield from line


def _heading(state: State) -> Text:
    exercise = state.exercise
    file = f"  {state.result.file}" if state.result else ""
    return Text.assemble(
        (exercise.name, "bold"), "  ", exercise.title.in_(state.language), (file, "dim")
    )


def _course(state: State) -> Text:
    done, of_all = state.done
    return Text(translate("watch.course", state.language, done=done, all=of_all), "dim")


def _tasks(state: State) -> Text:
    line = Text()
    for task in state.exercise.tasks:
        mark, style = mark_of(checks_of(state.result, task) if state.result else ())
        in_hand = task is state.task
        line.append(f"{mark} {task.name}", f"{style} reverse" if in_hand else style)
        line.append("  ")
    return line


def _body(state: State) -> list[RenderableType]:
    result, task, language = state.result, state.task, state.language
    if result is None:
        return []
    parts = problem_feedback(result, state.exercise, language)
    checks = checks_of(result, task)
    if checks and result.problem is None and not unreached(checks):
        parts += task_feedback(task, checks, state.exercise, language)
    if state.hint:
        parts += [Text(), Text(state.hint, "cyan")]
    return parts


def _status(state: State) -> Text:
    if state.busy:
        return Text(translate("watch.checking", state.language), "yellow")
    return Text(state.said, "bold")
