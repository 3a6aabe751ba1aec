"""`gradeflow play` as its user starts it, and a Chromium to look at it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["chromium_page", "played"]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+/")


@contextlib.contextmanager
def played(folder: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run the command in a folder until the block ends: the address that it prints, its number."""
    command = [sys.executable, "-m", "autograder", "play", "--no-browser", *options]
    environment = {**os.environ, "GRADEFLOW_LANGUAGE": "en"}
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_hearing_interrupts if os.name == "posix" else None,
    ) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            found = ADDRESS.search(said)
            assert found, f"gradeflow play says: {said!r}"
            yield found[0], process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                code = process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert code == 0, f"gradeflow play ended with {code}"


def _hearing_interrupts() -> None:
    """Hear Ctrl-C, though whoever started this in the background had it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def chromium_page(**options: Any) -> Iterator[Any]:
    """Open a page in the system's Chromium, unseen; `options` are Playwright's for a page."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, args=["--disable-gpu"], chromium_sandbox=os.geteuid() != 0
        )
        try:
            yield browser.new_page(**options)
        finally:
            browser.close()
