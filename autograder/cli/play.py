"""The command of a learner's that shows their network: play."""

from __future__ import annotations

import contextlib
import importlib.util
from enum import StrEnum
from typing import Annotated

import typer

from autograder.catalogue import language_at
from autograder.cli.options import LanguageOption
from autograder.cli.places import course_here
from autograder.messages import learner_error, translate

__all__ = ["play"]

NEEDS = ("starlette", "uvicorn", "websockets")


class Beside(StrEnum):
    """A framework that trains the same network."""

    TORCH = "torch"
    TENSORFLOW = "tensorflow"


def play(
    reference: Annotated[bool, typer.Option("--reference")] = False,
    framework: Annotated[Beside | None, typer.Option("--framework")] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
    language: LanguageOption = None,
) -> None:
    """Show a network of the learner's own functions on a page, and let it learn."""
    course = course_here()
    _demand(NEEDS, "play")
    if framework is not None:
        _demand((framework.value,), framework.value)
    from autograder.play.running import Play
    from autograder.play.running import play as run
    from autograder.play.sources import Sources

    tongue = language_at(course.root, language and language.value)
    sources = Sources.of(course, reference=reference)
    game = Play(sources, tongue, framework.value if framework else None, port)

    def ready(address: str) -> None:
        typer.echo(translate("terminal.play", tongue, address=address))
        if browser:
            import webbrowser

            webbrowser.open(address)

    with contextlib.suppress(KeyboardInterrupt):
        run(game, ready)


def _demand(modules: tuple[str, ...], extra: str) -> None:
    """Refuse what is not installed before anything starts."""
    if any(importlib.util.find_spec(each) is None for each in modules):
        raise learner_error("error.play_needs", extra=extra)
