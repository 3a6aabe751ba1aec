"""What must hold of the files beside the source, each fault with its file and line."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.drawn_texts import shown_by
from autograder.authoring.mutation.original import called
from autograder.authoring.points import known_checks
from autograder.catalogue import Exercise, Worth, faults_of_points
from autograder.catalogue.reading import text_of
from autograder.diagnosis import read_variants
from autograder.errors import CourseError
from autograder.messages import texts

__all__ = [
    "faults_of_checks",
    "faults_of_imports",
    "faults_of_misconceptions",
    "faults_of_texts",
]

PUBLIC = "test_public.py"
MANIFEST = "exercise.toml"
MAY_IMPORT = frozenset({"numpy", "pytest", "autograder.checks"}) | sys.stdlib_module_names
BROUGHT = frozenset({"autograder", "matplotlib"})  # what comes with the engine, or with itself
FRAMEWORKS = {"torch": {"torch"}, "tensorflow": {"tensorflow", "keras"}}
ROOM = ("solutions", "test_hidden", "misconceptions.py", MANIFEST)
READERS = frozenset({"open", "read_text", "read_bytes", "import_module", "__import__", "__file__"})


@dataclass(frozen=True)
class _Checks:
    """A check file, parsed."""

    path: Path
    tree: ast.Module


def faults_of_checks(exercise: Exercise) -> Iterator[CourseError]:
    """Find checks that belong to no task, points that do not add up, and leaks of the room."""
    files: list[_Checks] = []
    for path in (exercise.folder / PUBLIC, exercise.folder / "test_hidden.py"):
        try:
            files.append(_parsed(path))
        except CourseError as error:
            yield error
    if len(files) < 2:
        return
    found = [fault for checks in files for fault in _task_faults(exercise, checks)]
    yield from found
    yield from _room_faults(exercise, files[0])
    if exercise.plotting.is_file():  # learners get it too
        yield from _room_faults(exercise, _parsed(exercise.plotting))
    if found:
        return
    try:
        known = known_checks(exercise)
    except CourseError as error:
        yield error
        return
    worths = [Worth(check.task, check.hidden, check.worth) for check in known]
    yield from faults_of_points(exercise, worths)


def faults_of_imports(exercise: Exercise, stub: str) -> Iterator[CourseError]:
    """Find packages that a stub imports and learners are not told to install."""
    allowed = MAY_IMPORT | BROUGHT | FRAMEWORKS.get(exercise.framework, set())
    tree = ast.parse(stub)
    names = {name.partition(".")[0] for node in ast.walk(tree) for name in _imported(node)}
    for name in sorted(name for name in names if name and name not in allowed):
        if name not in exercise.packages:
            told = (
                f'the stub imports {name}, which learners may not have: add packages = ["{name}"]'
            )
            yield CourseError(told, exercise.folder / MANIFEST)


def faults_of_texts(exercise: Exercise) -> Iterator[CourseError]:
    """Find checks and pictures that say a message, or name a misconception, that is not there."""
    manifest = exercise.folder / MANIFEST
    said = set()
    for path in exercise.tests:
        checks = _parsed(path)
        says = [
            *_keys(checks, "expect", "says", 1),
            *_keys(checks, "enough_succeed", "says", None),
            *_keys(checks, None, "shows", None),
        ]
        for key, line in says:
            said.add(key)
            if key not in exercise.messages:
                told = f"says {key!r}, which {MANIFEST} lacks: add [messages.{key}] with en and zh"
                yield CourseError(told, path, line)
        for key, line in _keys(checks, None, "misconception", None):
            if key not in exercise.misconceptions:
                yield CourseError(_without_hint(key), path, line)
    if exercise.plotting.is_file():
        for pattern, written, line in shown_by(_parsed(exercise.plotting).tree):
            found = {key for key in exercise.messages if pattern.fullmatch(key)}
            said |= found
            if not found and exercise.task(written) is None:
                told = f"shows {written!r}: add [messages.{written}] with en and zh to {MANIFEST}"
                yield CourseError(told, exercise.plotting, line)
    public = exercise.folder / PUBLIC
    names = [getattr(node, "name", "") for node in _parsed(public).tree.body]
    for key in exercise.checks:
        if not any(name == f"test_{key}" or name.endswith(f"_{key}") for name in names):
            told = f"[checks] gives a title to {key!r}, which no check of {PUBLIC} is called"
            yield CourseError(told, manifest, _line_of(manifest, key))
    for key in exercise.messages:
        if key not in said:
            told = f"no check or picture says the message {key!r}: remove it, or say it"
            yield CourseError(told, manifest, _line_of(manifest, key))


def faults_of_misconceptions(exercise: Exercise) -> Iterator[CourseError]:
    """Find misconceptions without a hint, and hints that nothing can ever give."""
    manifest = exercise.folder / MANIFEST
    try:
        source = exercise.source.read_text(encoding="utf-8")
        variants = read_variants(exercise.variants, source)
        checks = [_parsed(path) for path in exercise.tests]
    except CourseError as error:
        yield error
        return
    for variant in variants:
        if variant.name not in exercise.misconceptions:
            yield CourseError(_without_hint(variant.name), exercise.variants, variant.line)
    for name, each in exercise.misconceptions.items():
        empty = [x for x in exercise.languages if not each.hint.in_(x).strip()]
        if empty:
            line = _line_of(manifest, f'"{name}"') or _line_of(manifest, name)
            told = f"the hint of {name} is empty in {' and '.join(empty)}: write it"
            yield CourseError(told, manifest, line)
    known = {variant.name for variant in variants}
    for checked in checks:
        known |= {key for key, _ in _keys(checked, None, "misconception", None)}
    for name in exercise.misconceptions:
        if name not in known:
            yield CourseError(
                f"nothing detects {name}: add a variant to {exercise.variants.name}, "
                f'or misconception="{name}" to a check',
                manifest,
                _line_of(manifest, f'"{name}"') or _line_of(manifest, name),
            )


def _without_hint(name: str) -> str:
    return f'{name} has no hint: add [misconceptions."{name}"] to {MANIFEST}'


def _parsed(path: Path) -> _Checks:
    try:
        return _Checks(path, ast.parse(text_of(path)))
    except SyntaxError as error:
        raise CourseError(f"is not valid Python: {error.msg}", path, error.lineno) from None


def _line_of(path: Path, text: str) -> int | None:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line), None)


def _keys(
    checks: _Checks, function: str | None, keyword: str, position: int | None
) -> Iterator[tuple[str, int]]:
    """Find the literal texts that calls pass under a keyword or in a position."""
    for node in ast.walk(checks.tree):
        if not isinstance(node, ast.Call) or function not in (None, called(node)):
            continue
        values = [each.value for each in node.keywords if each.arg == keyword]
        if position is not None:
            values += node.args[position : position + 1]
        for value in values:
            yield from _texts_of(value, checks.tree)


def _texts_of(value: ast.expr, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Find the texts that an expression may be: itself, one of two, or what a name was given."""
    match value:
        case ast.Constant(value=str(text)):
            yield text, value.lineno
        case ast.IfExp(body=one, orelse=other):
            yield from _texts_of(one, tree)
            yield from _texts_of(other, tree)
        case ast.Name(id=name):
            for node in ast.walk(tree):
                match node:
                    case ast.Assign(
                        targets=[ast.Name(id=given)], value=ast.Constant() | ast.IfExp()
                    ):
                        if given == name:
                            yield from _texts_of(node.value, tree)


def _task_faults(exercise: Exercise, checks: _Checks) -> Iterator[CourseError]:
    names = ", ".join(task.name for task in exercise.tasks)
    known = [key.partition(".")[2] for key in texts("en") if key.startswith("hidden.")]
    for node in checks.tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            told = "checks are functions: take them out of the class"
            yield CourseError(told, checks.path, node.lineno)
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test"):
            continue
        marks = [each for each in node.decorator_list if called(each) == "task"]
        if not marks:
            told = f'{node.name} belongs to no task: put @task("…", points=…) above it'
            yield CourseError(told, checks.path, node.lineno)
        for mark in marks:
            match mark:
                case ast.Call(args=[ast.Constant(value=str(name)), *_]) if not exercise.task(name):
                    told = f"{node.name} checks the unknown task {name!r}; the tasks are {names}"
                    yield CourseError(told, checks.path, mark.lineno)
    for kind, line in _keys(checks, "task", "kind", None):
        if kind not in known:
            told = f"there is no kind {kind!r} of hidden checks; there are {', '.join(known)}"
            yield CourseError(told, checks.path, line)


def _room_faults(exercise: Exercise, checks: _Checks) -> Iterator[CourseError]:
    allowed = MAY_IMPORT | FRAMEWORKS.get(exercise.framework, set()) | set(exercise.packages)
    for node in ast.walk(checks.tree):
        for name in _imported(node):
            if not _allowed(name, allowed):
                told = (
                    f"imports {name}, which learners may not have: "
                    "use NumPy, pytest, autograder.checks and the standard library, or list it in "
                    f"packages of {MANIFEST}"
                )
                yield CourseError(told, checks.path, getattr(node, "lineno", None))
        named = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
        if named in READERS:
            told = f"uses {named}: learners get this file alone, it may not read another"
            yield CourseError(told, checks.path, getattr(node, "lineno", None))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for part in ROOM:
                if part in node.value:
                    told = f"speaks of {part!r}, which learners do not get: leave it out"
                    yield CourseError(told, checks.path, node.lineno)


def _imported(node: ast.AST) -> Sequence[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{'.' * node.level}{node.module or ''}"]
    return []


def _allowed(name: str, allowed: frozenset[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in allowed)
