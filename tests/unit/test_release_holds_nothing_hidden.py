"""What is published, as packages or to learners, holds no solution and no hidden check.

nbgrader's release, feedback and exports are held to the same by tests/real/test_nbgrader_*.
"""

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from autograder.authoring.release import release_of
from autograder.catalogue import find_course, load_exercise
from autograder.handout.carrying import Carried, packed, unpacked
from autograder.handout.laying import digest, read_record
from autograder.submission.given import CARRIED, carrying_cell

ROOT = Path(__file__).resolve().parents[2]
TELLING = 40  # characters: a line of this length is no line that everybody writes
TEXTS = {".py", ".toml", ".md", ".json", ".ipynb", ".txt", ".html", ".j2", ".csv"}


def lines_of(text: str) -> set[str]:
    lines = (line.strip() for line in text.splitlines())
    return {x for x in lines if len(x) >= TELLING and not x.startswith(("import ", "from "))}


@cache
def secrets() -> frozenset[str]:
    """Every line of solutions, hidden checks, wrong variants and whole solutions by people."""
    given: set[str] = set()
    hidden: set[str] = set()
    for path in (ROOT / "solutions").glob("*/*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name in ("test_hidden.py", "misconceptions.py"):
            hidden |= lines_of(text)
        elif path.name in ("test_public.py", "plot.py"):
            given |= lines_of(text)
        else:
            inside, outside = split(text)
            hidden, given = hidden | lines_of(inside), given | lines_of(outside)
    for path in (ROOT / "tests" / "content").rglob("*.py"):
        hidden |= lines_of(path.read_text(encoding="utf-8"))
    return frozenset(hidden - given)


def split(text: str) -> tuple[str, str]:
    """Return what stands within the marks of solutions, and what stands without."""
    parts: tuple[list[str], list[str]] = ([], [])
    outside = 1
    for line in text.splitlines():
        outside = 0 if "### BEGIN SOLUTION" in line else outside
        parts[outside].append(line)
        outside = 1 if "### END SOLUTION" in line else outside
    return "\n".join(parts[0]), "\n".join(parts[1])


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def told(name: str, data: bytes) -> set[str]:
    """Return the hidden lines that stand in a file."""
    suffix = Path(name).suffix
    if suffix not in TEXTS:
        return set()
    text = data.decode("utf-8")
    if suffix == ".ipynb":
        book = json.loads(text)
        texts = ["".join(cell["source"]) for cell in book["cells"]] + carried(book)
    else:
        texts = list(strings(json.loads(text))) if suffix == ".json" else [text]
    return {line for each in texts for line in lines_of(each)} & secrets()


def carried(book: dict) -> list[str]:
    """Return what a notebook carries packed, in its metadata and in a cell: which nobody sees."""
    ours = {book.get("metadata", {}).get("gradeflow", {}).get("packed", "")}
    for cell in book["cells"]:
        ours |= {*re.findall(rf'^{CARRIED} = "(.+)"$', "".join(cell["source"]), re.MULTILINE)}
    files = [unpacked(each).files for each in ours if each]
    answers = [json.loads(each.get("answers.json", "{}")) for each in files]
    return [text for each in files for text in each.values()] + [*strings(answers)]


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as whole:
        of_wheel = {name: whole.read(name) for name in whole.namelist()}
    with tarfile.open(sdist) as whole:
        files = [each for each in whole.getmembers() if each.isfile()]
        of_sdist = {each.name: whole.extractfile(each).read() for each in files}
    return {"wheel": of_wheel, "sdist": of_sdist}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_package_holds_no_line_of_a_solution_or_of_a_hidden_check(packages, kind):
    files = packages[kind]
    assert len(files) > 200
    assert {name: found for name, data in files.items() if (found := told(name, data))} == {}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_package_holds_no_file_of_the_authors_room(packages, kind):
    parts = {part for name in packages[kind] for part in Path(name).parts}
    assert not parts & {"solutions", "content", "test_hidden.py", "misconceptions.py", "tests"}


def test_the_sdist_holds_what_a_wheel_is_built_of(packages):
    of_wheel = {name for name in packages["wheel"] if name.startswith("autograder/")}
    of_sdist = {name.partition("/")[2] for name in packages["sdist"]}
    assert of_wheel <= of_sdist


def test_assignments_hold_no_line_of_a_solution_or_of_a_hidden_check():
    files = [path for path in (ROOT / "assignments").rglob("*") if path.is_file()]
    assert len(files) > 50
    found = {path.name: told(path.name, path.read_bytes()) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.fixture(scope="module")
def released():
    """The course's release in all its languages, by file: with what no digest could hide."""
    course = find_course(ROOT)
    return release_of(course, course.languages).tree()


def test_a_release_holds_no_line_of_a_solution_a_variant_or_a_hidden_check(released):
    assert len(released) > 100
    assert {name: found for name, data in released.items() if (found := told(name, data))} == {}


def test_a_release_holds_what_learners_get_and_nothing_else(released):
    kinds = {Path(name).name for name in released} - {"course.toml", "release.json", "README.md"}
    modules = {load_exercise(path.parent).module for path in ROOT.glob("solutions/*/exercise.toml")}
    given = {f"{module}.{form}" for module in modules for form in ("py", "ipynb")}
    given |= {"exercise.toml", "answers.json", "test_public.py", "plot.py"}
    assert {name for name in kinds - given if not name.endswith(".png")} == set()
    assert not {"solutions", "tests"} & {part for name in released for part in Path(name).parts}


def test_a_release_tells_no_salt(released):
    salt = find_course(ROOT).salt.encode()
    assert "salt" not in tomllib.loads(released["course.toml"].decode())
    assert not [name for name, data in released.items() if salt in data]


def test_each_language_of_a_release_is_whole(released):
    for name in find_course(ROOT).exercises:
        module = load_exercise(ROOT / "solutions" / name).module
        english = released[f"assignments/{name}/{module}.py"].decode()
        chinese = released[f"translations/zh/assignments/{name}/{module}.py"].decode()
        assert "怎么做" in chinese
        assert "What to do" in english


def test_what_was_built_is_on_record_so_that_an_edited_file_can_be_told():
    room = ROOT / "assignments"
    files = [path for path in room.glob("*/*") if path.is_file() and path.suffix != ".pyc"]
    names = {path.relative_to(room).as_posix(): path.read_bytes() for path in files}
    record = read_record(room / "generated.json")
    assert record == {name: digest(name, data) for name, data in names.items()}


def test_a_line_of_a_solution_would_be_found():
    line = max(secrets(), key=len)
    assert told("x.py", f"x = 1\n    {line}\n".encode()) == {line}
    assert told("x.ipynb", json.dumps({"cells": [{"source": [line]}]}).encode()) == {line}
    files = {"exercise.toml": "", "answers.json": "{}", "test_public.py": line}
    text = packed(Carried("en", files))
    in_cell = {"cells": [{"source": [carrying_cell("", text)]}]}
    in_metadata = {"cells": [], "metadata": {"gradeflow": {"packed": text}}}
    for book in (in_cell, in_metadata):
        assert told("x.ipynb", json.dumps(book).encode()) == {line}
