"""What of this machine a submission may read: system libraries, Python, its packages, us.

Never the folder that the grader stands in, nor whatever else is on its ``sys.path``: that is
where courses lie.
"""

from __future__ import annotations

import site
import sys
from dataclasses import dataclass
from pathlib import Path

import autograder

__all__ = ["Places", "find_places"]

# Not all of /usr: /usr/local/share is where nbgrader keeps what learners hand in.
_SYSTEM = (
    *("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/share"),
    *("/usr/local/bin", "/usr/local/lib", "/usr/local/lib64"),
    *("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
)
_ETC = (
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d"),
    *("/etc/localtime", "/etc/alternatives"),
)
_OF_PYTHON = ("bin", "lib", "lib64")
_PACKAGES = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Places:
    """The paths that a server needs.

    executable: the interpreter itself, not a virtual environment's link to it.
    packages: directories of installed packages, in the order of ``sys.path``.
    engine: this package's own directory.
    links: top-level links of the system (``/lib`` to ``usr/lib``).
    readable: directories and files; the packages are among them, the engine is not.
    """

    executable: Path
    packages: tuple[Path, ...]
    engine: Path
    links: tuple[tuple[str, Path], ...]
    readable: tuple[Path, ...]


def find_places() -> Places:
    """Look at the running interpreter and its host."""
    executable = Path(sys.executable).resolve()
    packages = tuple(
        Path(entry)
        for entry in dict.fromkeys((*sys.path, *site.getsitepackages()))
        if Path(entry).name in _PACKAGES and Path(entry).is_dir()
    )
    system = [Path(name) for name in _SYSTEM]
    links = tuple((str(path.readlink()), path) for path in system if path.is_symlink())
    readable = [path for path in system if path.is_dir() and not path.is_symlink()]
    readable += [path for path in map(Path, _ETC) if path.exists()]
    # The interpreter lies in <prefix>/bin and finds its library from there.
    prefixes = (Path(sys.base_prefix), Path(sys.base_prefix).resolve(), executable.parent.parent)
    readable += [
        prefix / name for prefix in prefixes for name in _OF_PYTHON if (prefix / name).is_dir()
    ]
    readable += packages
    return Places(
        executable,
        packages,
        Path(autograder.__file__).resolve().parent,
        links,
        _outermost(readable),
    )


def _outermost(paths: list[Path]) -> tuple[Path, ...]:
    """Drop what lies inside another."""
    unique = sorted(set(paths))
    return tuple(path for path in unique if not any(other in path.parents for other in unique))
