"""Prose made into a page's HTML: whatever was written in it, no browser runs anything of it.

What counts is the HTML that comes out, which a sanitiser cleans by its list of what may stay. It is
nh3, the Rust library ammonia: it reads HTML as browsers do, costs time in proportion to the text,
and is maintained; bleach, which nbconvert brings, has been given up by its makers.
"""

from __future__ import annotations

import base64
import binascii
import html
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

__all__ = ["Prose", "page_of"]

MOST_TEXT = 20_000
"""Characters of one text that are read as Markdown; a longer one is shown as it was typed."""
LONGEST_FORMULA = 1000
LARGEST = 8 * 2**20  # characters of a picture, as it stands in a notebook
SIGNATURES: dict[object, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
SCHEMES = {"http", "https", "mailto"}
ATTACHED = "attachment:"
SPELT = {ord(each): f"&#{ord(each)};" for each in "\r\n[]$`*_\\"}
TEXT = (
    "a abbr b blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 "
    "hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td "
    "tfoot th thead tr u ul var"
)
FORMULAS = (
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow "
    "mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none"
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "separator", "accent", "largeop", "movablelimits"},
    "mi": {"mathvariant"},
    "mover": {"accent"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mfrac": {"linethickness"},
    "mtd": {"columnalign"},
}


@dataclass(frozen=True)
class Prose:
    """A text as HTML in one line; as Markdown it means the very same.

    marked_up: whether it held HTML of its own, of which only the harmless has stayed.
    """

    html: str
    marked_up: bool


def page_of(text: str, attachments: object = None) -> Prose:
    """Write a text in Markdown, with formulas, as HTML that nobody need fear.

    attachments: a cell's, as the file has them; a picture that is missing, too large or none at all
    is named and not shown.
    """
    if len(text) > MOST_TEXT:
        return Prose(_one_line(f"<pre>{html.escape(text)}</pre>"), marked_up=False)
    pictures = attachments if isinstance(attachments, dict) else {}
    tokens = _markdown.parse(text)
    spread = [each for token in tokens for each in (token, *(token.children or ()))]
    marked_up = any(token.type in ("html_block", "html_inline") for token in spread)
    drawn = _markdown.renderer.render(tokens, _markdown.options, {})
    return Prose(_one_line(_clean(drawn, pictures)), marked_up)


def _one_line(page: str) -> str:
    """Make of HTML one block of Markdown, which ends where a line is empty.

    What means something in Markdown is spelt out: nbconvert's patterns for links and formulas cost
    the square of a long line's length.
    """
    line = page.strip().translate(SPELT)
    return f"<div>{line}</div>" if line else ""


def _clean(page: str, pictures: Mapping[str, object]) -> str:
    def allowed(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):  # another address would tell who looks at the page
            return _data_of(pictures.get(unquote(value.removeprefix(ATTACHED))))
        if name == "href" and value.partition(":")[0].lower() not in SCHEMES:
            return None
        return value

    return nh3.clean(
        page,
        tags={*TEXT.split(), *FORMULAS.split()},
        attributes=ATTRIBUTES,
        attribute_filter=allowed,
        url_schemes={*SCHEMES, ATTACHED.rstrip(":")},
    )


def _data_of(kinds: object) -> str | None:
    """Return an attached picture as an address of its own; None when it is none."""
    for kind, data in kinds.items() if isinstance(kinds, dict) else ():
        text = "".join(map(str, data)) if isinstance(data, list) else str(data)
        bare = "".join(text.split()) if len(text) <= LARGEST else ""
        try:
            # Only the signature is decoded: what follows it is the business of whoever draws it.
            begins = base64.b64decode(bare[:16], validate=True)
        except (binascii.Error, ValueError):
            continue
        if begins.startswith(SIGNATURES.get(kind, ())) and bare.isascii():
            return f"data:{kind};base64,{bare}"
    return None


def _formula(content: str, options: Mapping[str, object]) -> str:
    """Write a formula as MathML, which browsers draw by themselves; one that is none as text."""
    display = "block" if options.get("display_mode") else "inline"
    mark = "$$" if display == "block" else "$"
    if len(content) <= LONGEST_FORMULA:
        with suppress(Exception):  # it raises whatever it likes
            return str(convert(content, display=display))
    return html.escape(f"{mark}{content}{mark}")


_markdown = (
    MarkdownIt("commonmark", {"html": True})
    .enable(["table", "strikethrough"])
    .use(dollarmath_plugin, renderer=_formula, double_inline=True)
)
