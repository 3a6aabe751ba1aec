"""Rendering a template as one self-contained page that runs nothing and loads nothing.

Every value is escaped (autoescape) and stripped of control characters and of marks that turn the
direction of reading, whatever template shows it. The style sheet stands in the page, allowed by its
hash; a picture is an image, in which nothing can run. So a learner's text can be shown, not act.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.atomic import write_atomically
from autograder.messages.explain import clean

__all__ = ["chunks_of", "is_made_of", "made_of", "render", "svg_address", "write_page"]

STYLE = "page.css"
CHUNK = 100

Row = TypeVar("Row")


def render(template: str, *styles: str, **values: object) -> str:
    """Fill a template of this package.

    styles: further style sheets beside that of every page.
    values: what the template names; a missing one is an error, not a blank.
    """
    style, policy = _style(STYLE, *styles)
    page = _environment().get_template(template)
    return page.render(style=style, policy=policy, **values)


def svg_address(svg: str | None) -> str | None:
    """Return a drawing as an image's address; None stays None.

    As an image and not as a part of the page: scripts, links and fetches in it are dead, and its
    style attributes, which the page's policy forbids, still count.
    """
    if svg is None:
        return None
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def write_page(path: Path, page: str) -> None:
    """Write a page whole or not at all.

    Raises OSError when the folder cannot be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, page.encode())


def made_of(page: str, source: bytes) -> str:
    """Return a page that tells, in its last line, what it was made of: a digest of both."""
    return f"{page}\n<!-- {hashlib.sha256(source + page.encode()).hexdigest()} -->"


def is_made_of(path: Path, source: bytes) -> bool:
    """Tell whether a file is a page of ``made_of`` of this very source, whole and unchanged."""
    try:
        written = path.read_bytes()
    except OSError:
        return False
    page, _, told = written.rpartition(b"\n")
    return told == f"<!-- {hashlib.sha256(source + page).hexdigest()} -->".encode()


def chunks_of(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """Return a table's rows by so many as a browser lays out at once, where they come in sight."""
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_fit,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _fit(value: object) -> object:
    """Take from every text that is shown what no text may hold; markup is our own."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _style(*names: str) -> tuple[Markup, Markup]:
    """Return the style sheet and a content security policy that allows it and nothing else."""
    folder = resources.files("autograder.report").joinpath("templates")
    sheets = (folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    text = "".join(sheets).replace("\r\n", "\n")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return Markup(text), Markup(policy)  # noqa: S704 - our own file, and a hash of it
