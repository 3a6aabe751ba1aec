"""What an inmate gives up, until nothing is left but the channel.

Everything here runs in forks of the server. Whatever cannot be given up raises OSError: a cage
that lacks what was asked of it holds nobody.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import tempfile
from dataclasses import dataclass

from autograder.sandbox import kernel
from autograder.sandbox.policy import MIB, ONE_THREAD, Limits

__all__ = [
    "ENVIRONMENT",
    "Isolation",
    "Walls",
    "build_walls",
    "confine",
    "enter_namespaces",
    "fork_into_namespaces",
    "keep_only",
    "own_environment",
    "resource_limits",
    "usual_signals",
]

ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    "USER": "learner",  # getpass.getuser() asks no password file, which is not there
    **ONE_THREAD,
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}
CAP_DAC_READ_SEARCH = 2
_INSIDE_ID = 1000  # an ordinary user's: what belongs to root outside does not look like its own
_LEAST_DATA = 1024  # MiB; TensorFlow crashes under less
_OPEN_FILES = 256
_STACK = 64 * MIB
_DEVICES_READ = ("/dev/zero", "/dev/urandom", "/dev/random", "/dev/full")
_KERNEL_READ = ("/proc/cpuinfo", "/proc/meminfo", "/proc/self")


@dataclass(frozen=True)
class Walls:
    """Landlock's rights as this kernel numbers them, worked out once for all inmates of a server.

    handled: rights to files, to the network, and scopes, refused where no rule grants them.
    rules: paths with what may be done there. scratch: what may be done where the inmate writes.
    """

    handled: tuple[int, int, int]
    rules: tuple[tuple[str, int], ...]
    scratch: int


@dataclass(frozen=True)
class Isolation:
    """How a server's inmates are confined.

    namespaces: each gets its own user, process, mount and IPC view.
    walls: what Landlock refuses and lets it read; None where the kernel has no Landlock.
    policy: the system call filter's program.
    count_processes: RLIMIT_NPROC would count its threads and not those of others.
    read_search: it keeps CAP_DAC_READ_SEARCH, because Python lies under a private folder;
    Landlock bounds what that reaches.
    """

    namespaces: bool
    walls: Walls | None
    policy: bytes
    count_processes: bool
    read_search: bool


def fork_into_namespaces() -> int:
    """Fork: the child has an own view of users, processes and files.

    The network is the server's, which has none. Users and files the child must still take in hand,
    by :func:`enter_namespaces`.
    """
    return kernel.fork_into(
        kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC
    )


def enter_namespaces(uid: int, gid: int) -> None:
    """Be an ordinary user in this process's new namespaces, who was ``uid`` and ``gid`` outside."""
    for name, text in (
        ("uid_map", f"{_INSIDE_ID} {uid} 1"),
        ("setgroups", "deny"),
        ("gid_map", f"{_INSIDE_ID} {gid} 1"),
    ):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
    kernel.own_mounts()


def keep_only(*descriptors: int) -> tuple[int, ...]:
    """Close every descriptor but these, which become 3, 4, …; 0, 1 and 2 become the null device."""
    # Copied above all that is to be overwritten first, so that none tramples another.
    copies = [os.dup(descriptor) for descriptor in descriptors]
    high = [_above(copy, 2 + len(copies)) for copy in copies]
    null = _above(os.open("/dev/null", os.O_RDWR), 2 + len(copies))
    for standard in range(3):
        os.dup2(null, standard)
    kept = tuple(os.dup2(descriptor, 3 + index) for index, descriptor in enumerate(high))
    os.closerange(3 + len(kept), os.sysconf("SC_OPEN_MAX"))
    return kept


def _above(descriptor: int, floor: int) -> int:
    import fcntl

    return descriptor if descriptor > floor else fcntl.fcntl(descriptor, fcntl.F_DUPFD, floor + 1)


def confine(isolation: Isolation, limits: Limits, scratch: str) -> None:
    """Lock this very process up for good, with ``scratch`` as the only place it can write."""
    if isolation.namespaces:
        kernel.mount_tmpfs(scratch, 4 * limits.file_size * MIB)
    else:
        own_environment(scratch)
    os.chdir(scratch)
    os.umask(0o077)
    # Without a namespace of its own its user is the server's too.
    others = (0 if isolation.namespaces else 1) if isolation.count_processes else None
    for kind, amount in resource_limits(limits, _data_in_use(), others).items():
        resource.setrlimit(kind, (amount, amount))
    # The warden ends it at this limit, and knows that it did. The kernel's signal may be ignored,
    # is by process 1 of a namespace, and its kill, which could be anybody's, comes for nobody
    # but an inmate whose warden does not get to look.
    cpu = math.ceil(limits.cpu)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, 2 * cpu + 1))
    if isolation.namespaces:
        kernel.drop_bounding_set()
    kernel.set_capabilities(*([CAP_DAC_READ_SEARCH] if isolation.read_search else []))
    kernel.no_new_privileges()
    if isolation.walls is not None:
        # Opened here, /proc/self is this process; in the server it would be the server.
        walls = isolation.walls
        kernel.landlock(walls.handled, (*walls.rules, (scratch, walls.scratch)))
    kernel.filter_calls(isolation.policy)


def own_environment(scratch: str) -> None:
    """Leave of the environment what an inmate has whose place to write is ``scratch``."""
    os.environ.clear()
    os.environ.update(ENVIRONMENT, HOME=scratch, TMPDIR=scratch)
    tempfile.tempdir = scratch  # found by trying, it would cost each inmate a file


def resource_limits(limits: Limits, data: int, others: int | None) -> dict[int, int]:
    """Translate limits for setrlimit, hard and soft alike; ``data`` bytes are in use already.

    others: processes of the same user that are not the inmate's; None where they are unknown.
    """
    amounts = {
        # Private writable memory, thread stacks included. Shared memory it does not see: that
        # is the warden's watch.
        resource.RLIMIT_DATA: data + max(limits.memory, _LEAST_DATA) * MIB,
        resource.RLIMIT_FSIZE: limits.file_size * MIB,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_STACK: _STACK,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if others is not None:
        amounts[resource.RLIMIT_NPROC] = limits.processes + others
    for kind, amount in amounts.items():
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            amounts[kind] = min(amount, hard)
    return amounts


def _data_in_use() -> int:
    with open("/proc/self/status", "rb", buffering=0) as file:  # noqa: PTH123 - in every child
        _, found, rest = file.read(16384).partition(b"\nVmData:")
    if not found:
        raise OSError("/proc/self/status does not say VmData.")
    return int(rest.split(None, 1)[0]) * 1024


def build_walls(readable: tuple[str, ...]) -> Walls | None:
    """Work out what Landlock is to grant: reading ``readable`` and a few of the kernel's files.

    None where the kernel has no Landlock. Also finds the C library, which is not found inside.
    """
    from landlockpy import AccessFS, Scope, abi_version, fs_for_abi, net_for_abi, scope_for_abi
    from landlockpy.flags import LATEST_ABI

    abi = min(abi_version(), LATEST_ABI)
    if abi <= 0:
        return None
    files = fs_for_abi(abi)
    read = AccessFS.READ_FILE | AccessFS.READ_DIR
    write = read | AccessFS.WRITE_FILE | AccessFS.TRUNCATE | AccessFS.REFER
    write |= AccessFS.MAKE_REG | AccessFS.MAKE_DIR | AccessFS.MAKE_SYM | AccessFS.MAKE_FIFO
    write |= AccessFS.REMOVE_FILE | AccessFS.REMOVE_DIR
    # EXECUTE is granted nowhere: loading a library needs only to read it.
    paths = (*readable, *_DEVICES_READ, *_KERNEL_READ)
    rules = {path: read if os.path.isdir(path) else AccessFS.READ_FILE for path in paths}  # noqa: PTH112
    rules["/dev/null"] = AccessFS.READ_FILE | AccessFS.WRITE_FILE
    scoped = (Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET) & scope_for_abi(abi)
    granted = tuple((path, int(access & files)) for path, access in rules.items())
    handled = int(files), int(net_for_abi(abi)), int(scoped)
    return Walls(handled, granted, int(write & files))


def usual_signals() -> None:
    """Undo what the server ignores."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    with contextlib.suppress(OSError):  # a leader of its session already
        os.setsid()
