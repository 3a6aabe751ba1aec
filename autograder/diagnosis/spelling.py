"""Which word of Python's a line that cannot be read was to begin with."""

from __future__ import annotations

import re
from itertools import takewhile

__all__ = ["meant_keyword"]

# Words that begin a statement, and what else stands in such a line.
BEGIN = {
    **dict.fromkeys(("for", "while", "if", "elif", "else", "def", "class", "with"), ":"),
    **dict.fromkeys(("try", "except", "finally"), ":"),
    **dict.fromkeys(("return", "import", "raise", "assert", "yield", "del", "global"), ""),
    "from": "import",
}
ENOUGH = 3  # letters of a word in which one may be wrong
# A word with another behind it, or a colon that ends the line: no name begins a line so.
FIRST = re.compile(r"([^\W\d]\w*+)(?:[ \t]++[\w\"'{~]|[ \t]*+:[ \t]*+(?:#|$))")


def meant_keyword(line: str) -> tuple[str, str]:
    """Return a line's misspelt first word and the one keyword that it may be; else empty texts.

    ``retrun x`` gives ``("retrun", "return")``: a letter is missing, too many, another or in upper
    case, or two are swapped.
    """
    found = FIRST.match(line)
    if not found or found[1] in BEGIN:
        return "", ""
    here = [word for word, beside in BEGIN.items() if beside in line]
    near = [word for word in here if _is_near(found[1].lower(), word)]
    return (found[1], near[0]) if len(near) == 1 else ("", "")


def _is_near(word: str, keyword: str) -> bool:
    """Tell whether one letter is other, lacking or too many, or two have changed places."""
    if word == keyword or len(word) < ENOUGH or len(keyword) < ENOUGH:
        return word == keyword
    pairs = zip(word, keyword, strict=False)
    at = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    rest, wanted = word[at:], keyword[at:]
    swapped = rest[2:] == wanted[2:] and rest[:2] == wanted[:2][::-1]
    return swapped or wanted[1:] in (rest, rest[1:]) or rest[1:] == wanted
