"""A JupyterLab server of a test's own, and Debian's Chromium to look at it."""

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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
EXTENSIONS = ("formgrader", "validate_assignment", "assignment_list", "course_list")


def why_not() -> str:
    """Say why no browser can be driven here; nothing when one can."""
    if _chromium() is None:
        return "apt-get install chromium"
    try:
        import playwright  # noqa: F401
    except ImportError:
        return 'pip install "gradeflow[dev]"'
    return ""


@dataclass(frozen=True)
class Lab:
    """A running server: its address, the token that opens it, and where it logs."""

    address: str
    token: str
    log: Path

    def post(self, path: str, **fields: str) -> Any:
        """Ask the server as one of its pages would; return what it answers."""
        request = urllib.request.Request(
            f"{self.address}{path}",
            json.dumps(fields).encode(),
            {"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


@contextmanager
def lab(course: Path, home: Path) -> Iterator[Lab]:
    """Start JupyterLab in a course's folder; end it with all that it has started."""
    token = secrets.token_hex(16)
    log = home / "server.log"
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    options = ["--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={token}"]
    with log.open("wb") as said:
        server = subprocess.Popen(
            [*command, *options, f"--ServerApp.root_dir={course}"],
            cwd=course,
            env=_environment(home),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield Lab(_address_of(server, home / "runtime", log), token, log)
    finally:
        _end(server)


@contextmanager
def browser_page() -> Iterator[Any]:
    """Open Chromium, unseen, with an empty page; what is not of this machine is out of reach."""
    from playwright.sync_api import sync_playwright

    # Chromium's own cage needs more than a container's root may do.
    caged = [] if os.geteuid() else ["--no-sandbox"]
    options = ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", *caged]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium(), args=options)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(60_000)
            yield page
        finally:
            browser.close()


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's own settings, and nothing left in them."""
    config = home / "config"
    config.mkdir(parents=True)
    enabled = {f"nbgrader.server_extensions.{name}": True for name in EXTENSIONS}
    quiet = {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"}
    settings = {"ServerApp": {"jpserver_extensions": enabled}, "LabApp": quiet}
    unasked = home / "settings" / "@jupyterlab" / "apputils-extension"
    unasked.mkdir(parents=True)
    (unasked / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8"
    )
    (config / "jupyter_server_config.json").write_text(json.dumps(settings), encoding="utf-8")
    kept = {key: text for key, text in os.environ.items() if not key.startswith("JUPYTER")}
    rooms = {
        f"JUPYTER_{name.upper()}_DIR": str(home / name) for name in ("config", "data", "runtime")
    }
    return kept | rooms | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "PYTHONPATH": str(ROOT),
    }


def _address_of(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Wait until the server answers; it writes down the port that it was given."""
    until = time.monotonic() + 90
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
    """End the server's whole process group, its kernels and our workers among it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, number)
            server.wait(timeout=15)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    server.wait()
