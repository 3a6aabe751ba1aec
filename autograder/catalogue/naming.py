"""What a person means by a name: a short form of it, or one that is misspelt."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence

__all__ = ["meant", "similar"]

ENOUGH = 3  # letters of a beginning that tell what is meant
NEAR = 0.65  # of 1: two letters of four may be swapped, while other names stay apart


def meant(name: str, known: Sequence[str]) -> str | None:
    """Find the one name that is meant: ``01_neuron`` by ``neuron``, ``1``, ``01`` or ``01_Neuron``.

    None where nothing has such a form, or several have.
    """
    if name in known:
        return name
    typed = _plain(name)
    found = [each for each in known if typed in {*_words(each), *_numbers(each)}]
    return found[0] if len(found) == 1 else None


def similar(name: str, known: Sequence[str]) -> str:
    """Find the known name that a misspelt one is nearest to; an empty text where none is near."""
    if one := meant(name, known):
        return one
    typed = _plain(name)
    by_word = {word: each for each in reversed(known) for word in _words(each)}
    begun = {each for word, each in by_word.items() if word.startswith(typed)}
    if len(typed) >= ENOUGH and len(begun) == 1:
        return begun.pop()
    near = difflib.get_close_matches(typed, by_word, n=1, cutoff=NEAR)
    return by_word[near[0]] if near else ""


def _plain(name: str) -> str:
    """Forget upper and lower case, and the full width in which Chinese keyboards write."""
    return unicodedata.normalize("NFKC", name).casefold()


def _words(name: str) -> set[str]:
    number, _, rest = _plain(name).partition("_")
    return {_plain(name), rest} if number.isdecimal() and rest else {_plain(name)}


def _numbers(name: str) -> set[str]:
    number = name.partition("_")[0]
    return {number, str(int(number))} if number.isdecimal() else set()
