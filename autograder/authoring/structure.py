"""What must hold of a source's cells: prose in pairs, a cell and a solution for each task."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.authoring.captions import faults_of_figures
from autograder.authoring.source import BEGIN, END, Cell, Region, regions
from autograder.catalogue import Exercise
from autograder.errors import CourseError

__all__ = ["faults_of_source", "language_of"]

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


def faults_of_source(exercise: Exercise, cells: Sequence[Cell]) -> Iterator[CourseError]:
    """Find what is wrong with a source's cells, each fault with its line."""
    path = exercise.source
    yield from _prose_faults(exercise, cells)
    for cell in cells:
        try:
            found = regions(cell, path)
            ast.parse(cell.text if cell.kind == "code" else "")
        except CourseError as error:
            yield error
            continue
        except SyntaxError as error:
            told = f"the cell is not Python on its own ({error.msg}): it must hold whole statements"
            yield CourseError(told, path, cell.line)
            continue
        if cell.task is not None:
            yield from _task_faults(exercise, cell, found)
        elif found:
            told = 'a solution in a cell without a task: write `# %% task="…"` above the function'
            yield CourseError(told, path, cell.line + found[0].first)
    yield from _listing_faults(exercise, cells)
    yield from _written_faults(exercise, cells)
    yield from faults_of_figures(exercise, cells)


def _prose_faults(exercise: Exercise, cells: Sequence[Cell]) -> Iterator[CourseError]:
    path, languages = exercise.source, exercise.languages
    known = " or ".join(f'lang="{language}"' for language in languages)
    expected = 0  # the place in languages of the next cell of prose
    before: Cell | None = None
    for cell in cells:
        if cell.kind == "code" and cell.language is not None:
            yield CourseError("code belongs to every language: remove lang", path, cell.line)
        if cell.kind == "prose" and cell.task is not None:
            yield CourseError("prose cannot be a task's cell: remove task", path, cell.line)
        language = language_of(cell, languages)
        if language is not None and language not in languages:
            told = f'lang="{cell.language}"' if cell.language else "no lang"
            yield CourseError(f"prose with {told}: mark it {known}", path, cell.line)
            continue
        wanted = languages[expected]
        if language == wanted:
            expected = (expected + 1) % len(languages)
        elif expected and before is not None:
            yield _untranslated(before, wanted, path)
            expected = languages.index(language) + 1 if language else 0
            expected %= len(languages)
        elif language is not None:
            told = f'prose with lang="{language}" without its twin in lang="{wanted}" above it'
            yield CourseError(told, path, cell.line)
        before = cell
    if expected and before is not None:
        yield _untranslated(before, languages[expected], path)


def language_of(cell: Cell, languages: Sequence[str]) -> str | None:
    """Return the language of a cell's prose; None of code. Of one language none need be said."""
    if cell.kind == "code":
        return None
    return cell.language or (languages[0] if len(languages) == 1 else "")


def _untranslated(cell: Cell, wanted: str, path: Path) -> CourseError:
    told = f'prose without its twin: add a cell `# %% [markdown] lang="{wanted}"` below it'
    return CourseError(told, path, cell.line)


def _task_faults(exercise: Exercise, cell: Cell, found: Sequence[Region]) -> Iterator[CourseError]:
    path = exercise.source
    nodes = ast.parse(cell.text).body
    node = next((n for n in nodes if isinstance(n, DEFINITIONS) and n.name == cell.task), None)
    if node is None:
        told = f"the cell of task {cell.task!r} does not define {cell.task}(...)"
        yield CourseError(told, path, cell.line)
        return
    if not found:
        told = f"the task {cell.task!r} has no solution: put `{BEGIN}` and `{END}` around it"
        yield CourseError(told, path, cell.line)
    lines = cell.text.splitlines()
    for region in found:
        place = cell.line + region.first
        inside = [n for n in _statements(nodes) if region.first < n.lineno - 1 < region.last]
        if not inside:
            yield CourseError("the solution region is empty: put the solution in", path, place)
        elif not _within_function(nodes, inside[0]):
            told = "a solution outside every function: move the markers into a function's body"
            yield CourseError(told, path, place)
        elif len(lines[region.first]) - len(BEGIN) != inside[0].col_offset:
            yield CourseError("indent the marker like the solution below it", path, place)


def _statements(nodes: Sequence[ast.stmt]) -> list[ast.stmt]:
    every = (inner for node in nodes for inner in ast.walk(node))
    return sorted((n for n in every if isinstance(n, ast.stmt)), key=lambda n: n.lineno)


def _within_function(nodes: Sequence[ast.stmt], statement: ast.stmt) -> bool:
    functions = [n for node in nodes for n in ast.walk(node) if isinstance(n, ast.FunctionDef)]
    return any(n.body[0].lineno <= statement.lineno <= (n.end_lineno or 0) for n in functions)


def _listing_faults(exercise: Exercise, cells: Sequence[Cell]) -> Iterator[CourseError]:
    manifest = exercise.folder / "exercise.toml"
    seen: dict[str, Cell] = {}
    for cell in cells:
        if cell.kind != "code" or cell.task is None:
            continue
        if cell.task in seen:
            told = f"the task {cell.task!r} has a second cell; the first is on line "
            yield CourseError(told + str(seen[cell.task].line), exercise.source, cell.line)
        seen.setdefault(cell.task, cell)
        if exercise.task(cell.task) is None:
            told = f"the task {cell.task!r} is not listed in {manifest.name}: add it there"
            yield CourseError(told, exercise.source, cell.line)
    lines = manifest.read_text(encoding="utf-8").splitlines()
    for task in exercise.tasks:
        if task.name not in seen:
            at = next((n for n, line in enumerate(lines, 1) if f'"{task.name}"' in line), None)
            told = f"the task {task.name!r} has no cell in {exercise.source.name}: "
            yield CourseError(f'{told}add `# %% task="{task.name}"`', manifest, at)
    order = [task.name for task in exercise.tasks if task.name in seen]
    if order != [name for name in seen if exercise.task(name)]:
        told = f"the tasks stand in another order than in {manifest.name}: use one order"
        yield CourseError(told, exercise.source, next(iter(seen.values())).line)


def _written_faults(exercise: Exercise, cells: Sequence[Cell]) -> Iterator[CourseError]:
    """Find questions that are not listed, not asked, or not asked once in each language."""
    manifest = exercise.folder / "exercise.toml"
    known = {question.name for question in exercise.written}
    for cell in cells:
        if cell.written is not None and (cell.kind == "code" or cell.written not in known):
            told = f"the question {cell.written!r} is a cell of prose, listed in {manifest.name} "
            yield CourseError(f"{told}under [[written]]", exercise.source, cell.line)
    for name in sorted(known):
        asked = [cell.language for cell in cells if cell.written == name]
        if len(asked) != len(exercise.languages):
            told = f"the question {name!r} is asked {len(asked)} times: mark its prose with "
            told += f'written="{name}", once in each language'
            yield CourseError(told, manifest)
