"""How often `gradeflow play` shows a network anew, in real Chromium: frames a second.

Run with ``python -m benchmarks.play``. A frame is an update of the network and every unit's
surface, 50 by 50, drawn: the learner's functions compute it in their own process, the page draws
it and asks for the next one. What all processes compute for a frame is measured too, for it says
more on a machine that has other things to do.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

from tools.playing import chromium_page, played

ROOT = Path(__file__).resolve().parent.parent
AIM = 30.0
SETUPS = {
    "4 × 8 units, batches of 10": "#layers=8.8.8.8",
    "4 × 8 units, all samples": "#layers=8.8.8.8&batch=0",
    "4 × 8 units, relu, dropout 20 %": "#layers=8.8.8.8&activation=relu&dropout=20",
    "2 × 4 units, batches of 10": "#layers=4.4",
}


def main() -> None:
    """Measure each set-up, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8.0)
    seconds = parser.parse_args().seconds
    size = {"width": 1440, "height": 900}
    with played(ROOT, "--reference") as (address, _), chromium_page(viewport=size) as page:
        print(f"{'set-up':34} frames/s   CPU ms a frame")
        for name, setup in SETUPS.items():
            rate, cost = _measured(page, address + setup, seconds)
            note = "" if rate >= AIM else f"   below {AIM:g}"
            print(f"{name:34} {rate:8.1f} {cost:16.1f}{note}", flush=True)


def _measured(page: Any, address: str, seconds: float) -> tuple[float, float]:
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#play:enabled")
    page.click("#play")
    time.sleep(2.0)
    frames, spent, begun = _frames(page), _computed(), time.perf_counter()
    time.sleep(seconds)
    frames, spent, took = _frames(page) - frames, _computed() - spent, time.perf_counter() - begun
    page.click("#play")
    return frames / took, spent / frames * 1000


def _frames(page: Any) -> int:
    return int(page.evaluate("document.body.dataset.drawn"))


def _computed() -> float:
    """Return the CPU seconds of all processes that this one has started, and theirs."""
    parents, spent = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields[1])
            spent[int(folder.name)] = int(fields[11]) + int(fields[12])
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent[pid] for pid in ours if pid in spent) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
