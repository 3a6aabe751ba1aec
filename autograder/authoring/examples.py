"""The examples in the docstrings of a source: what a stub shows must be what the reference does."""

from __future__ import annotations

import doctest
import types
from collections.abc import Callable, Iterator

from autograder.catalogue import Exercise
from autograder.data import COURSE_FILE
from autograder.data.offline import serve_mnist
from autograder.errors import CourseError
from autograder.sandbox.loading import show_source
from autograder.sandbox.quiet import import_quietly

__all__ = ["faults_of_examples"]


def faults_of_examples(exercise: Exercise) -> Iterator[CourseError]:
    """Run every example of an exercise's docstrings on the reference, here: the code is trusted.

    Finds each example that does not give what it shows, with its line. Raises CourseError when the
    source itself cannot be run.
    """
    import_quietly(exercise.framework)
    if exercise.framework == "tensorflow":
        serve_mnist(lambda: COURSE_FILE)
    source = exercise.source.read_text(encoding="utf-8")
    module = types.ModuleType(exercise.module)
    try:
        filename = f"<examples of {exercise.source.name}>"
        show_source(filename, source)  # AutoGraph asks for it
        exec(compile(source, filename, "exec"), module.__dict__)  # noqa: S102 - trusted
    except Exception as error:  # whatever it is, the author must hear of it
        told = f"cannot be run: {type(error).__name__}: {error}"
        raise CourseError(told, exercise.source) from None
    runner = _Runner()
    finder = doctest.DocTestFinder()
    for test in finder.find(module, exercise.module, module=False, globs=module.__dict__):
        runner.run(test, out=_silent)
    lines = source.splitlines()
    for example, told in runner.found:
        shown = example.source.splitlines()[0]
        at = next((n for n, line in enumerate(lines, 1) if line.endswith(f">>> {shown}")), None)
        yield CourseError(f"the example `{shown}` {told}", exercise.source, at)


def _silent(_text: str) -> None:
    pass


class _Runner(doctest.DocTestRunner):
    """Keeps what does not hold, rather than printing it."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.found: list[tuple[doctest.Example, str]] = []

    def report_failure(
        self,
        out: Callable[[str], object],
        test: doctest.DocTest,
        example: doctest.Example,
        got: str,
    ) -> None:
        """Keep an example that gives something else."""
        del out, test
        shown, gave = example.want.strip() or "nothing", got.strip() or "nothing"
        self.found.append((example, f"shows {shown}, but the reference gives {gave}: correct one"))

    def report_unexpected_exception(
        self,
        out: Callable[[str], object],
        test: doctest.DocTest,
        example: doctest.Example,
        exc_info: object,
    ) -> None:
        """Keep an example that fails."""
        del out, test
        assert isinstance(exc_info, tuple)
        told = f"fails with {exc_info[0].__name__}: {exc_info[1]}; correct it or the reference"
        self.found.append((example, told))
