"""Results that lie in a folder, read one at a time: a class of any size fits into the memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import GradeFlowError
from autograder.grading.programs import Programs
from autograder.grading.store import ResultStore
from autograder.model import Result

__all__ = ["StoredResults"]


class StoredResults:
    """Some learners' results in a folder, in order; may be iterated again and again.

    Iterating raises GradeFlowError when one is gone, damaged, changed, or of another exercise: half
    a class is never told as if it were the whole.
    """

    def __init__(self, folder: Path, exercise: str, learners: Sequence[str]) -> None:
        self.folder = folder
        self._store = ResultStore(folder)
        self._exercise = exercise
        self.learners = tuple(learners)

    @property
    def programs(self) -> Programs:
        """The programs that were graded."""
        return self._store.programs

    def __len__(self) -> int:
        return len(self.learners)

    def __iter__(self) -> Iterator[Result]:
        return map(self.of, self.learners)

    def of(self, learner: str) -> Result:
        """Return a learner's result; raises as iterating does."""
        path = self.folder / f"{learner}.json"
        result = self._store.result(learner)
        if result is None:
            raise GradeFlowError(f"{path} is gone: run `gradeflow grade` again.")
        if result.exercise != self._exercise:
            raise GradeFlowError(
                f"{path} is a result of {result.exercise}, not of {self._exercise}: give each "
                "exercise a folder of its own."
            )
        return result
