"""What commands print, where the stream does not know every character or belongs to a script.

A console shows every character, on Windows too. A file or a pipe there has the characters of the
country: cp1252 knows neither a mark nor Chinese, GBK no mark. That costs a character, no answer.
"""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

__all__ = ["print_json", "put", "spell"]

_SPELT = {
    "✔": "v",
    "✅": "v",
    "✘": "x",
    "❌": "x",
    "○": "o",
    "◐": "o",
    "▸": ">",
    "→": "->",
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "θ": "theta",
    "ᵀ": "^T",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "‹": "<",
    "›": ">",
    "。": ".",
    "、": ",",
}
_HANDLER = "gradeflow.spelt"


def spell() -> None:
    """Have standard output and standard error write what they cannot encode in other letters."""
    codecs.register_error(_HANDLER, _in_other_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a window without a console has none at all
            stream.reconfigure(errors=_HANDLER)


def _in_other_letters(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(map(_spelt, wrong)), error.end


def _spelt(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return _SPELT.get(character) or plain or "?"


def print_json(value: object) -> None:
    """Print a value as JSON, indented."""
    from autograder.model import to_json

    put(to_json(value))


def put(data: bytes) -> None:
    """Write bytes to standard output as a script reads them everywhere: none is translated."""
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:  # a stream of a test's or of a notebook's, which has no bytes
        sys.stdout.write(data.decode())
    else:
        binary.write(data)
        binary.flush()
