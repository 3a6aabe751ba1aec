"""Shows our own modules a system without POSIX, in each process that a command starts.

Whoever imports ``os`` and its like from a module of ours is given one that lacks what Windows
lacks; libraries see the system as it is. A fork all the same is written to a file.
"""

import builtins
import os
import sys
import time
import types
from pathlib import Path

GONE = {
    "os": (
        *("fork", "forkpty", "killpg", "setsid", "getuid", "geteuid", "getgid", "chown", "getpgid"),
        *("pidfd_open", "memfd_create", "sched_getaffinity", "statvfs", "wait", "waitid", "mkfifo"),
        *("setresuid", "setresgid", "getgroups", "sysconf", "pread", "O_NOFOLLOW", "O_DIRECTORY"),
    ),
    "signal": (
        *("SIGKILL", "SIGPROF", "SIGALRM", "SIGCHLD", "SIGXCPU", "SIGHUP", "SIGUSR1", "setitimer"),
        *("getitimer", "ITIMER_PROF", "pidfd_send_signal", "pthread_sigmask", "alarm", "pause"),
    ),
    "select": ("poll", "epoll", "POLLIN", "POLLOUT"),
    "socket": ("AF_UNIX", "send_fds", "recv_fds", "SOCK_SEQPACKET", "CMSG_LEN"),
}
MODULES = (
    *("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog"),
    *("landlockpy", "seccompy"),
)
SHOWN = {
    "os": {"name": "nt"},
    "sys": {"platform": "win32", "executable": os.environ["NO_POSIX_PYTHON"]},
}
_import = builtins.__import__


class World(types.ModuleType):
    """A module, less what another system has not."""

    def __init__(self, module):
        super().__init__(module.__name__)
        self.__dict__["_real"] = module

    def __getattr__(self, name):
        own = self._real.__name__
        if name in GONE.get(own, ()):
            raise AttributeError(f"module {own!r} has no attribute {name!r} here")
        return SHOWN.get(own, {}).get(name) or getattr(self._real, name)

    def __setattr__(self, name, value):
        setattr(self._real, name, value)


def lock(descriptor, mode, size):
    """What msvcrt offers: a lock that the system drops with its process."""
    import fcntl

    fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, size, 0, os.SEEK_CUR)


def wait_for(number, _milliseconds):
    """Wait for a process as Windows does: by a handle, which here is its number."""
    while Path(f"/proc/{number}").exists():
        time.sleep(0.2)


MSVCRT = types.ModuleType("msvcrt")
MSVCRT.locking, MSVCRT.LK_NBLCK = lock, 2
WINAPI = types.ModuleType("_winapi")
WINAPI.SYNCHRONIZE = WINAPI.INFINITE = 0
WINAPI.OpenProcess = lambda _access, _inherit, number: number
WINAPI.WaitForSingleObject = wait_for


def shown(name, globals=None, locals=None, fromlist=(), level=0):  # noqa: A002
    """Import, as a module of ours on that system would."""
    if not str((globals or {}).get("__name__")).startswith("autograder"):
        return _import(name, globals, locals, fromlist, level)
    if name in MODULES:
        raise ModuleNotFoundError(f"No module named {name!r} here", name=name)
    own = {"msvcrt": MSVCRT, "_winapi": WINAPI}.get(name)
    if own is not None:
        return own
    module = _import(name, globals, locals, fromlist, level)
    return World(module) if name in GONE or name in SHOWN else module


def audit(event, arguments):
    """Let no module of ours read the kernel's files, and note who forks."""
    kernel = event == "open" and str(arguments[0]).startswith(("/proc", "/sys"))
    if not kernel and event not in ("os.fork", "os.forkpty", "pty.spawn"):
        return
    frame = sys._getframe(1)
    while frame is not None and not str(frame.f_globals.get("__name__")).startswith("autograder"):
        frame = frame.f_back
    if frame is None:
        return
    if kernel:
        raise FileNotFoundError(2, "No such file or directory", str(arguments[0]))
    with _open(os.environ["NO_POSIX_LOG"], "a") as log:
        log.write(f"{event} {arguments!r} in {frame.f_globals['__name__']}\n")


_open = open
builtins.__import__ = shown
sys.addaudithook(audit)
