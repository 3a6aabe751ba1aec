"""From a learner's bytes to text, whatever editor wrote them."""

from __future__ import annotations

import codecs
import re
import tokenize

from autograder.errors import SubmissionError

__all__ = ["decode"]

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A coding cookie is the learner's word. Some codecs are no encodings of text, and some (punycode)
# take quadratic time, so only families that editors write are looked up.
COOKIES = re.compile(
    "utf_?8|ascii|us_ascii|latin|iso_?8859|cp[0-9]|windows_?12|gb|big5|shift_?jis|sjis|euc|koi8|mac_|"
    "johab|tis"
)
LONGEST_COOKIE_LINE = 200
GUESSES = ("utf-8", "gb18030", "cp1252")
CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]")
LINE_END = re.compile(rb"\r\n|\r|\n")


def decode(data: bytes) -> str:
    """Return the text with Unix line ends, by byte order mark, coding cookie, or by trying.

    Raises SubmissionError (``empty``, ``encoding``, ``nul``).
    """
    text = _by_mark(data)
    if text is None:
        text = _by_trying(data.removeprefix(codecs.BOM_UTF8))
    if text is None:
        raise SubmissionError("submission.encoding")
    if "\0" in text:
        raise SubmissionError("submission.nul")
    if not text.strip():
        raise SubmissionError("submission.empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _by_mark(data: bytes) -> str | None:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    # UTF-16 without a mark: every other byte of its ASCII characters is NUL.
    high, low = data[1::2].count(0), data[0::2].count(0)
    if len(data) % 2 == 0 and max(high, low) * 10 > len(data) and high != low:
        text = _decoded(data, "utf-16-le" if high > low else "utf-16-be")
        return None if text is None or "\0" in text or CONTROL.search(text) else text
    return None


def _by_trying(data: bytes) -> str | None:
    cookie = _cookie(data)
    if cookie is not None:
        text = _decoded(data, cookie)
        if text is not None:
            return text
    for encoding in GUESSES:
        text = _decoded(data, encoding)
        # Nearly any bytes are some text in the later encodings; control characters give them away.
        if text is not None and (encoding == "utf-8" or not CONTROL.search(text)):
            return text
    return None


def _cookie(data: bytes) -> str | None:
    """Return the encoding that the first two lines name, when it is one of text."""
    head = LINE_END.split(data[: 2 * LONGEST_COOKIE_LINE], maxsplit=2)[:2]
    # The words around the cookie may be in the very encoding that it names.
    lines = [re.sub(rb"[^\t\f -~]", b"?", line) + b"\n" for line in head]
    found = [re.match(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]{1,40})", line) for line in lines]
    names = [match[1].decode("ascii").lower().replace("-", "_") for match in found if match]
    if not names or not COOKIES.match(names[0]):
        return None
    try:
        encoding, _ = tokenize.detect_encoding(iter(lines).__next__)
    except SyntaxError:
        return None
    return encoding


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
