"""A program as tokens, for comparing: no comment, no layout, a learner's own names all alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.wire.protocol import Program

__all__ = ["Token", "tokens_of"]

LONGEST = 60_000  # characters of a program that are read
OWN_NAME, TEXT = "n", "s"


@dataclass(frozen=True)
class Token:
    """A token, and where it stands. word: what is compared; name: the name, where it is one."""

    word: str
    name: str
    label: str
    line: int


def tokens_of(program: Program, given: frozenset[str]) -> tuple[Token, ...]:
    """Return a program's tokens; also of one that is no Python.

    given: names that are no learner's choice; what stands behind a dot never is.
    """
    found: list[Token] = []
    left = LONGEST
    for part in program.parts:
        source = part.source[:left]
        left -= len(source)
        found += _of_part(source, part.label, given)
    return tuple(found)


def _of_part(source: str, label: str, given: frozenset[str]) -> Iterator[Token]:
    from pygments.token import Comment, Keyword, Name, String, Text, Whitespace

    line, before = 1, ""
    quoted = False
    for kind, text in _lexer().get_tokens(source):
        at, line = line, line + text.count("\n")
        if kind in Comment or kind in Text or kind in Whitespace or kind in String.Doc:
            continue
        if kind in String:  # a text comes in many tokens: one for all of it
            if not quoted:
                yield Token(TEXT, "", label, at)
            quoted, before = True, ""
            continue
        quoted = False
        if kind in Name and kind not in Name.Builtin:
            own = text not in given and before != "."
            yield Token(OWN_NAME if own else text, text, label, at)
        elif kind in Keyword or text.strip():
            yield Token(text, "", label, at)
        before = text


@lru_cache(maxsize=1)
def _lexer() -> Any:
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False, ensurenl=False)
