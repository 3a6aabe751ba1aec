"""Following strings, brackets and continued lines through Python that may be broken.

No parser is run on a learner's text outside the cage: a deep enough text can crash Python's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Scanner", "conflict_line"]

CONFLICT = re.compile(r"(?:<{7}|>{7})(?: |$)")
CODE = re.compile(r"""[^#"'\[\](){}\\]+|#.*|\"{3}|'{3}|["'\[\](){}]|\\.?""", re.DOTALL)
# Up to the closing quotes; an escaped quote does not close, in raw strings neither.
CLOSING = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*+"""', re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*+'''", re.DOTALL),
    '"': re.compile(r'(?:[^"\\]|\\.)*+"', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]|\\.)*+'", re.DOTALL),
}


@dataclass
class Scanner:
    """Where a reader of Python stands at the end of a line."""

    quote: str = ""
    depth: int = 0
    continued: bool = False

    @property
    def at_start(self) -> bool:
        """Whether the next line begins a statement."""
        return not (self.quote or self.depth or self.continued)

    def read(self, line: str) -> None:
        """Follow one line, given without its end."""
        self.continued = False
        place = 0
        while place < len(line):
            if self.quote:
                place = self._string(line, place)
                continue
            found = CODE.match(line, place)
            assert found is not None  # any character begins one of the alternatives
            piece, place = found[0], found.end()
            if piece in CLOSING:
                self.quote = piece
            elif piece in "([{":
                self.depth += 1
            elif piece in ")]}":
                self.depth = max(0, self.depth - 1)
            elif piece == "\\":
                self.continued = place == len(line)
        if len(self.quote) == 1 and not self.continued:
            self.quote = ""  # such a string ends with its line, closed or not

    def _string(self, line: str, place: int) -> int:
        closed = CLOSING[self.quote].match(line, place)
        if closed is not None:
            self.quote = ""
            return closed.end()
        rest = line[place:]
        backslashes = len(rest) - len(rest.rstrip("\\"))
        self.continued = len(self.quote) == 1 and backslashes % 2 == 1
        return len(line)


def conflict_line(text: str) -> int | None:
    """Return the line, from 1, of the first merge-conflict marker outside of strings.

    A row of ``=`` alone is no marker: it underlines headings.
    """
    scanner = Scanner()
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return None
    for number, line in enumerate(text.split("\n"), 1):
        if not scanner.quote and CONFLICT.match(line):
            return number
        scanner.read(line)
    return None
