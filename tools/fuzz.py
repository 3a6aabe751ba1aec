"""Fuzz what meets bytes of others: ``python -m tools.fuzz [TARGET …] --seconds 30``.

Each target reads arbitrary bytes and may raise what it says that it raises, nothing else, within
ten seconds and 2 GB for one input. Coverage guides the inputs where atheris is installed (not a
dependency: ``pip install atheris``); elsewhere seeds are mutated at random. What breaks a target is
written to ``build/fuzz/`` and ends the run with code 1.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.catalogue import load_exercise
from autograder.diagnosis.frozen import read_answers
from autograder.errors import CourseError, GradeFlowError, SubmissionError, WireError
from autograder.nbgrader.markup import page_of
from autograder.submission import Submission, read_program
from autograder.submission.discover import Wanted, discover
from autograder.wire.codec import pack, unpack_answer
from autograder.wire.protocol import Raised, Returned
from autograder.wire.values import Budget

ROOT = Path(__file__).resolve().parents[1]
FOUND = ROOT / "build" / "fuzz"
ROOM = Path(tempfile.mkdtemp(prefix="gradeflow-fuzz-"))
EXERCISE = ROOT / "solutions" / "01_neuron"
NOTEBOOK = b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}], "nbformat": 4}'


def wire(data: bytes) -> None:
    """Read what a learner's process answers."""
    with contextlib.suppress(WireError):
        unpack_answer(data, Budget.for_frame(1 << 20))


def answers(data: bytes) -> None:
    """``answers.json`` was changed on a learner's machine."""
    path = ROOM / "answers.json"
    path.write_bytes(data)
    with contextlib.suppress(CourseError):
        book = read_answers(path)
        for entry in book.entries:
            book.find(entry.call)


def notebook(data: bytes) -> None:
    """Read a notebook that is handed in."""
    with contextlib.suppress(SubmissionError):
        read_program(Submission("ann", "neuron.ipynb", data, "", size=len(data)), "neuron")


def archive(data: bytes) -> None:
    """Look through a zip of a class."""
    path = ROOM / "class.zip"
    path.write_bytes(data)
    with contextlib.suppress(GradeFlowError):
        discover([path], Wanted("01_neuron", "neuron"))


def toml(data: bytes) -> None:
    """Read an author's ``exercise.toml``."""
    folder = ROOM / "01_neuron"
    folder.mkdir(exist_ok=True)
    (folder / "exercise.toml").write_bytes(data)
    with contextlib.suppress(CourseError):
        load_exercise(folder)


def markdown(data: bytes) -> None:
    """Prose that a learner wrote: a page must hold nothing that a browser runs."""
    page = page_of(data.decode("utf-8", "replace")).html.lower()
    assert "<script" not in page
    assert "<iframe" not in page


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (wire, answers, notebook, archive, toml, markdown)
}


def seeds(name: str) -> list[bytes]:
    """Return inputs to begin with."""
    match name:
        case "wire":
            return [
                pack(Returned([1.5, "a", {"k": (1, None)}], {0: 2}, (), "out", 0.1), 7),
                pack(Raised("ValueError", "no", (), (), "", 0.0), 7),
            ]
        case "answers":
            released = sorted(ROOT.glob("assignments/*/answers.json"))
            return [made for path in released for made in _answers(path)]
        case "notebook":
            return [NOTEBOOK]
        case "archive":
            return [_zip()]
        case "toml":
            return [(EXERCISE / "exercise.toml").read_bytes()[:4000]]
    return [
        b"# A\n\n- [x](y) `c` $a^2$ ![p](attachment:a.png)\n\n<b>z</b>\n\n| a |\n|---|\n| b |\n"
    ]


def _answers(path: Path) -> list[bytes]:
    """Return small books out of a released one: an answer each, of every kind that it has."""
    head, *lines = path.read_bytes().splitlines(True)
    kinds = {frozenset(re.findall(rb'"\\$\\w+"', line)): line for line in lines if len(line) < 5000}
    return [b"".join((head, line.rstrip(b",\n"), b"\n]}\n")) for line in kinds.values()]


def _zip() -> bytes:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("ann/neuron.py", "x = 1")
        made.writestr("bob/neuron.ipynb", NOTEBOOK)
    return buffer.getvalue()


def guided(name: str, seconds: int) -> None:
    """Fuzz one target under atheris; never returns."""
    import atheris

    corpus = ROOM / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(seed)
    target = TARGETS[name]
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("autograder.wire", "autograder.submission")):
            for value in vars(module).values():
                if callable(value) and getattr(value, "__module__", "") == module.__name__:
                    try:
                        atheris.instrument_func(value)
                    except (TypeError, AttributeError, ValueError):
                        continue
    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            f"-max_total_time={seconds}",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-max_len=65536",
            f"-artifact_prefix={FOUND}/{name}-",
            "-verbosity=0",
        ],
        target,
    )
    atheris.Fuzz()


def blind(name: str, seconds: int) -> None:
    """Mutate seeds at random."""
    rng = random.Random(0)  # noqa: S311 - not for secrets
    target, known = TARGETS[name], seeds(name)
    end = time.monotonic() + seconds
    tries = 0
    while time.monotonic() < end:
        data = mutated(rng, rng.choice(known))
        try:
            target(data)
        except BaseException:
            (FOUND / f"{name}-blind").write_bytes(data)
            raise
        tries += 1
    print(f"{name}: {tries} inputs")


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Return bytes with a few of them changed, dropped, doubled."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(made) + 1)
        match rng.randrange(4):
            case 0:
                made[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del made[at : at + rng.randint(1, 20)]
            case 2:
                made[at:at] = made[at : at + rng.randint(1, 50)] * rng.randint(1, 30)
            case 3:
                made[at : at + 4] = rng.choice([b"\xff\xff\xff\xff", b"\0", b"[[[[", b"{", b"$"])
    return bytes(made)


def main() -> int:
    """Fuzz targets one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", default=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=30, help="for each target")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    FOUND.mkdir(parents=True, exist_ok=True)
    if given.one:
        run = guided if importlib.util.find_spec("atheris") else blind
        run(given.one, given.seconds)
        return 0
    failed = []
    for name in given.targets:
        command = [sys.executable, "-W", "ignore", "-m", "tools.fuzz"]
        command += ["--one", name, "--seconds", str(given.seconds)]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            failed.append(name)
    print(f"broken: {', '.join(failed)}" if failed else "nothing broke")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
