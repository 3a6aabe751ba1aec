"""The command start: from a release to a learner's own folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.messages import LANGUAGES, learner_error, said_language, translate, typed

if TYPE_CHECKING:
    from autograder.handout.release import Release
    from autograder.handout.starting import Started

__all__ = ["start"]

MOST = 12  # files that are named; of more, a line tells how many


def start(
    source: Annotated[str, typer.Argument()],
    folder: Annotated[Path | None, typer.Argument()] = None,
    language: Annotated[str | None, typer.Option("--language")] = None,
) -> None:
    """Make a learner's own working folder of a course, or bring it up to date."""
    from autograder.handout.release import read_release
    from autograder.handout.sources import open_source, place_of
    from autograder.handout.starting import start as begin

    place = folder or _default(source)
    origin = place_of(source)
    if origin is not None and place.resolve().is_relative_to(origin):
        raise learner_error("error.start_inside", source=typed(source), folder=str(place))
    if place.exists() and not place.is_dir():
        raise learner_error("error.start_taken", folder=str(place))
    with open_source(source) as root:
        release = read_release(root)
    chosen = _language(release, place, language)
    started = begin(release, place, chosen)
    _tell(started, release, place, chosen)


def _default(source: str) -> Path:
    """Return the folder that is meant where none is named: the one that was started already."""
    from autograder.handout.starting import remembered

    if remembered(Path.cwd()) is not None:
        return Path()
    stem = Path(source).resolve().name.removesuffix(".zip")
    return Path(f"my-{stem}")


def _language(release: Release, folder: Path, asked: str | None) -> str:
    """Choose the language: as asked, as remembered, as $GRADEFLOW_LANGUAGE says; else ask once."""
    from autograder.handout.starting import remembered

    known = tuple(dict.fromkeys((*release.languages, *LANGUAGES)))
    if asked is not None:
        if asked not in known:
            raise learner_error("error.no_language", language=asked, names=known)
        return asked
    if before := remembered(folder):
        return before
    if (said := said_language()) is not None:
        return said
    if len(release.languages) > 1 and sys.stdin.isatty():
        return _answer(release.languages)
    return release.languages[0]


def _answer(languages: Sequence[str]) -> str:
    """Ask for the language, in all that the engine speaks: which one is read is not known yet."""
    question = " / ".join(translate("start.ask", each) for each in LANGUAGES)
    while True:
        typed = str(typer.prompt(f"{question} ({', '.join(languages)})", default=languages[0]))
        if typed.strip().lower() in languages:
            return typed.strip().lower()


def _tell(started: Started, release: Release, folder: Path, language: str) -> None:
    laid = started.laid
    place = folder if folder.name else folder.resolve()  # "." tells nothing
    facts = {"folder": str(place), "count": len(release.exercises)}
    if not started.again:
        typer.echo(translate("start.begun", language, **facts))
    elif not (laid.new or laid.updated):
        typer.echo(translate("start.same", language, **facts))
    else:
        typer.echo(translate("start.again", language, **facts))
        _list(laid.new, "start.new", language)
        _list(laid.updated, "start.updated", language)
    _list(laid.kept, "start.kept", language)
    _list(started.gone, "start.gone", language)
    if language not in release.languages:
        typer.echo(translate("start.prose", language))
    if not started.again:
        first = release.exercises[0]
        typer.echo(translate("start.next", language, folder=typed(str(folder)), first=first))


def _list(names: Sequence[str], key: str, language: str) -> None:
    for name in names[:MOST]:
        typer.echo("  " + translate(key, language, file=name))
    if len(names) > MOST:
        typer.echo("  " + translate("start.more", language, count=len(names) - MOST))
