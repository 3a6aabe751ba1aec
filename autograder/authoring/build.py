"""``gradeflow build``: from what authors write to what learners get.

Everything is made before anything is written, so that an error in one exercise leaves no half-built
course; every error of every exercise is told at once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from autograder.authoring.examples import faults_of_examples
from autograder.authoring.figures import digest_in, draw_figures
from autograder.authoring.freeze import freeze
from autograder.authoring.freshness import digest_of_inputs, signed, still_good
from autograder.authoring.lint import (
    faults_of_checks,
    faults_of_imports,
    faults_of_misconceptions,
    faults_of_texts,
)
from autograder.authoring.manifest import manifest_for_learners
from autograder.authoring.notebook import notebook_of, with_digests
from autograder.authoring.points import known_checks
from autograder.authoring.source import Cell, read_source
from autograder.authoring.structure import faults_of_source
from autograder.authoring.stub import cells_for, faults_of_stub, survivors, write_stub
from autograder.catalogue import Course, Exercise
from autograder.diagnosis import asked_parameters
from autograder.diagnosis.frozen import to_json
from autograder.diagnosis.syntax import meaning
from autograder.errors import CourseError, GradeFlowError
from autograder.handout.laying import Laid, lay, plain, read_record, tell_apart, write_record

__all__ = ["BuildError", "BuildReport", "build", "faults", "release_files", "written_in"]

ANSWERS = "answers.json"
PUBLIC = "test_public.py"
MANIFEST = "exercise.toml"
RECORD = "generated.json"
SAME = 1e-9
NOISE = 1e-12
NOT_OURS = frozenset({"__pycache__", ".ipynb_checkpoints", ".pytest_cache"})


class BuildError(GradeFlowError):
    """Everything that keeps a course from being built, each error with its place."""

    def __init__(self, errors: Sequence[GradeFlowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))


@dataclass(frozen=True)
class BuildReport:
    """What a build wrote, or with ``check`` would have written.

    written: the files that were written; none with ``check``.
    outdated: generated files that differ from what the sources make; only with ``check``.
    missing: generated files that are not there; only with ``check``.
    extra: what lies in the learners' folders and comes from no source. It is never deleted.
    kept: generated files in which somebody has written since; they are left alone.
    saved: where the copies lie of those that were replaced all the same, because it was forced.
    """

    written: tuple[Path, ...] = ()
    outdated: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()
    extra: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    saved: Mapping[Path, Path] = field(default_factory=dict)

    @property
    def stale(self) -> tuple[Path, ...]:
        """What keeps the learners' folders from being exactly what the sources make."""
        return tuple(sorted((*self.outdated, *self.missing, *self.extra)))


def build(
    course: Course,
    names: Sequence[str],
    language: str,
    out: Path | None = None,
    *,
    check: bool = False,
    fresh: bool = False,
    force: bool = False,
    advance: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Build exercises into ``assignments/``, or into another folder.

    language: of the prose; an exercise that is not written in it keeps its own first one.
    check: write nothing and only compare.
    fresh: make answers and figures anew, also where nothing that they are made of has changed.
    force: write over what somebody has written into a generated file, once a copy of it is kept.
    advance: is told how many exercises of how many are made.

    Raises BuildError with every error of every exercise; nothing is written then.
    """
    room = out or course.assignments
    made: dict[str, bytes] = {}
    errors: list[GradeFlowError] = []
    for done, name in enumerate(names, 1):
        try:
            exercise = course.authored(name)
            found = list(faults(exercise))
            errors += found
            kept = None if fresh else room / name
            files = {} if found else release_files(exercise, language, kept)
            made |= {f"{name}/{file}": data for file, data in files.items()}
        except GradeFlowError as error:
            errors.append(error)
        if advance is not None:
            advance(done, len(names))
    if errors:
        raise BuildError(errors)
    extra = tuple(_extra(room, names, {room / name for name in made}, course.exercises))
    try:
        if check:
            laid = tell_apart(room, made, read_record(room / RECORD), _as_good)
            missing = tuple(room / name for name in laid.new)
            outdated = tuple(room / name for name in made if name in (*laid.updated, *laid.kept))
            return BuildReport((), outdated, missing, extra)
        laid = _laid(room, names, made, force=force)
    except OSError as error:
        place = Path(error.filename) if error.filename else room
        raise CourseError(f"cannot be read or written: {error.strerror or error}", place) from None
    changed = tuple(room / name for name in made if name in (*laid.new, *laid.updated))
    edited = tuple(room / name for name in laid.kept)
    saved = {room / name: copy for name, copy in laid.saved.items()}
    return BuildReport(changed, (), (), extra, edited, saved)


def _laid(room: Path, names: Sequence[str], made: Mapping[str, bytes], *, force: bool) -> Laid:
    """Lay what was made, and keep the digests, those of exercises that were not built too."""
    record = read_record(room / RECORD)
    laid = lay(room, made, record, _as_good, force=force)
    others = {name: known for name, known in record.items() if name.split("/")[0] not in names}
    write_record(room / RECORD, others | laid.record)
    return laid


def faults(exercise: Exercise) -> Iterator[CourseError]:
    """Find everything that is wrong with an exercise's files, in any of its languages."""
    if exercise.released:
        yield CourseError("belongs to the learners' folder: remove it here", exercise.answers)
        return
    cells = read_source(exercise.source)
    found = list(faults_of_source(exercise, cells))
    yield from found
    yield from faults_of_checks(exercise)
    with suppress(CourseError):  # a check file that is not Python was told of above
        yield from faults_of_texts(exercise)
    yield from faults_of_misconceptions(exercise)
    if not found:
        first = cells_for(exercise, cells, exercise.languages[0])
        stub = write_stub(first)
        yield from faults_of_stub(exercise, stub)
        yield from faults_of_imports(exercise, stub)
        yield from _leaks(exercise, cells)


def _leaks(exercise: Exercise, cells: Sequence[Cell]) -> Iterator[CourseError]:
    texts = [
        {exercise.source.name: write_stub(cells_for(exercise, cells, language))}
        for language in exercise.languages
    ]
    public = exercise.folder / PUBLIC
    if public.is_file():
        texts.append({PUBLIC: public.read_text(encoding="utf-8")})
    told: set[tuple[int | None, str]] = set()
    for given in texts:
        for error in survivors(exercise, cells, given):
            place = (error.line, next(iter(given)))
            if place not in told:
                told.add(place)
                yield error


def release_files(exercise: Exercise, language: str, kept: Path | None = None) -> dict[str, bytes]:
    """Make the files that learners get, by name, of an exercise without faults.

    kept: the folder of an earlier build; its answers and pictures stay where what they are made of
    is the same.

    Raises CourseError when an example of a docstring does not hold, the public checks do not pass
    on the reference, or a figure fails.
    """
    cells = read_source(exercise.source)
    pictures = draw_figures(exercise, cells, kept)
    stub = write_stub(cells_for(exercise, cells, language)).encode()
    answers = _kept_answers(exercise, kept)
    # Examples that stood in this stub, beside these answers, have been run.
    if answers is None or kept is None or _read(kept / exercise.source.name) != stub:
        for fault in faults_of_examples(exercise):
            raise fault
    answers = answers or signed(to_json(freeze(exercise)), digest_of_inputs(exercise))
    files = {
        PUBLIC: (exercise.folder / PUBLIC).read_text(encoding="utf-8"),
        MANIFEST: manifest_for_learners(
            exercise.folder / MANIFEST, known_checks(exercise), asked_parameters(exercise)
        ),
        ANSWERS: answers,
    }
    if exercise.plotting.is_file():
        files[exercise.plotting.name] = exercise.plotting.read_text(encoding="utf-8")
    given = {name: text.encode() for name, text in files.items()} | pictures
    return dict(sorted((given | written_in(exercise, language, given)).items()))


def written_in(exercise: Exercise, language: str, given: Mapping[str, bytes]) -> dict[str, bytes]:
    """Make the files whose prose is in a language, by name: the script and the notebook.

    given: the other released files, which the notebook carries along.
    """
    cells = cells_for(exercise, read_source(exercise.source), language)
    return {
        exercise.source.name: write_stub(cells).encode(),
        f"{exercise.module}.ipynb": notebook_of(exercise, cells, language, given).encode(),
    }


def _kept_answers(exercise: Exercise, kept: Path | None) -> str | None:
    """Return the frozen answers of an earlier build, where they are made of what there is."""
    old = _read(kept / ANSWERS) if kept is not None else None
    text = old.decode(errors="replace") if old is not None else ""
    return text if still_good(text, digest_of_inputs(exercise)) else None


# ---- what is there already ----


def _read(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"cannot be read: {error}", path) from None
    return plain(path.name, data)


def _as_good(name: str, old: bytes, new: bytes) -> bool:
    """Tell whether a file may stay although its bytes differ, as between machines they do.

    Frozen floats are compared as numbers, probes by what they say, figures by what drew them.
    """
    path = Path(name)
    if old == new:
        return True
    try:
        if path.name == ANSWERS:
            before, now = json.loads(old), json.loads(new)
            return _close(before | {"checksum": ""}, now | {"checksum": ""})
        if path.suffix == ".ipynb":
            return _close(with_digests(old), with_digests(new))
    except (ValueError, TypeError, RecursionError):
        return False
    return path.suffix == ".png" and digest_in(old) == digest_in(new)


def _close(old: object, new: object) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=SAME, abs_tol=NOISE)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_close, old, new))
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if "$code" in old and list(old) == list(new):
            return old["$code"] == new["$code"] and meaning(old["source"]) == meaning(new["source"])
        return list(old) == list(new) and all(_close(old[key], new[key]) for key in old)
    return type(old) is type(new) and old == new


def _extra(
    room: Path, names: Sequence[str], made: Set[Path], known: Sequence[str]
) -> Iterator[Path]:
    for name in names:
        folder = room / name
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path not in made and path.name not in NOT_OURS:
                yield path
    if set(names) == set(known) and room.is_dir():
        for folder in sorted(room.iterdir()):
            if folder.name not in known and (folder / MANIFEST).is_file():
                yield folder
