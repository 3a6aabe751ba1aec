"""Running code in a fresh kernel and in a fresh script, both for a bounded time."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

__all__ = ["SECONDS_TO_START", "Kernel", "KernelTrouble", "Ran", "kernel", "run_script"]

SECONDS_TO_START = 30.0
_MOST_PRINTED = 2**20
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# As a window would wait for somebody to close it.
_WITHOUT_WINDOWS = {"MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"}
_FROM_INPUT = (
    "import sys; code = compile(sys.stdin.buffer.read(), {!r}, 'exec'); sys.stdin.close(); "
    "sys.stdin = open({!r}); exec(code)"
)


class KernelTrouble(Exception):  # noqa: N818 - says what happened
    """A kernel did not come up, in time or at all; ``last_words`` is the end of its complaints."""

    def __init__(self, how: Literal["died", "slow"], last_words: str = "") -> None:
        super().__init__(how)
        self.how = how
        self.last_words = last_words


@dataclass(frozen=True)
class Ran:
    """How some code ran: what it printed, and the exception that ended it, if one did.

    end: ``slow`` ran out of time, ``died`` took its process along.
    """

    printed: str
    error: str = ""
    end: Literal["well", "error", "slow", "died"] = "well"


class Kernel:
    """A kernel that is up."""

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager = manager
        self._client = client

    def run(self, code: str, seconds: float) -> Ran:
        """Run a cell."""
        until = time.monotonic() + seconds
        asked = self._client.execute(code, allow_stdin=False)
        printed, error = "", ""
        while time.monotonic() < until:
            try:
                message = self._client.get_iopub_msg(timeout=0.5)
            except queue.Empty:
                if not self._manager.is_alive():
                    return Ran(printed, error, "died")
                continue
            content = message["content"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                printed = (printed + content["text"])[:_MOST_PRINTED]
            elif message["msg_type"] == "error":
                error = _COLOURS.sub("", f"{content['ename']}: {content['evalue']}")
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return Ran(printed, error, "error" if error else "well")
        return Ran(printed, error, "slow")


@contextlib.contextmanager
def kernel(name: str, folder: Path, seconds: float = SECONDS_TO_START) -> Iterator[Kernel]:
    """Start a kernel in a folder, as Jupyter does, and kill it at the end.

    Raises KernelTrouble when it is not up in time.
    """
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name=name)
    with tempfile.TemporaryFile() as complaints:
        client = None
        try:
            try:
                manager.start_kernel(
                    cwd=str(folder), stdout=subprocess.DEVNULL, stderr=complaints,
                    env={**os.environ, **_WITHOUT_WINDOWS},
                )  # fmt: skip
                client = manager.client()
                client.start_channels()
                client.wait_for_ready(timeout=seconds)
            except (OSError, RuntimeError) as error:
                how: Literal["died", "slow"] = "slow" if _lives(manager) else "died"
                raise KernelTrouble(how, _last_line(complaints) or str(error)) from None
            yield Kernel(manager, client)
        finally:
            if client is not None:
                client.stop_channels()
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)
            manager.cleanup_resources()


def _lives(manager: Any) -> bool:
    return bool(manager.has_kernel and manager.is_alive())


def run_script(code: str, name: str, folder: Path, seconds: float) -> Ran:
    """Run code as a script of this Python, in a folder, as PyCharm does."""
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-c", _FROM_INPUT.format(name, os.devnull)],
            stdin=subprocess.PIPE, stdout=printed, stderr=complaints, cwd=folder,
            env={**os.environ, **_WITHOUT_WINDOWS}, start_new_session=True,
        )  # fmt: skip
        try:
            process.communicate(code.encode(), timeout=seconds)
            ended: Literal["well", "error", "slow", "died"] = "well"
            if process.returncode:
                ended = "error" if process.returncode > 0 else "died"
        except subprocess.TimeoutExpired:
            ended = "slow"
        finally:
            _end(process)
        printed.seek(0)
        text = printed.read(_MOST_PRINTED).decode(errors="replace").replace("\r\n", "\n")
        return Ran(text, _last_line(complaints) if ended == "error" else "", ended)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a script with what it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read(_MOST_PRINTED).decode(errors="replace").strip().splitlines()
    return _COLOURS.sub("", lines[-1]).strip() if lines else ""
