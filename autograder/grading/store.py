"""Results on disk: one file for each learner, whole or not at all, and not written twice."""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from autograder.atomic import TEMPORARY, write_atomically
from autograder.errors import EngineFault, GradeFlowError
from autograder.grading.journal import Graded, Handed, Journal
from autograder.grading.lock import FolderLock
from autograder.grading.programs import Programs
from autograder.model import SCHEMA_VERSION, Result, score
from autograder.submission.learners import safe_id

__all__ = ["ResultStore", "checked", "digest_folder", "fingerprint"]

SUFFIX = ".json"
NOT_CONTENT = frozenset({"__pycache__"})


class _Stored(msgspec.Struct):
    fingerprint: str = ""
    schema_version: int = SCHEMA_VERSION


_read_result = msgspec.json.Decoder(Result).decode
_read_stored = msgspec.json.Decoder(_Stored).decode


class ResultStore:
    """A folder with ``<learner>.json`` for each learner, and the programs that were graded.

    A context manager: within it the folder belongs to this run, and only there can it be written.
    Reading needs no lock, since every file is complete at any time.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._lock = FolderLock(out)
        self.programs = Programs(out)
        self.journal = Journal(out)

    def __enter__(self) -> ResultStore:
        try:
            self._out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GradeFlowError(
                f"The folder {self._out} cannot be made ({error.strerror}): give another --out."
            ) from None
        self._lock.acquire()
        for left in self._out.glob(f".*{TEMPORARY}"):  # of a run that was killed while writing
            with contextlib.suppress(OSError):
                left.unlink()
        return self

    def __exit__(self, *exception: object) -> None:
        self._lock.release()

    def fresh(self, learner: str, wanted: str) -> bool:
        """Tell whether the stored result has this fingerprint; a damaged or older one has not."""
        payload = self.read(learner)
        if payload is None:
            return False
        try:
            stored = _read_stored(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        is_current = stored.schema_version == SCHEMA_VERSION
        return is_current and stored.fingerprint != "" and stored.fingerprint == wanted

    def result(self, learner: str) -> Result | None:
        """Return a learner's stored result; None when there is none.

        Raises GradeFlowError when the file cannot be read, or is no result of this learner: see
        ``checked``.
        """
        path = self._path(learner)
        try:
            payload = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unread(path, error) from None
        return checked(payload, learner, path)

    def read(self, learner: str) -> bytes | None:
        """Return a learner's stored result; None when there is none that can be read."""
        try:
            return self._path(learner).read_bytes()
        except OSError:
            return None

    def write(self, learner: str, payload: bytes) -> None:
        """Store a learner's result in place of an earlier one.

        Raises GradeFlowError when the disk is full or refuses; the earlier one is then untouched.
        """
        if not self._lock.held:
            raise EngineFault("a result was written outside of `with ResultStore(...)`")
        path = self._path(learner)
        try:
            write_atomically(path, payload)
        except OSError as error:
            raise self._refused(f"The result of {learner}", error) from None

    def note(self, graded: Graded) -> None:
        """Write into the journal what a grading gave. GradeFlowError as `write`."""
        try:
            self.journal.add([graded])
        except OSError as error:
            raise self._refused("The journal", error) from None

    def take(self, lines: Iterable[Handed]) -> None:
        """Write into the journal who handed in what. GradeFlowError as `write`."""
        try:
            self.journal.take(lines)
        except OSError as error:
            raise self._refused("The journal", error) from None

    def _refused(self, what: str, error: OSError) -> GradeFlowError:
        return GradeFlowError(
            f"{what} could not be written to {self._out} ({error.strerror}). "
            "Nothing was lost: results written before are complete. Make room there and run "
            "the same command again; it goes on where it stopped."
        )

    def learners(self) -> tuple[str, ...]:
        """Return whose results there are, sorted. GradeFlowError when the folder cannot be read."""
        try:
            names = [path.name for path in self._out.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise _unread(self._out, error) from None
        own = (name for name in names if name.endswith(SUFFIX) and not name.startswith("."))
        return tuple(sorted(name.removesuffix(SUFFIX) for name in own))

    def _path(self, learner: str) -> Path:
        # An id that is no file name would write elsewhere; the finder of submissions makes none.
        if not learner or learner != safe_id(learner):
            raise EngineFault(f"{learner!r} is no learner's id")
        return self._out / f"{learner}{SUFFIX}"


def _unread(path: Path, error: OSError) -> GradeFlowError:
    return GradeFlowError(f"{path} cannot be read ({error.strerror}): look at its permissions.")


def checked(payload: bytes, learner: str, path: Path) -> Result:
    """Read a stored result, which anybody may have changed since it was written.

    Raises GradeFlowError when it is damaged, of another version or another learner's, or when its
    points are not those of its checks.
    """
    again = "run `gradeflow grade` again, which grades it anew."
    try:
        result = _read_result(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise GradeFlowError(f"{path} is damaged or of another version: {again}") from None
    if result.learner and safe_id(result.learner) != learner:
        raise GradeFlowError(
            f"{path} says that it is of {result.learner!r}, not of {learner}: {again}"
        )
    told, possible = result.score.points, result.score.possible
    numbers = [possible, *([] if told is None else [told])]
    numbers += [number for check in result.checks for number in (check.points, check.worth)]
    wrong = not all(math.isfinite(number) and number >= 0 for number in numbers)
    if wrong or (told is not None and told > possible):
        raise GradeFlowError(f"{path} says {told} of {possible} points: {again}")
    if told is not None and result.checks and told != score(result.checks, possible).points:
        raise GradeFlowError(f"{path} says {told} points, which its checks do not give: {again}")
    return result


def fingerprint(submission_sha256: str, exercise_digest: str, engine_digest: str) -> str:
    """Return what a result depends on, as one hash."""
    return _hash(part.encode() for part in (submission_sha256, exercise_digest, engine_digest))


def digest_folder(paths: Iterable[Path]) -> str:
    """Return a hash of files and folders: of names below each, and contents; in any order.

    Caches and hidden files do not count.

    Raises GradeFlowError when something cannot be read.
    """
    try:
        return _hash(sorted(one for path in paths for one in _digests(path)))
    except OSError as error:
        raise GradeFlowError(
            f"{error.filename} cannot be read ({error.strerror}): is it still there?"
        ) from None


def _digests(path: Path) -> Iterator[bytes]:
    """Yield a hash for each file of a folder, of its name below it and its contents."""
    waiting = [(path, "" if path.is_dir() else path.name)]
    while waiting:
        here, name = waiting.pop()
        if here.is_dir():
            for entry in here.iterdir():
                if entry.name not in NOT_CONTENT and not entry.name.startswith("."):
                    waiting.append((entry, f"{name}/{entry.name}"))
        else:
            contents = hashlib.sha256(here.read_bytes()).digest()
            yield _hash((name.encode(errors="surrogateescape"), contents)).encode()


def _hash(pieces: Iterable[bytes]) -> str:
    """Hash pieces so that no two lists of pieces look alike."""
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(len(piece).to_bytes(8, "big") + piece)
    return whole.hexdigest()
