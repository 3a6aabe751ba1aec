"""Attacks on the grader and on what lies around it: to end, to kill, to write, to linger.

What kills does so only as the first process of a PID namespace, where it can reach no other.
"""

from __future__ import annotations

from tools.classroom.attack import Attack

__all__ = ["HARM"]

EXITS = (
    Attack(
        "exit-at-top-level",
        "os._exit(0) at top level",
        "honest",
        "import os\nos._exit(0)",
        "exited",
    ),
    Attack("exit-in-function", "os._exit(0) in a call", "last", "import os\nos._exit(0)", "exited"),
    Attack("sys-exit", "sys.exit(0) in a call", "last", "import sys\nsys.exit(0)", "raised"),
    Attack("abort", "ends by SIGABRT", "last", "import os\nos.abort()", "crashed"),
    Attack("segfault", "reads address 0", "last", "import ctypes\nctypes.string_at(0)", "crashed"),
    Attack(
        "closes-everything",
        "closes every file descriptor",
        "honest",
        "import os\nos.closerange(0, 4096)",
    ),
)

KILLS = tuple(
    Attack(
        f"kills-{name}",
        what,
        "honest",
        f"""
import os
if os.getpid() == 1:  # only where it can reach no other
    for victim in {victims}:
        for number in (15, 9, 19):
            try:
                os.kill(victim, number)
            except OSError:
                pass
""",
    )
    for name, what, victims in (
        ("parent", "kills its parent", "(os.getppid(),)"),
        ("everyone", "kills every process it can see", "(-1,)"),
        ("by-number", "kills processes by number", "range(2, 4000)"),
    )
)

REACHES = (
    Attack(
        "writes-outside",
        "changes the canary, the course, the results",
        "honest",
        """
import os
def spoil():
    for path in (CANARY, SOLUTION, COURSE + "/course.toml"):
        try:
            os.utime(path)
        except OSError:
            pass
    for path in (CANARY, COURSE + "/solutions/intruder.txt", RESULTS + "/intruder.json",
                 SUBMITTED + "/intruder.txt", ROOM + "/intruder.txt"):
        try:
            with open(path, "a") as file:
                file.write("I was here\\n")
        except OSError:
            pass
    for change in (os.remove, os.rmdir, lambda path: os.chmod(path, 0)):
        try:
            change(CANARY)
        except OSError:
            pass
spoil()
""",
    ),
    Attack(
        "connects",
        "connects to the network and to this machine",
        "honest",
        """
import socket
def ring():
    for host in ("127.0.0.1", "::1", "localhost"):
        try:
            with socket.create_connection((host, PORT), timeout=0.3) as line:
                line.sendall(b"the answers, please")
        except OSError:
            pass
ring()
""",
    ),
    Attack(
        "listens",
        "opens a port for others",
        "honest",
        """
import socket
try:
    door = socket.create_server(("127.0.0.1", 0))
except OSError:
    door = None
""",
    ),
    Attack(
        "daemon",
        "leaves a daemon behind that would spoil the canary later",
        "honest",
        """
import os, time
def linger():
    try:
        if os.fork():
            return
        os.setsid()
        if os.fork():
            os._exit(0)
    except OSError:
        return
    end = time.monotonic() + 20
    while time.monotonic() < end:
        time.sleep(0.5)
        try:
            with open(CANARY, "a") as file:
                file.write("the daemon was here\\n")
        except OSError:
            pass
    os._exit(0)
linger()
""",
    ),
    Attack(
        "starts-programs",
        "starts other programs",
        "honest",
        """
import os, subprocess
def start():
    for command in (["/bin/sh", "-c", f"echo spoilt >> '{CANARY}'"], ["/usr/bin/env"]):
        try:
            subprocess.run(command, timeout=1, stdout=subprocess.DEVNULL)
        except (OSError, ValueError, subprocess.SubprocessError):
            pass
    os.system(f"echo spoilt >> '{CANARY}'")
start()
""",
    ),
    Attack(
        "exit-handlers",
        "registers exit handlers that print a score and never end",
        "honest",
        """
import atexit, time
def last_word():
    print('{"points": 1000000}', flush=True)
    time.sleep(20)
atexit.register(last_word)
""",
    ),
)

HARM = (*EXITS, *KILLS, *REACHES)
