"""The command release: what learners get of a course, as a folder or a zip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.places import course_here
from autograder.errors import GradeFlowError
from autograder.messages import number_of

if TYPE_CHECKING:
    from autograder.catalogue import Course

__all__ = ["release"]

ALL = ("both", "all")


def release(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The folder to write; build/release where nothing is said."),
    ] = None,
    archive: Annotated[
        Path | None, typer.Option("--zip", help="Write a zip instead of a folder.")
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            help="Of the prose: one of the course's languages, or both (all that it has), of which "
            "each learner chooses one.",
        ),
    ] = ALL[0],
    wheel: Annotated[
        Path | None,
        typer.Option(
            "--wheel",
            help="The engine as a wheel; it is put into the release and installed from it.",
        ),
    ] = None,
) -> None:
    """Make what learners get of the built course, and nothing else: no solution, no salt.

    For a course without nbgrader: give the folder or the zip to learners, through git, a learning
    platform or a shared folder. They begin with `gradeflow start`.

    Example: gradeflow release --zip course.zip
    """
    from autograder.authoring.build import BuildError
    from autograder.authoring.release import faults_of_release, put_into, release_of, zipped

    course = course_here()
    languages = _languages(course, language)
    if out is not None and archive is not None:
        raise GradeFlowError("--out and --zip: name one of the two.")
    if wheel is not None and not (wheel.is_file() and wheel.suffix == ".whl"):
        raise GradeFlowError(f"--wheel {wheel}: is no wheel (.whl); make one with `pip wheel`.")
    if errors := list(faults_of_release(course)):
        raise BuildError(errors)
    made = release_of(course, languages, wheel)
    if archive is not None:
        _write_zip(archive, zipped(made.tree(), archive.stem))
    else:
        out = out or course.root / "build" / "release"
        if out.resolve() == course.root:
            raise GradeFlowError(f"--out {out}: is the course itself; name another folder.")
        for name in put_into(made, out).kept:
            typer.echo(f"left alone: {out / name}, in which somebody has written")
    spoken = ", ".join(languages)
    count = number_of(len(made.exercises), "exercise")
    typer.echo(f"released {count} ({spoken}): {archive or out}")


def _languages(course: Course, asked: str) -> tuple[str, ...]:
    """Return the languages that are asked for, the course's own first."""
    if asked in ALL:
        return tuple(dict.fromkeys((course.language, *course.languages)))
    if asked not in course.languages:
        known = ", ".join(course.languages)
        raise GradeFlowError(f"--language {asked}: the course has {known}, or {' or '.join(ALL)}.")
    return (asked,)


def _write_zip(path: Path, data: bytes) -> None:
    """Write the zip; in the place of an earlier release only, not of any other file."""
    import io
    import zipfile

    from autograder.atomic import write_atomically
    from autograder.handout.release import MARK

    if path.suffix != ".zip":
        raise GradeFlowError(f"--zip {path}: name a file that ends in .zip.")
    if path.exists():
        before = path.read_bytes()
        names = zipfile.ZipFile(io.BytesIO(before)).namelist() if zipfile.is_zipfile(path) else []
        if not any(name.endswith(f"/{MARK}") for name in names):
            raise GradeFlowError(f"{path} is something else than a release: name another file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data)
