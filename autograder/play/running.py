"""Keeps the page running: a server in one thread, the checks of what is saved in this one."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from autograder.errors import EngineFault
from autograder.messages import learner_error
from autograder.play.guard import Guard, new_token
from autograder.play.server import Pages
from autograder.play.sources import Sources
from autograder.play.telling import Facts
from autograder.play.training import Training
from autograder.play.twin import Framework, Twin
from autograder.play.verdicts import Verdicts
from autograder.sandbox.opening import Sandbox
from autograder.watch.events import Saved, Waiting, saves

__all__ = ["Play", "play"]

ADDRESS = "127.0.0.1"
LOOKING = 0.5  # s between two looks whether the server still runs
MOST_MESSAGE = 64 * 1024
SECONDS_TO_START = 20.0


@dataclass(frozen=True)
class Play:
    """What is played: the exercises' files, a framework beside them or none, the language.

    port: to listen on; 0 takes a free one.
    """

    sources: Sources
    language: str
    framework: Framework | None = None
    port: int = 0


def play(game: Play, ready: Callable[[str], None]) -> None:
    """Serve the page until it is interrupted; `ready` is told its address.

    Raises LearnerError when the port is taken.
    """
    verdicts = Verdicts(game.sources)
    facts = Facts(verdicts, game.sources.reference, game.framework or "")
    with contextlib.ExitStack() as stack:
        # Notebooks and scripts may draw: what that takes to import is there before the fork.
        sandbox = stack.enter_context(contextlib.closing(Sandbox("plain", "matplotlib", warm=True)))
        aside = _framework(game.framework, stack)

        def train() -> Training:
            twin = Twin(aside, game.framework) if aside and game.framework else None
            return Training(sandbox, game.sources, twin)

        pages = Pages(train, facts, game.language)
        with _served(pages, game.port) as (address, alive):
            ready(address)
            _check_on(game.sources, verdicts, pages, alive)


def _framework(framework: Framework | None, stack: contextlib.ExitStack) -> Sandbox | None:
    if framework is None:
        return None
    return stack.enter_context(contextlib.closing(Sandbox("plain", framework, warm=True)))


@contextlib.contextmanager
def _served(pages: Pages, port: int) -> Iterator[tuple[str, Callable[[], bool]]]:
    token = new_token()
    with _listening(port) as listener:
        bound = listener.getsockname()[1]
        config = uvicorn.Config(
            Guard(pages.app, token, bound), log_config=None, log_level="critical", access_log=False,
            ws="websockets-sansio", ws_max_size=MOST_MESSAGE, ws_per_message_deflate=False,
            server_header=False, lifespan="off", timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
        thread.start()
        try:
            _wait_for(server, thread)
            yield f"http://{ADDRESS}:{bound}/{token}/", thread.is_alive
        finally:
            server.should_exit = True
            thread.join(5.0)


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        if os.name == "posix":  # on Windows it would let another program listen here too
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS, port))
        listener.listen(16)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise learner_error("error.play_port", port=port, reason=reason) from None
    return listener


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.01)
    if not server.started:
        raise EngineFault("The server of the page did not start.")


def _check_on(
    sources: Sources, verdicts: Verdicts, pages: Pages, alive: Callable[[], bool]
) -> None:
    """Check every exercise, then each one that is saved, for as long as the server runs."""
    folder = next(iter(sources.exercises.values())).folder.parent
    waiting: Waiting = queue.SimpleQueue()
    checks = Sandbox("plain", "matplotlib", warm=True)
    with contextlib.closing(checks), saves(folder, waiting):
        todo = [] if sources.reference else list(sources.exercises)
        while alive():
            if todo:
                verdicts.check(todo.pop(0), checks)
                pages.news()
                continue
            for path in _saved(waiting):
                name = sources.whose(path)
                if name is not None:
                    verdicts.forget(name)
                    pages.news(saved=True)
                    todo += [] if sources.reference else [name]


def _saved(waiting: Waiting) -> list[Path]:
    try:
        first = waiting.get(timeout=LOOKING)
    except queue.Empty:
        return []
    return [first.path] if isinstance(first, Saved) else []
