"""A guard beside a learner's command: it ends what no exception can get out of.

That is one long step of NumPy or of Python itself, or anything at all where the system has no timer
for a process (Windows). What could have been left has been left long before by the meter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Self

from autograder.sandbox.policy import Limits

__all__ = ["Guard"]

SHARES = 3  # times what a submission may compute for, beside what a framework takes to import
IMPORTS = 30.0
BY_THE_CLOCK = (
    4  # times as long; where the system does not tell what a process computes, this alone
)

# Ends with the command, whose end of the pipe closes then, or ends it.
_CODE = """
import os, sys, threading, time
pid, most, patience = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
def computed():
    try:
        return time.clock_gettime(~pid << 3 | 2) if sys.platform == "linux" else 0.0
    except OSError:
        return 0.0
def wait():
    sys.stdin.buffer.read()
    over.set()
over = threading.Event()
threading.Thread(target=wait, daemon=True).start()
waited, began = 0.0, computed()
while waited < patience and computed() - began < most:
    if over.wait(0.5):
        os._exit(0)
    waited += 0.5
sys.stderr.buffer.write(sys.argv[4].encode() + b"\\n")
sys.stderr.flush()
os.kill(pid, 9)
os._exit(0)
"""


class Guard:
    """Ends this process, with a sentence on standard error, when it takes far too long.

    words: the sentence. A context manager; what is done in it is guarded.
    """

    def __init__(self, limits: Limits, words: str) -> None:
        most = SHARES * limits.total + IMPORTS
        told = (str(os.getpid()), str(most), str(BY_THE_CLOCK * most), words)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _CODE, *told],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # the keyboard interrupts the command alone
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
