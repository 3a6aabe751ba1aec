"""The pytest plugin. It does nothing in a session that collects no check of an exercise.

Fixtures: ``student`` is the program under check, ``reference`` the right one, ``rng`` the check's
own random generator. The heavy parts are imported where they are first needed, because pytest
loads every installed plugin in every session of the environment.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.plugin.keys import CHECK, DESK, RECORDER

if TYPE_CHECKING:
    import numpy as np

    from autograder.catalogue import Exercise
    from autograder.errors import CourseError
    from autograder.plugin.run import Check
    from autograder.plugin.sitting import Desk
    from autograder.sandbox.proxy import Recorder, Student

PARAMETER = "_submission"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that name submissions."""
    group = parser.getgroup("gradeflow", "GradeFlow: checking submissions of an exercise")
    group.addoption(
        "--submission",
        action="append",
        default=[],
        metavar="FILE",
        help="a submission (.py or .ipynb) to check; may be given many times. Without it the "
        "exercise's own module is checked: the learner's file, or the reference.",
    )
    group.addoption(
        "--sandbox",
        choices=("auto", "cage", "plain", "none"),
        default="auto",
        help="where a submission runs: in the cage, in a process of its own without a cage "
        "(plain), in pytest's own process (none: trusted code only). auto: the cage for what "
        "--submission names, plain for a learner's own file, none for the reference.",
    )
    group.addoption(
        "--feedback-language",
        choices=("en", "zh"),
        default=None,
        help="the language of messages; the course's own by default",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that ties a check to its task."""
    config.addinivalue_line(
        "markers", "gradeflow(task, points, kind): a check of a task, worth some points; see @task"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each check once for each submission that the command line names."""
    paths = metafunc.config.getoption("submission")
    if paths and "student" in metafunc.fixturenames and _mark(metafunc.definition):
        names = [Path(path).name for path in paths]
        unique = len(set(names)) == len(names)
        ids = names if unique else [str(Path(path)) for path in paths]
        metafunc.fixturenames.append(PARAMETER)
        metafunc.parametrize(PARAMETER, paths, ids=ids, scope="session")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse to check a submission with an exercise whose checks are not all there.

    Before anything is deselected. Where a part was asked for, a file or a check, a part is meant.
    """
    if not config.getoption("submission") or any("::" in given for given in config.args):
        return
    from autograder.catalogue import load_exercise

    by_folder: dict[Path, list[pytest.Item]] = {}
    for item in items:
        if _mark(item):
            by_folder.setdefault(item.path.parent, []).append(item)
    for folder, own in by_folder.items():
        exercise = load_exercise(folder)
        whole = {item.path for item in own} >= set(exercise.tests)
        if whole and not exercise.released:
            for fault in faults_of_collection(exercise, own):
                raise pytest.UsageError(str(fault))


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """Give the program under check: ``student.sigmoid(z)`` calls the learner's function."""
    from autograder.sandbox.proxy import Student

    sitting = _desk(request.config).sitting(request.path.parent, _submission(request.node))
    return Student(sitting.session, _recorder(request.node), sitting.program)


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Student:
    """Give the right program, under the same names."""
    from autograder.sandbox.proxy import Student

    return Student(_desk(request.config).bench(request.path.parent).reference)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Give the check's own random generator: the same inputs for every submission."""
    check = check_of(request.node)
    bench = _desk(request.config).bench(request.path.parent)
    return bench.rng(check.name, hidden=check.hidden)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn how a check ended into a result, and its report into the learner's message."""
    report = yield
    started = call.when == "call" or (call.when == "setup" and call.excinfo is not None)
    if started and _mark(item) and DESK in item.config.stash:
        _record(item, call, report)
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """End every program that a check has started."""
    if DESK in config.stash:
        config.stash[DESK].close()


# ---- between pytest and the engine ----


def faults_of_collection(exercise: Exercise, items: Sequence[pytest.Item]) -> list[CourseError]:
    """Find where the checks that were collected are not all that an exercise declares."""
    from autograder.catalogue import Worth, faults_of_points

    # Each once, for however many submissions it runs.
    checks = {
        (item.path, each.name): each for item in items if _mark(item) and (each := check_of(item))
    }
    worths = [Worth(check.task, check.hidden, check.worth) for check in checks.values()]
    return list(faults_of_points(exercise, worths))


def _desk(config: pytest.Config) -> Desk:
    if DESK not in config.stash:
        from autograder.plugin.opening import Opener
        from autograder.plugin.sitting import Desk

        config.stash[DESK] = Desk(
            Opener(
                config.getoption("sandbox"),
                config.getoption("feedback_language"),
                looked_at=config.getoption("capture", "fd") == "no"
                or bool(config.getoption("usepdb", False) or config.getoption("trace", False)),
            )
        )
    return config.stash[DESK]


def _mark(item: pytest.Item | Any) -> pytest.Mark | None:
    mark = item.get_closest_marker("gradeflow")
    return mark if isinstance(mark, pytest.Mark) else None


def check_of(item: pytest.Item) -> Check:
    """Tell what is known of a check before it runs."""
    known = item.stash.get(CHECK, None)
    if known is None:  # asked for in each of a class's submissions, and always the same
        known = item.stash[CHECK] = _check_of(item)
    return known


def _check_of(item: pytest.Item) -> Check:
    from autograder.plugin.run import Check

    mark = _mark(item)
    if mark is None:
        return Check(_name(item), "", hidden=item.path.name != "test_public.py", worth=0.0)
    task, points, kind = (mark.kwargs[key] for key in ("task", "points", "kind"))
    hidden = item.path.name != "test_public.py"
    return Check(_name(item), task, hidden, points, kind if hidden else "")


def _name(item: pytest.Item) -> str:
    """Name a check by its function and its own parameters, never by the submission."""
    name: str = getattr(item, "originalname", item.name)
    callspec = getattr(item, "callspec", None)
    own = {k: v for k, v in callspec.params.items() if k != PARAMETER} if callspec else {}
    labels = [_label(key, value, item) for key, value in own.items()]
    return name + (f"[{'-'.join(labels)}]" if own else "")


def _label(key: str, value: object, item: Any) -> str:
    # The random generator hangs on the name, so nothing in it may change from run to run: no
    # address of an object.
    if value is None or isinstance(value, str | int | float):
        return str(value)
    return f"{key}{item.callspec.indices[key]}"


def _submission(item: pytest.Item) -> Path | None:
    callspec = getattr(item, "callspec", None)
    path = callspec.params.get(PARAMETER) if callspec else None
    return Path(path).resolve() if path else None


def _recorder(item: pytest.Item) -> Recorder:
    from autograder.sandbox.proxy import Recorder

    item.stash[RECORDER] = Recorder()
    return item.stash[RECORDER]


def _record(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    from autograder.model import Verdict
    from autograder.plugin.judge import judge
    from autograder.plugin.opening import describe
    from autograder.plugin.run import Run
    from autograder.sandbox.proxy import Recorder

    error = call.excinfo.value if call.excinfo else None
    if call.when == "setup" and isinstance(error, pytest.UsageError):
        report.longrepr = str(error)  # the submission cannot be opened; a sentence says why
        return
    desk = _desk(item.config)
    sitting = desk.sitting(item.path.parent, _submission(item))
    recorder = item.stash.get(RECORDER, None) or Recorder()
    run = Run(
        check_of(item),
        recorder,
        sitting.bench,
        sitting.program,
        bool(sitting.session.load().failures),
        lambda: _survives(item, desk),
    )
    sitting.keep(judge(run, error, call.duration))
    result = sitting.results[-1]
    sitting.remember(recorder.exchanges, secret=result.hidden)
    item.stash[RECORDER] = Recorder()  # the check is over: nothing of it is kept for the next one
    # Only where pytest laid out a traceback will somebody read the report.
    if result.verdict is not Verdict.PASSED and report.failed and report.longrepr is not None:
        if sitting.settles:
            sitting.settle()
        language = item.config.getoption("feedback_language")
        title, report.longrepr = describe(sitting.results[-1], sitting, language)
        _, bracket, case = item.name.partition("[")  # whose file it is, where there are several
        heading = title if "[" in title else title + (f" [{case}" if bracket else "")
        report.location = (*report.location[:2], heading)


def _survives(item: pytest.Item, desk: Desk) -> bool:
    """Run a check with the reference in the learner's place."""
    from autograder.sandbox.proxy import Student

    assert isinstance(item, pytest.Function)
    bench = desk.bench(item.path.parent)
    check = check_of(item)
    fresh = {
        "student": Student(bench.reference),
        "reference": Student(bench.reference),
        "rng": bench.rng(check.name, hidden=check.hidden),
    }
    names = inspect.signature(item.obj).parameters
    arguments = {name: fresh.get(name, item.funcargs.get(name)) for name in names}
    try:
        item.obj(**arguments)
    except (KeyboardInterrupt, pytest.exit.Exception):
        raise
    except BaseException:  # pytest.fail and sys.exit too: it does not survive its own reference
        return False
    return True
