"""Attacks on the machine's resources: time, memory, processes, output, disk.

Each is bounded, so that it does little harm even without a cage.
"""

from __future__ import annotations

from tools.classroom.attack import Attack

__all__ = ["EXHAUSTING"]

EXHAUSTING = (
    Attack(
        "loop-at-top-level",
        "a loop that never ends, at top level, deaf to signals",
        "honest",
        """
import signal
for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
        "stopped",
    ),
    Attack(
        "loop-in-function",
        "a loop that never ends, in a call",
        "last",
        "while True: pass",
        "stopped",
    ),
    Attack(
        "memory-bomb",
        "takes 3 GB, page by page",
        "honest",
        """
def grab():
    hoard = []
    for _ in range(48):
        hoard.append(bytearray(64 * 1024 * 1024))
        hoard[-1][::4096] = b"x" * len(hoard[-1][::4096])
    return hoard
hoard = grab()
""",
        "stopped",
    ),
    Attack(
        "shared-memory-bomb",
        "takes 2 GB of memory that is shared, not private",
        "honest",
        """
import mmap
def grab():
    hoard = []
    for _ in range(32):
        block = mmap.mmap(-1, 64 * 1024 * 1024)
        for at in range(0, len(block), 4096):
            block[at] = 1
        hoard.append(block)
    return hoard
hoard = grab()
""",
    ),
    Attack(
        "fork-bomb",
        "forks 200 processes that sleep",
        "honest",
        """
import os, time
def bomb():
    for _ in range(200):
        try:
            if os.fork() == 0:
                time.sleep(20)
                os._exit(0)
        except OSError:
            break
bomb()
""",
    ),
    Attack(
        "thread-bomb",
        "starts 300 threads that sleep",
        "honest",
        """
import threading, time
def bomb():
    for _ in range(300):
        try:
            threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        except (RuntimeError, OSError, MemoryError):
            break
bomb()
""",
    ),
    Attack(
        "busy-threads",
        "leaves threads behind that compute on",
        "honest",
        """
import threading, time
def busy(until=time.monotonic() + 20):
    while time.monotonic() < until:
        pass
for _ in range(2):
    threading.Thread(target=busy, daemon=True).start()
""",
    ),
    Attack(
        "output-flood",
        "prints 64 MB",
        "last",
        """
for _ in range(64 * 1024):
    print("x" * 1023)
""",
        "stopped",
    ),
    Attack(
        "raw-output-flood",
        "writes 64 MB to standard output and error, past Python",
        "honest",
        """
import os
def flood():
    for fd in (1, 2):
        try:
            for _ in range(512):
                os.write(fd, b"x" * 65536)
        except OSError:
            pass
flood()
""",
    ),
    Attack(
        "disk-flood",
        "fills /tmp and the current folder with 256 MB",
        "honest",
        """
import os, tempfile
def flood():
    for folder in (None, "."):
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                for _ in range(256):
                    file.write(bytes(1024 * 1024))
                    file.flush()
        except OSError:
            pass
flood()
""",
    ),
    Attack(
        "descriptor-flood",
        "opens 20,000 files",
        "honest",
        """
import os
def flood():
    opened = []
    try:
        while len(opened) < 20_000:
            opened.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    for fd in opened:
        os.close(fd)
flood()
""",
    ),
    Attack(
        "huge-answer",
        "returns 1.6 GB",
        "every",
        "return np.broadcast_to(np.float64(1.0), (200_000_000,))",
    ),
)
