"""``gradeflow release``: of a built course, what learners get and nothing else.

Answers, checks and figures are those that were built; the prose of each language is made from the
sources.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder import __version__
from autograder.atomic import write_atomically
from autograder.authoring.build import written_in
from autograder.authoring.freshness import digest_of_inputs, still_good
from autograder.authoring.manifest import manifest_for_learners
from autograder.authoring.points import known_checks
from autograder.catalogue import Course, Exercise, needs_of
from autograder.diagnosis import asked_parameters
from autograder.errors import CourseError, GradeFlowError
from autograder.handout.laying import Laid, digest, lay, read_record
from autograder.handout.release import MARK, ROOM, TRANSLATIONS, Release, read_release
from autograder.messages import translate
from autograder.report.words import NAMES

__all__ = ["faults_of_release", "put_into", "release_of", "zipped"]

README = "README.md"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of equal files a zip has equal bytes


def release_of(course: Course, languages: Sequence[str], wheel: Path | None = None) -> Release:
    """Make a release of the exercises that are built, in some of the course's languages.

    languages: the first is that of the release as it lies there; `start` offers all.
    wheel: the engine, which then is in the release and is installed from there.

    Raises GradeFlowError when nothing is built, or prose in another language has no source;
    CourseError when a source is wrong.
    """
    built = read_release(course.root)
    first = languages[0]
    files: dict[str, bytes] = dict(built.files)
    translations: dict[str, dict[str, bytes]] = {language: {} for language in languages[1:]}
    for name in built.exercises:
        for language in languages:
            made = _prose(course, name, language, built)
            if language == first:
                files |= made
            else:
                changed = {key: data for key, data in made.items() if files.get(key) != data}
                translations[language] |= changed
    install = _install(wheel, [course.released(name) for name in built.exercises])
    if wheel is not None:
        files[wheel.name] = wheel.read_bytes()
    files[README] = _readme(course, built.exercises, first, install, languages)
    for language, others in translations.items():
        others[README] = _readme(course, built.exercises, language, install, languages)
    return Release(course.title.by_language, built.exercises, tuple(languages), files, translations)


def faults_of_release(course: Course) -> Iterator[CourseError]:
    """Find what is built of other sources than there are: learners would get what is no more."""
    for name in course.exercises_in(course.assignments):
        if not (course.solutions / name).is_dir():
            continue
        exercise, given = course.authored(name), course.released(name)
        answers = given.answers.read_text(encoding="utf-8") if given.released else ""
        stale = not still_good(answers, digest_of_inputs(exercise))
        stale = stale or any(_text(a) != b for a, b in _copies(exercise, given))
        if stale:
            yield CourseError(f"is not up to date: run gradeflow build {name}", given.folder)


def _copies(exercise: Exercise, given: Exercise) -> Iterator[tuple[Path, str]]:
    path = exercise.folder / "exercise.toml"
    manifest = manifest_for_learners(path, known_checks(exercise), asked_parameters(exercise))
    yield given.folder / path.name, manifest
    for name in ("test_public.py", "plot.py"):
        if (exercise.folder / name).is_file():
            yield given.folder / name, _text(exercise.folder / name)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _prose(course: Course, name: str, language: str, built: Release) -> dict[str, bytes]:
    """Make an exercise's script and notebook in a language; as built where there is no source."""
    folder = f"{ROOM}/{name}"
    if not (course.solutions / name).is_dir():
        if language == built.languages[0]:
            return {}
        raise GradeFlowError(
            f"{name} cannot be released in {language!r}: there is no solutions/{name} to make its "
            f"prose from. Release it as it was built: --language {built.languages[0]}."
        )
    given = {
        Path(key).name: data for key, data in built.files.items() if key.startswith(f"{folder}/")
    }
    made = written_in(course.authored(name), language, given)
    return {f"{folder}/{file}": data for file, data in made.items()}


def _install(wheel: Path | None, exercises: Sequence[Exercise]) -> str:
    """Say what pip is to install: the engine, and what the exercises need."""
    extras, packages = needs_of(exercises)
    engine = f"./{wheel.name}{extras}" if wheel else f"gradeflow{extras}=={__version__}"
    return " ".join([f'"{engine}"', *packages])


def _readme(
    course: Course, names: Sequence[str], language: str, install: str, languages: Sequence[str]
) -> bytes:
    first = course.released(names[0])
    others = [each for each in languages if each != language]
    places = {each: f"{TRANSLATIONS}/{each}/{README}" for each in languages[1:]}
    links = [f"[{NAMES.get(each, each)}]({places[each]})" for each in others if each in places]
    main = language == languages[0]
    also = translate("release.also", language, languages=" · ".join(links)) + "\n\n"
    facts = {
        "title": course.title.in_(language),
        "also": also if links and main else "",
        "count": len(names),
        "install": install,
        "first": first.name,
        "module": first.module,
        "task": first.tasks[0].name,
    }
    return translate("release.readme", language, **facts).encode()


# ---- handing it out ----


def put_into(release: Release, folder: Path) -> Laid:
    """Write a release into a folder: a new one, or that of an earlier release.

    Raises GradeFlowError when something else lies in it.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise GradeFlowError(
            f"{folder} holds something else than a release: name a folder that is empty or new."
        )
    files = release.tree()
    mark = files.pop(MARK)
    before = read_record(folder / MARK)
    laid = lay(folder, files, before)
    for name in before:  # what an earlier release had, and this has no more
        path = folder / name
        if name not in files and path.is_file() and not path.is_symlink():
            _take_away(path, name, before[name])
    write_atomically(folder / MARK, mark)
    return laid


def _take_away(path: Path, name: str, known: str) -> None:
    if digest(name, path.read_bytes()) == known:
        path.unlink()


def zipped(files: Mapping[str, bytes], top: str) -> bytes:
    """Pack files into a zip, below one folder, the same bytes every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{top}/{name}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()
