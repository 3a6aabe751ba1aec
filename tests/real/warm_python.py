"""A Python that has nbgrader imported, and forks for each command: run by a test as another user.

Importing nbgrader takes longer than most of its commands; a term needs forty of them. It reads a
line of JSON for each command, and answers with the command's exit code. Each command is a process
of its own, that runs its module as `python -m` does.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import traceback

import nbgrader.apps.nbgraderapp  # noqa: F401

import autograder.cli.app
import autograder.nbgrader.preprocessors  # noqa: F401


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(order: dict[str, object]) -> None:
    """Be the command: its folder, its arguments, its output; never return."""
    code = 1
    try:
        said = os.open(str(order["said"]), os.O_WRONLY | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, stream in enumerate((nothing, said, said)):
            os.dup2(stream, number)
        os.chdir(str(order["folder"]))
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


main()
