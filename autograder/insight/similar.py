"""Whose programs are nearly the same, beyond what the exercise gives and most of a class writes.

Programs are compared as tokens: without comments and layout, a learner's own names all alike, so
that renaming hides nothing. Winnowing (Schleimer, Wilkerson, Aiken 2003) finds who shares an
uncommon piece of some length; only they are aligned with each other. What comes out says that two
programs are alike and how rare that is in this class. It is no verdict: of a short exercise there
are few ways to write it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from autograder.errors import GradeFlowError
from autograder.insight.tokens import Token, tokens_of
from autograder.messages import clean
from autograder.model import Result, SourceLine
from autograder.wire.protocol import Program

__all__ = ["Alike", "Likeness", "Row", "similar_of"]

PIECE, WINDOW = 12, 5  # tokens of a piece; of so many neighbouring ones, one is remembered
ALIKE = 0.8  # share of two programs' own tokens that are the same, in order
LEAST = 30  # tokens that two programs must share
RARE = 0.05  # of a class: a piece that more have says little
MOST_COMMON = 40  # programs: of a piece that more have, only neighbours are compared
WIDEST = 160
FIRST_LETTER, LETTERS = 0x10000, 0x100000  # none is half of another; a class has no more words
Place = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """Two lines side by side; None where there is none. same: whether they say the same."""

    left: SourceLine | None
    right: SourceLine | None
    same: bool


@dataclass(frozen=True)
class Alike:
    """Learners whose programs are nearly the same.

    left, right: the two that are most alike; share: the share of their own tokens that are the
    same; tokens: how many these are.
    found_in: how many programs of the class have a piece of what they share; half of the pieces are
    in fewer, half in more.
    rows: the two side by side, as far as it is their own.
    """

    members: tuple[str, ...]
    left: str
    right: str
    share: float
    tokens: int
    found_in: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Likeness:
    """What a comparison found. compared: programs; left_out: learners of whom there is none."""

    groups: tuple[Alike, ...]
    compared: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Text:
    """A learner's program as tokens, and each piece of it by where it begins.

    own: the places of tokens that are in no piece that is common.
    written: these tokens, a letter for each word, the same in all texts: quick to align.
    uncommon: the pieces that are not common.
    """

    learner: str
    program: Program
    tokens: tuple[Token, ...]
    pieces: tuple[int, ...]
    own: Place = ()
    written: str = ""
    uncommon: frozenset[int] = frozenset()


def similar_of(
    results: Iterable[Result],
    program_of: Callable[[Result], Program | None],
    given: Iterable[Program],
) -> Likeness:
    """Find the programs of a class that are nearly the same.

    given: what learners were handed out; it counts as nobody's.

    Raises GradeFlowError where the library that aligns is not installed.
    """
    _must_have_rapidfuzz()
    handed = [_text("", program, frozenset()) for program in given]
    words = frozenset(token.name for text in handed for token in text.tokens if token.name)
    texts, left_out = [], []
    for result in results:
        program = program_of(result)
        text = _text(result.learner, program, words) if program is not None else None
        if text is None or not text.tokens:
            left_out.append(result.learner)
        else:
            texts.append(text)
    handed = [_text("", text.program, words) for text in handed]
    spread = Counter(piece for text in texts for piece in set(text.pieces))
    common = {piece for text in handed for piece in text.pieces}
    common |= {piece for piece, count in spread.items() if count > max(3, len(texts) / 2)}
    letters: dict[str, str] = {}
    texts = [_with_own(text, common, letters) for text in texts]
    found = list(_pairs(texts, spread))
    groups = tuple(_groups(found, {text.learner: text for text in texts}))
    return Likeness(groups, len(texts), tuple(left_out))


def _must_have_rapidfuzz() -> None:
    try:
        import rapidfuzz  # noqa: F401
    except ImportError:
        raise GradeFlowError(
            "Comparing programs needs a package that is not installed: "
            "pip install 'gradeflow[similar]'"
        ) from None


def _text(learner: str, program: Program, words: frozenset[str]) -> _Text:
    tokens = tokens_of(program, words)
    every = [token.word for token in tokens]
    pieces = (_digest(every[at : at + PIECE]) for at in range(len(every) - PIECE + 1))
    return _Text(learner, program, tokens, tuple(pieces))


def _digest(words: Sequence[str]) -> int:
    # Python's own hash of a text is another in each process: results would vary.
    text = "\0".join(words).encode(errors="replace")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


def _with_own(text: _Text, common: set[int], letters: dict[str, str]) -> _Text:
    """Return a text with what is its own. letters: of each word; those that are new are added."""
    covered = {
        place
        for at, piece in enumerate(text.pieces)
        if piece in common
        for place in range(at, at + PIECE)
    }
    own = tuple(place for place in range(len(text.tokens)) if place not in covered)
    words = (text.tokens[place].word for place in own)
    written = "".join(letters.setdefault(word, _letter(len(letters))) for word in words)
    return dataclasses.replace(
        text, own=own, written=written, uncommon=frozenset(text.pieces) - common
    )


def _letter(number: int) -> str:
    return chr(FIRST_LETTER + number % LETTERS)


def _fingerprints(pieces: Sequence[int]) -> set[int]:
    """Winnow: of each window the least piece, so that of any longer match one is among them."""
    windows = range(max(1, len(pieces) - WINDOW + 1)) if pieces else ()
    return {min(pieces[at : at + WINDOW]) for at in windows}


@dataclass(frozen=True)
class _Pair:
    left: _Text
    right: _Text
    share: float
    tokens: int
    found_in: int


def _pairs(texts: Sequence[_Text], spread: Mapping[int, int]) -> Iterator[_Pair]:
    """Yield the pairs that are alike, of those that share a piece which few have."""
    having: dict[int, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for piece in _fingerprints([each for each in text.pieces if each in text.uncommon]):
            having[piece].append(place)
    # Those that are the same stand beside each other, so that a chain of neighbours holds them.
    order = sorted(range(len(texts)), key=lambda place: texts[place].written)
    rank = {place: number for number, place in enumerate(order)}
    candidates: set[tuple[int, int]] = set()
    for places in having.values():
        if len(places) <= MOST_COMMON:
            candidates.update(combinations(sorted(places), 2))
        else:
            chain = sorted(places, key=rank.__getitem__)
            candidates.update((min(pair), max(pair)) for pair in pairwise(chain))
    rare = max(3.0, RARE * len(texts))
    for one, other in sorted(candidates):
        pair = _compared(texts[one], texts[other], spread)
        if pair is not None and pair.found_in <= rare:
            yield pair


def _compared(left: _Text, right: _Text, spread: Mapping[int, int]) -> _Pair | None:
    from rapidfuzz.distance import Indel, LCSseq

    if min(len(left.own), len(right.own)) < LEAST:
        return None
    written = left.written, right.written
    share = Indel.normalized_similarity(*written, score_cutoff=ALIKE)
    if share < ALIKE:
        return None
    tokens = LCSseq.similarity(*written)
    shared = left.uncommon & right.uncommon
    if tokens < LEAST or not shared:
        return None
    found_in = round(statistics.median(spread[piece] for piece in shared))
    return _Pair(left, right, share, tokens, found_in)


def _groups(pairs: Sequence[_Pair], texts: Mapping[str, _Text]) -> Iterator[Alike]:
    """Yield the groups that pairs make, the most telling first."""
    head = {learner: learner for learner in texts}

    def top(learner: str) -> str:
        while head[learner] != learner:
            head[learner] = head[head[learner]]
            learner = head[learner]
        return learner

    for pair in pairs:
        head[top(pair.left.learner)] = top(pair.right.learner)
    of_group: dict[str, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        of_group[top(pair.left.learner)].append(pair)
    best = {group: max(own, key=_telling) for group, own in of_group.items()}
    for group in sorted(best, key=lambda each: _telling(best[each]), reverse=True):
        pair = best[group]
        members = {each.learner for one in of_group[group] for each in (one.left, one.right)}
        yield Alike(
            tuple(sorted(members)),
            pair.left.learner,
            pair.right.learner,
            round(pair.share, 3),
            pair.tokens,
            pair.found_in,
            tuple(_side_by_side(pair.left, pair.right)),
        )


def _telling(pair: _Pair) -> tuple[float, int, str]:
    return pair.share * pair.tokens / max(1, pair.found_in), pair.tokens, pair.left.learner


def _side_by_side(left: _Text, right: _Text) -> Iterator[Row]:
    """Align the lines that hold something of a learner's own."""
    from rapidfuzz.distance import Indel

    one, other = _lines(left), _lines(right)
    codes = Indel.opcodes([text for _, text in one], [text for _, text in other])
    for code in codes:
        mine = [line for line, _ in one[code.src_start : code.src_end]]
        theirs = [line for line, _ in other[code.dest_start : code.dest_end]]
        for place in range(max(len(mine), len(theirs))):
            yield Row(
                mine[place] if place < len(mine) else None,
                theirs[place] if place < len(theirs) else None,
                code.tag == "equal",
            )


def _lines(text: _Text) -> list[tuple[SourceLine, str]]:
    """Return the lines with own tokens, and what each says as tokens."""
    words: dict[tuple[str, int], list[str]] = defaultdict(list)
    for token in text.tokens:
        words[token.label, token.line].append(token.word)
    sources = {part.label: part.source.split("\n") for part in text.program.parts}
    own = dict.fromkeys((text.tokens[at].label, text.tokens[at].line) for at in text.own)
    return [
        (
            SourceLine(label, line, clean(sources[label][line - 1]).rstrip()[:WIDEST]),
            " ".join(words[label, line]),
        )
        for label, line in own
        if line <= len(sources[label])
    ]
