"""Memory that is laid in large pages, so that forks copy less."""

from __future__ import annotations

import mmap
import re
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("asked of Linux", allow_module_level=True)

from autograder.sandbox.kernel import use_large_pages

MIB = 1024 * 1024


def held(name: str) -> int:
    """Return what this process holds, in MiB, by a name that the kernel has for it."""
    text = Path("/proc/self/smaps_rollup").read_text("ascii")
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) // 1024 if found else 0


def mapped():
    return mmap.mmap(-1, 48 * MIB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def test_memory_in_use_is_laid_in_large_pages_and_stays_as_it_is():
    text = bytes(range(256)) * 4096 * 48
    with mapped() as memory:
        memory[:] = text
        before = held("AnonHugePages")
        if use_large_pages() == 0:
            pytest.skip("no large pages on request here: needs Linux 6.1 or newer")
        assert held("AnonHugePages") >= before + 40
        assert memory[:] == text


def test_memory_that_is_hardly_in_use_does_not_grow():
    use_large_pages()  # what was there before
    with mapped() as memory:
        for place in range(0, 48, 2):
            memory[place * MIB] = 1
        before = held("Rss")
        use_large_pages()
        assert held("Rss") <= before + 4
