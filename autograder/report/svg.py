"""Writing SVG: shapes, text whose width is guessed, and small images.

No ids and no style attributes: many drawings may stand in one page, under a policy that forbids
styles. Text stays text, so that it is found, read aloud, and written in the reader's own fonts.
"""

from __future__ import annotations

import base64
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable
from html import escape

import numpy as np
from numpy.typing import NDArray

from autograder.messages.explain import clean

__all__ = ["Drawing", "image_address", "points_of", "wrapped", "written_width"]

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FURTHEST = 9000.0  # pixels; a viewer's own numbers end somewhere


class Drawing:
    """A list of elements, in the order in which they are painted."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add(self, element: str, /, **attributes: object) -> None:
        """Add an element without content; ``stroke_width`` becomes ``stroke-width``."""
        self._parts.append(f"<{element}{_attributes(attributes)}/>")

    def text(self, x: float, y: float, words: str, /, **attributes: object) -> None:
        """Add a line of text, with its base line at y; whatever it holds, it is only text."""
        named = _attributes({"x": x, "y": y, **attributes})
        written = escape(NOT_XML.sub("\ufffd", clean(words)), quote=False)
        self._parts.append(f"<text{named}>{written}</text>")

    def inside(self, x: float, y: float, width: float, height: float, content: Drawing, /) -> None:
        """Add another drawing at a place; what reaches over its edges is cut off."""
        box = _attributes({"x": x, "y": y, "width": width, "height": height, "overflow": "hidden"})
        self._parts.append(f"<svg{box}>{content}</svg>")

    def at(self, x: float, y: float, content: Drawing, /, role: str = "") -> None:
        """Add another drawing at a place, as it is."""
        moved = _attributes({"class": role or None, "transform": f"translate({x:g} {y:g})"})
        self._parts.append(f"<g{moved}>{content}</g>")

    def __str__(self) -> str:
        return "".join(self._parts)

    def page(self, width: float, height: float, language: str) -> str:
        """Return all of it as an SVG element on white paper."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
            f'width="{width:g}" height="{height:g}" lang="{language}" '
            'font-family="system-ui, sans-serif" font-size="11" fill="none">'
        )
        paper = f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>'
        return f"{head}{paper}{self}</svg>"


def points_of(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[str]:
    """Return the pieces of a curve, in pixels, as lists of points; a gap ends a piece."""
    pieces: list[list[str]] = [[]]
    for across, up in zip(x.tolist(), y.tolist(), strict=True):
        if across != across or up != up:
            pieces.append([])
            continue
        point = f"{_near(across):.1f},{_near(up):.1f}"
        if pieces[-1][-1:] != [point]:
            pieces[-1].append(point)
    return [" ".join(piece) for piece in pieces if piece]


def _near(value: float) -> float:
    return min(max(value, -FURTHEST), FURTHEST)


def written_width(words: str, size: float = 11) -> float:
    """Guess how wide a text is: a Chinese character is as wide as it is high."""
    ems = sum(1.0 if _is_wide(each) else 0.8 if each == "\u2212" else 0.56 for each in words)
    return ems * size


def wrapped(words: str, width: float, size: float = 11) -> list[str]:
    """Cut a text into lines of at most that width, at blanks and between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(words):
        if line and written_width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(words: str) -> Iterable[str]:
    piece = ""
    for character in words:
        # A mark of punctuation stays with what stands before it.
        if piece and _is_wide(character) and not unicodedata.category(character).startswith("P"):
            yield piece
            piece = ""
        piece += character
        if character == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_wide(character: str) -> bool:
    return character > "\u2e7f" and unicodedata.east_asian_width(character) in "WF"


def image_address(colours: NDArray[np.uint8]) -> str:
    """Return a small picture of shape (rows, columns, 3), from above to below, as an address."""
    rows, columns, _ = colours.shape
    lines = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(colours))
    head = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")
    png = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def _attributes(values: dict[str, object]) -> str:
    told = []
    for name, value in values.items():
        if value is None:
            continue
        shown = f"{_near(value):.5g}" if isinstance(value, float) else str(value)
        told.append(f' {name.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    return "".join(told)
