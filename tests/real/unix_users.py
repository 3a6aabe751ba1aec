"""Real Unix users for a test, and running commands as them."""

from __future__ import annotations

import contextlib
import os
import pwd
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from warm_python import WarmPython

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (Path(sys.base_prefix), Path(sys.prefix), ROOT)
"""What a user must be able to read to run this project's Python."""
TOOLS = ("useradd", "userdel", "unshare", "setpriv", "mount")


def why_not() -> str:
    """Say why no users can be made here; nothing when they can."""
    if os.geteuid() != 0:
        return "making two Unix users needs root"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"apt-get install util-linux mount passwd: {', '.join(missing)}"
    done = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "this container lets nobody mount"


@dataclass(frozen=True)
class User:
    """A Unix user whose home lies in a test's folder."""

    name: str
    uid: int
    home: Path
    warm: list[WarmPython] = field(default_factory=list, compare=False)

    def run(
        self, *command: str, cwd: Path | None = None, fails: bool = False, timeout: int = 240
    ) -> str:
        """Run a command as this user; return what it said, and insist that it succeeds."""
        done = subprocess.run(
            self._as_this_user(*command),
            cwd=cwd or self.home,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "USER": self.name,
            "LOGNAME": self.name,
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
        }

    def _as_this_user(self, *command: str) -> list[str]:
        become = ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups", "--"]
        return [*_seeing(self.home.parent / "seen"), *become, *command]

    def module(self, *command: str, cwd: Path | None = None, fails: bool = False) -> str:
        """Run a module as ``python -m`` does, as this user, in a fork of a warm Python."""
        if not self.warm:
            prefix = self._as_this_user()
            self.warm.append(WarmPython(self.home, self._environment(), prefix))
        code, said = self.warm[0].run(command, cwd or self.home)
        assert (code != 0) == fails, said
        return said

    def leave(self) -> None:
        """End the warm Python."""
        for python in self.warm:
            python.leave()

    def python(self, *arguments: str, cwd: Path | None = None, fails: bool = False) -> str:
        """Run this project's Python as this user."""
        return self.run(sys.executable, *arguments, cwd=cwd, fails=fails)

    def nbgrader(self, *arguments: str, cwd: Path | None = None, fails: bool = False) -> str:
        """Run nbgrader as this user."""
        return self.module("nbgrader", *arguments, cwd=cwd, fails=fails)

    def owns(self, path: Path) -> None:
        """Give a folder and all in it to this user."""
        for each in (path, *path.rglob("*")):
            os.chown(each, self.uid, self.uid)


@contextlib.contextmanager
def users(room: Path, *names: str) -> Iterator[list[User]]:
    """Make users with homes in a folder that all may enter; take them away afterwards."""
    made: list[User] = []
    try:
        for name in names:
            _forget(name)
            home = room / name
            # Not of this machine's people: a number of its own, and no shell.
            command = ["useradd", "-M", "-d", str(home), "-s", "/usr/sbin/nologin", "-U", name]
            subprocess.run(command, check=True, capture_output=True)
            uid = int(subprocess.check_output(["id", "-u", name]))
            home.mkdir(mode=0o700)
            os.chown(home, uid, uid)
            made.append(User(name, uid, home))
        yield made
    finally:
        for user in made:
            user.leave()
        for name in names:
            subprocess.run(["userdel", name], check=False, capture_output=True)


def _forget(name: str) -> None:
    """Take away a user whom a run that was killed has left, without a home."""
    with contextlib.suppress(KeyError):
        if not Path(pwd.getpwnam(name).pw_dir).exists():
            subprocess.run(["userdel", name], check=False, capture_output=True)


def _seeing(room: Path) -> list[str]:
    """Where this Python lies in a home that others may not enter, show them just what they need.

    In a mount namespace of the command's own, so that nothing changes for anybody else.
    """
    closed = {path: _closed(path) for path in NEEDED}
    lines = []
    for number, (path, _) in enumerate(each for each in closed.items() if each[1]):
        kept = room / str(number)
        kept.mkdir(parents=True, exist_ok=True)
        lines.append(f"mount --bind {shlex.quote(str(path))} {shlex.quote(str(kept))}")
    for folder in {each for each in closed.values() if each}:
        lines.append(f"mount -t tmpfs -o mode=755 none {shlex.quote(str(folder))}")
    for number, (path, _) in enumerate(each for each in closed.items() if each[1]):
        there, kept = shlex.quote(str(path)), shlex.quote(str(room / str(number)))
        lines.append(f"mkdir -p {there} && mount --bind {kept} {there}")
    if not lines:
        return []
    script = "set -e; here=$PWD; " + "; ".join(lines) + '; cd "$here"; exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, "sh"]


def _closed(path: Path) -> Path | None:
    """Find the outermost folder on the way to a path that others may not enter."""
    for folder in reversed((path.resolve(), *path.resolve().parents)):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None
