"""Results that lie in a folder, read one at a time: a class of any size fits into the memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from autograder.errors import GradeFlowError
from autograder.grading.store import ResultStore
from autograder.model import Result

__all__ = ["StoredResults"]

_decode = msgspec.json.Decoder(Result).decode


class StoredResults:
    """Some learners' results in a folder, in order; may be iterated again and again.

    Iterating raises GradeFlowError when one is gone, damaged, or of another exercise: half a class
    is never told as if it were the whole.
    """

    def __init__(self, folder: Path, exercise: str, learners: Sequence[str]) -> None:
        self._folder = folder
        self._store = ResultStore(folder)
        self._exercise = exercise
        self._learners = learners

    def __len__(self) -> int:
        return len(self._learners)

    def __iter__(self) -> Iterator[Result]:
        return map(self._read, self._learners)

    def _read(self, learner: str) -> Result:
        path = self._folder / f"{learner}.json"
        try:
            result = _decode(self._store.read(learner) or b"")
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise GradeFlowError(
                f"{path} is damaged or of another version: run `gradeflow grade` again, which "
                "grades it anew."
            ) from None
        if result.exercise != self._exercise:
            raise GradeFlowError(
                f"{path} is a result of {result.exercise}, not of {self._exercise}: give each "
                "exercise a folder of its own."
            )
        return result
