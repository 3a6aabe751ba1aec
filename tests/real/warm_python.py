"""A Python that has nbgrader imported, and forks for each command.

Importing nbgrader takes longer than most of its commands, and the tests give a hundred of them.
Run as a program this file is that Python: it reads a line of JSON for each command, and answers
with the command's exit code. Each command is a process of its own, that runs its module as
`python -m` does.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

LONGEST = 300  # seconds that a command may take


class WarmPython:
    """Such a Python, started when the first command is given.

    prefix: what starts it, before the interpreter's name: to be another user, for instance.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], prefix: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._prefix = prefix
        self._python: subprocess.Popen[str] | None = None

    def run(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Run a module with its arguments in a folder; return its exit code and what it said.

        environment: variables that differ from those of this Python.
        """
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
            Path(said.name).chmod(0o666)
            order = {"command": command, "folder": str(folder), "said": said.name}
            line = json.dumps(order | {"environment": dict(environment or {})}) + "\n"
            return self._ordered(line), said.read()

    def _ordered(self, line: str) -> int:
        if self._python is None:
            self._python = self._started()
        assert self._python.stdin is not None
        assert self._python.stdout is not None
        self._python.stdin.write(line)
        self._python.stdin.flush()
        return int(self._python.stdout.readline())

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self._prefix, sys.executable, __file__],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # What a test signals its own group with is not meant for it.
            start_new_session=True,
        )

    def leave(self) -> None:
        """End it."""
        if self._python is not None:
            self._python.communicate(timeout=30)
            self._python = None


# ---- the program ----


def _serve() -> None:
    """Serve until the input ends."""
    _warm_up()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _warm_up() -> None:
    """Do what every command would do first: import, and prepare mappers and validators."""
    import jupytext  # noqa: F401
    import mistune  # noqa: F401
    import nbgrader.api
    import nbgrader.apps.nbgraderapp
    import rich.progress  # noqa: F401
    import typer.main  # noqa: F401
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from nbformat.validator import get_validator
    from sqlalchemy.orm import configure_mappers

    import autograder.authoring.build
    import autograder.cli.app
    import autograder.nbgrader.converters  # noqa: F401

    configure_mappers()
    get_validator(version=4)
    # Asked which revision is its newest, nbgrader starts another Python; the answer is the same.
    with nbgrader.dbutil._temp_alembic_ini("sqlite://") as settings:
        newest = ScriptDirectory.from_config(Config(settings)).get_current_head()
    nbgrader.api.get_alembic_version = lambda: newest


def _be(order: dict[str, object]) -> None:
    """Be the command: its folder, its arguments, its output; never return."""
    code = 1
    try:
        signal.alarm(LONGEST)
        said = os.open(str(order["said"]), os.O_WRONLY | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, stream in enumerate((nothing, said, said)):
            os.dup2(stream, number)
        os.chdir(str(order["folder"]))
        os.environ.update(order["environment"])
        module, *arguments = order["command"]
        sys.argv, sys.path[0] = [module, *arguments], str(order["folder"])
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
