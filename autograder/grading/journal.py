"""What was handed in and graded when: lines beside the results, that are only ever added to.

A result says what came out, and is replaced when it is graded again. The journal stays: it knows
where a submission lay, so that it can be taken from there once more; when it was handed in, as far
as the platform told; and what earlier gradings gave. No point hangs on it: a line that is damaged
costs a piece of history and nothing else.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.model import Result, Verdict
from autograder.submission import Submission
from autograder.submission.learners import shown

__all__ = ["Graded", "Handed", "Journal", "graded", "handed", "now"]

NAME = ".journal.jsonl"
LONGEST = 64 * 2**10  # bytes of a line; ours have some hundreds


class Handed(msgspec.Struct, frozen=True, omit_defaults=True, tag="handed", tag_field="line"):
    """What a learner has handed in, as it was found.

    at: when it was found, UTC, ISO 8601.
    given: the paths that the command was given; origin: where among them the file lay.
    sha256: as in the result.
    handed_in: when it was handed in, ISO 8601, as the platform told; empty where it did not.
    late: whether the platform itself calls it late.
    """

    learner: str
    at: str
    given: tuple[str, ...]
    origin: str
    sha256: str
    handed_in: str = ""
    late: bool = False


class Graded(msgspec.Struct, frozen=True, omit_defaults=True, tag="graded", tag_field="line"):
    """What a grading gave.

    at: when it was known; run: when the command began; both in UTC, ISO 8601.
    sha256, content: the digests of the submission and of the exercise, as in the result.
    points: None where the score was withheld; tasks: the points of each task.
    found: the misconceptions that were named.
    """

    learner: str
    at: str
    run: str
    sha256: str
    content: str = ""
    points: float | None = None
    possible: float = 0.0
    tasks: dict[str, float] = {}
    found: tuple[str, ...] = ()


_encode = msgspec.json.encode
_decode: msgspec.json.Decoder[Handed | Graded] = msgspec.json.Decoder(Handed | Graded)


class Journal:
    """The journal of a folder of results, written by whoever holds the folder's lock."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def add(self, lines: Iterable[Handed | Graded]) -> None:
        """Write lines behind the others. OSError when the disk refuses."""
        written = b"".join(_encode(line) + b"\n" for line in lines)
        if not written:
            return
        with self._path.open("a+b") as stream:
            # What a killed run has left half-written must not take this line with it.
            if stream.seek(0, io.SEEK_END):
                stream.seek(-1, io.SEEK_END)
                written = written if stream.read(1) == b"\n" else b"\n" + written
            stream.write(written)

    def take(self, lines: Iterable[Handed]) -> None:
        """Write down who handed in what, where that is not known yet. OSError as `add`."""
        known = self.handed()
        self.add(line for line in lines if not _same(known.get(line.learner), line))

    def __iter__(self) -> Iterator[Handed | Graded]:
        """Read the lines, the oldest first, one by one; what is no line is passed over."""
        try:
            stream = self._path.open("rb")
        except OSError:
            return
        with stream:
            while piece := stream.readline(LONGEST):
                with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    yield _decode.decode(piece)

    def handed(self) -> dict[str, Handed]:
        """Return what each learner has handed in last."""
        return {line.learner: line for line in self if isinstance(line, Handed)}

    def gradings(self) -> Iterator[Graded]:
        """Read what each grading gave, the oldest first."""
        return (line for line in self if isinstance(line, Graded))


def _same(known: Handed | None, line: Handed) -> bool:
    return known is not None and msgspec.structs.replace(known, at=line.at) == line


def handed(submission: Submission, given: Sequence[Path], when: str = "") -> Handed:
    """Write down what was handed in, and the paths among which it was found.

    when: as a table of dates tells it; else as the submission does.
    """
    return Handed(
        learner=submission.learner,
        at=now(),
        given=tuple(shown(str(path.absolute())) for path in given),
        origin=submission.origin,
        sha256=submission.sha256,
        handed_in=when or submission.handed_in,
        late=submission.late,
    )


def graded(result: Result, run: str) -> Graded:
    """Write down what a grading gave."""
    tasks: dict[str, float] = {}
    for check in result.checks:
        earned = check.points if check.verdict is Verdict.PASSED else 0.0
        tasks[check.task] = round(tasks.get(check.task, 0.0) + earned, 6)
    return Graded(
        learner=result.learner,
        at=now(),
        run=run,
        sha256=result.sha256,
        content=result.content,
        points=result.score.points,
        possible=result.score.possible,
        tasks=tasks,
        found=result.findings,
    )


def now() -> str:
    """Return the time as a line has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
