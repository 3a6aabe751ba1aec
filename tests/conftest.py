"""What many tests share: a small exercise on disk, and a way to grade sources with it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograder.catalogue import Exercise, load_exercise
from autograder.data import COURSE_FILE
from autograder.data.offline import serve_mnist
from autograder.grading.entry import Entry
from autograder.grading.loop import run_checks
from autograder.model import Result
from autograder.plugin.bench import open_bench
from autograder.sandbox.opening import Kind, Sandbox
from autograder.wire.protocol import Part, Program

pytest_plugins = ["pytester"]

# Programs for Keras run in this process too, and there is no network.
serve_mnist(lambda: COURSE_FILE)

# A loaded machine is slow, not wrong.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

SLOWEST = ("test_people_s_solutions.py", "test_corpus.py")  # each takes minutes, in one worker


def pytest_collection_modifyitems(items):
    """Begin with what takes longest: at the end of a run in parallel all would wait for it."""
    items.sort(key=lambda item: item.path.name not in SLOWEST)


TINY = {
    "exercise.toml": """
        module = "tiny"
        points = 6

        [title]
        en = "Tiny"
        zh = "小练习"

        [limits]
        wall = 1
        total = 20

        [[tasks]]
        name = "double"
        points = 4
        title.en = "Twice as much"
        title.zh = "加倍"
        hints.en = ["What is 2 times 3?"]
        hints.zh = ["2 乘 3 是多少?"]

        [[tasks]]
        name = "total"
        points = 2
        title.en = "The sum"
        title.zh = "求和"
        hints.en = ["Add them up."]
        hints.zh = ["加起来。"]

        [messages.negative]
        en = "The sum is {sum}, which is below 0."
        zh = "和是 {sum},小于 0。"

        [misconceptions."T1"]
        hint.en = "You squared instead of doubling."
        hint.zh = "你平方了,而不是加倍。"
    """,
    "tiny.py": """
        import numpy as np


        def double(z):
            return 2 * z


        def total(z):
            return float(np.sum(z))
    """,
    "test_public.py": """
        from autograder.checks import agree, task


        @task("double", points=2)
        def test_double_doubles(student, reference, rng):
            z = rng.normal(size=4)
            agree(student.double(z), reference.double(z))


        @task("total", points=2)
        def test_total_adds_up(student, reference, rng):
            z = rng.normal(size=4)
            agree(student.total(z), reference.total(z))
    """,
    "test_hidden.py": """
        from autograder.checks import agree, task


        @task("double", points=2)
        def test_double_takes_a_matrix(student, reference, rng):
            z = rng.normal(size=(2, 3))
            agree(student.double(z), reference.double(z))
    """,
    "misconceptions.py": """
        from autograder.diagnosis import misconception


        @misconception("T1")
        def double(z):
            return z**2
    """,
}

MakeExercise = Callable[..., Exercise]
Grade = Callable[..., list[Result]]


@pytest.fixture
def tiny_exercise(tmp_path: Path) -> MakeExercise:
    """Make a small exercise; ``public=…`` replaces a file's text, ``""`` leaves it out."""

    def make(
        name: str = "01_tiny",
        *,
        manifest: str | None = None,
        public: str | None = None,
        hidden: str | None = None,
        source: str | None = None,
        variants: str | None = None,
    ) -> Exercise:
        folder = tmp_path / "solutions" / name
        folder.mkdir(parents=True, exist_ok=True)
        given = (manifest, source, public, hidden, variants)
        for (file, text), own in zip(TINY.items(), given, strict=True):
            chosen = text if own is None else own
            if chosen:
                (folder / file).write_text(textwrap.dedent(chosen).lstrip("\n"), encoding="utf-8")
        return load_exercise(folder)

    return make


def entry(source: str, learner: str = "ann", module: str = "tiny", **fields: object) -> Entry:
    """Make of a source what the loop takes."""
    text = textwrap.dedent(source).lstrip("\n")
    program = Program(module, (Part(f"{module}.py", text),))
    return Entry(learner, f"{module}.py", program, **fields)  # type: ignore[arg-type]


@pytest.fixture
def tiny_files() -> dict[str, str]:
    """The small exercise's files, by name."""
    return dict(TINY)


@pytest.fixture
def make_entry() -> Callable[..., Entry]:
    """Make of a source what the loop takes."""
    return entry


@pytest.fixture
def grade() -> Grade:
    """Grade sources, or entries, one after the other in one session; in this process."""

    def run(
        exercise: Exercise, *entries: str | Entry, kind: Kind = "none", salt: str = ""
    ) -> list[Result]:
        results: list[Result] = []
        fed = [each if isinstance(each, Entry) else entry(each) for each in entries]
        sandbox = Sandbox(kind, exercise.framework)
        try:
            run_checks(open_bench(exercise, salt), sandbox, fed, results.append, whole=False)
        finally:
            sandbox.close()
        return results

    return run
