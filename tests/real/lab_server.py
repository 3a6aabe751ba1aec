"""A JupyterLab server of a test's own, and Debian's Chromium to work in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60  # for whatever a page has to do


@dataclass(frozen=True)
class Lab:
    """A running server: its address, and the token that opens it."""

    address: str
    token: str


@contextmanager
def lab(course: Path, home: Path) -> Iterator[Lab]:
    """Start JupyterLab in a course's folder; end it with all that it has started.

    home: an empty folder that the server takes for its user's.
    """
    token = secrets.token_hex(16)
    log = home / "server.log"
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += [] if _may_cage() else ["--allow-root"]
    options = [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={course}"]
    environment = _environment(home)
    with log.open("wb") as said:
        server = subprocess.Popen(
            [*command, *options],
            cwd=course,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield Lab(_address_of(server, home / "runtime", log), token)
    finally:
        _end(server)


@contextmanager
def browser_page() -> Iterator[Any]:
    """Open Chromium, unseen, with an empty page; what is not of this machine is out of reach.

    Skips the test where Chromium or Playwright is not installed.
    """
    program = chromium()
    from playwright.sync_api import sync_playwright

    options = ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, args=options, chromium_sandbox=_may_cage()
        )
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-US")
            page.set_default_timeout(SECONDS * 1000)
            yield page
        finally:
            browser.close()


def chromium() -> str:
    """Find the system's Chromium; Playwright's own download is not needed."""
    pytest.importorskip("playwright", reason='pip install "gradeflow[dev]"')
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    return found


def _may_cage() -> bool:
    """Say whether neither Chromium nor Jupyter minds who runs them: both refuse root."""
    return os.geteuid() != 0


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's own settings, and nothing left in them."""
    settings = home / "settings" / "@jupyterlab"
    _set(settings / "apputils-extension" / "notification", fetchNews="false", checkForUpdates=False)
    # What is out of sight is drawn too.
    _set(settings / "notebook-extension" / "tracker", windowingMode="none")
    kept = {key: text for key, text in os.environ.items() if not key.startswith("JUPYTER")}
    rooms = {
        f"JUPYTER_{name.upper()}_DIR": str(home / name) for name in ("config", "data", "runtime")
    }
    own = {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "PYTHONPATH": str(ROOT),
    }
    return kept | rooms | own


def _set(plugin: Path, **settings: object) -> None:
    """Write settings of a plugin of JupyterLab's as its user would have made them."""
    plugin.parent.mkdir(parents=True, exist_ok=True)
    path = plugin.with_name(f"{plugin.name}.jupyterlab-settings")
    path.write_text(json.dumps(settings), encoding="utf-8")


def _address_of(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Wait until the server answers; it writes down the port that it was given."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                address = json.loads(path.read_text(encoding="utf-8"))["url"]
                urllib.request.urlopen(f"{address}login", timeout=10).close()
            except (ValueError, urllib.error.URLError):
                continue
            return str(address)
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start: {log.read_text(errors='replace')}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server, which ends its kernels, and then what is left of its process group."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(timeout=20)
    with suppress(ProcessLookupError):  # it has left nothing
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
