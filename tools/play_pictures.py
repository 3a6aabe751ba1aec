"""Makes docs/play.webp and docs/play-wrong.webp: the page of `gradeflow play`, in Chromium.

usage: python -m tools.play_pictures
"""

from __future__ import annotations

import io
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

from autograder.play.functions import FUNCTIONS
from tools.playing import chromium_page, played

ROOT = Path(__file__).resolve().parent.parent
WRONG = ('delta @ params[i]["W"].T', 'delta @ params[i]["W"].T * 0.5')
LEARNT = "#data=spirals&features=x.y.sinx.siny&layers=8.8.6&rate=0.3&noise=0&share=70&seed=3"
SIZE = {"width": 1440, "height": 1060}


def main() -> None:
    """Take both pictures."""
    with (
        played(ROOT, "--reference") as (address, _),
        chromium_page(viewport=SIZE, color_scheme="light") as page,
    ):
        page.goto(address + LEARNT)
        _train(page, updates=6000)
        _taken(page, ROOT / "docs" / "play.webp")
    with tempfile.TemporaryDirectory() as folder:
        _learner(Path(folder))
        with (
            played(Path(folder)) as (address, _),
            chromium_page(viewport=SIZE, color_scheme="dark") as page,
        ):
            page.goto(address + "#data=moons&layers=6.5.4&seed=2")
            page.wait_for_selector("#functions .wrong")
            _train(page, updates=200)
            page.wait_for_timeout(1500)
            _taken(page, ROOT / "docs" / "play-wrong.webp")


def _learner(folder: Path) -> None:
    """Make the folder of a learner who has solved everything, with a mistake in `backward`."""
    shutil.copy(ROOT / "course.toml", folder)
    for name in {each.exercise for each in FUNCTIONS.values()}:
        own = folder / "assignments" / name
        shutil.copytree(ROOT / "assignments" / name, own)
        module = f"{name.partition('_')[2]}.py"
        text = (ROOT / "solutions" / name / module).read_text(encoding="utf-8")
        (own / module).write_text(text.replace(*WRONG), encoding="utf-8")


def _train(page: Any, updates: int) -> None:
    page.wait_for_selector("#play:enabled", timeout=60_000)
    page.select_option("#speed", index=4 if updates > 1000 else 0)
    page.click("#play")
    while int(page.evaluate("document.body.dataset.step")) < updates:
        time.sleep(0.05)
    page.click("#play")
    page.wait_for_selector("#gradient .verdict")
    page.wait_for_timeout(500)


def _taken(page: Any, path: Path) -> None:
    page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(path, "WEBP", quality=80, method=6)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
