"""The few Linux calls that Python has no name for. Every one raises OSError when refused."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = [
    "CLONE_NEWIPC",
    "CLONE_NEWNS",
    "CLONE_NEWPID",
    "CLONE_NEWUSER",
    "die_with_parent",
    "drop_bounding_set",
    "filter_calls",
    "fork_into",
    "keep_capabilities_over_setuid",
    "landlock",
    "mount_tmpfs",
    "no_new_privileges",
    "own_mounts",
    "set_capabilities",
    "set_dumpable",
    "unshare",
    "use_large_pages",
]

CLONE_NEWNS: Final = 0x0002_0000
CLONE_NEWIPC: Final = 0x0800_0000
CLONE_NEWUSER: Final = 0x1000_0000
CLONE_NEWPID: Final = 0x2000_0000

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 1 << 14, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 1, 4, 8
_PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 22, 24, 38
_SECCOMP_MODE_FILTER = 2
# The same numbers on every processor.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_PATH_BENEATH = 1
_SIGKILL = 9
_MADV_COLLAPSE = 25
_LARGE_PAGE = 2 * 1024 * 1024
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION = 0x2008_0522

# The process's own C library, found without searching: ctypes.util.find_library starts programs.
_libc = ctypes.CDLL(None, use_errno=True)
_prctl_of = _libc.prctl
_prctl_of.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long
# These hold the interpreter's lock, as os.fork does.
_python = ctypes.pythonapi
_forking = ctypes.PyDLL(None, use_errno=True).syscall
_forking.restype = ctypes.c_long
# By processor: the number of the call, and whether its last two arguments are swapped.
_CLONE = {"x86_64": (56, False), "aarch64": (220, True)}
_CLONE_CHILD_CLEARTID, _CLONE_CHILD_SETTID = 0x0020_0000, 0x0100_0000
_PR_GET_TID_ADDRESS = 40


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Filter(ctypes.Structure):
    _fields_ = (("steps", ctypes.c_ushort), ("first", ctypes.c_void_p))


class _CapData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _checked(what: str, result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def fork_into(flags: int) -> int:
    """Fork like os.fork, the child in new namespaces: the first process of its own, if so asked.

    What libraries have asked the C library to do at a fork is not done: nothing has run here that
    would need it. OSError too on a processor whose call has no number here.
    """
    call = _CLONE.get(platform.machine())
    if call is None:
        raise OSError(errno.ENOSYS, "clone: not known for this processor")
    number, swapped = call
    # The C library's note of who this thread is, which a fork keeps up to date.
    noted = ctypes.c_void_p()
    _prctl_of(_PR_GET_TID_ADDRESS, ctypes.addressof(noted), 0, 0, 0)
    told = _CLONE_CHILD_SETTID | _CLONE_CHILD_CLEARTID if noted.value else 0
    last = (0, noted.value or 0) if swapped else (noted.value or 0, 0)
    flag_word = flags | told | signal.SIGCHLD
    _python.PyOS_BeforeFork()
    pid: int = _forking(*map(ctypes.c_long, (number, flag_word, 0, 0, *last)))
    if pid == 0:
        _python.PyOS_AfterFork_Child()
        return 0
    failed = ctypes.get_errno()
    _python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(failed, f"clone: {os.strerror(failed)}")
    return pid


def unshare(flags: int) -> None:
    """Move this process (with CLONE_NEWPID: its next child) into namespaces of its own."""
    _checked("unshare", _libc.unshare(ctypes.c_int(flags)))


def own_mounts() -> None:
    """Keep what is mounted from now on out of every other mount namespace."""
    _mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None)


def mount_tmpfs(path: str, size: int) -> None:
    """Cover ``path`` with an empty file system of ``size`` bytes that only its owner can enter."""
    options = f"size={size},nr_inodes=8192,mode=0700".encode()
    _mount(b"tmpfs", os.fsencode(path), b"tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, options)


def _mount(
    source: bytes | None, path: bytes, kind: bytes | None, flags: int, options: bytes | None
) -> None:
    _checked("mount", _libc.mount(source, path, kind, ctypes.c_ulong(flags), options))


def set_dumpable(allowed: bool) -> None:
    """Let processes of the same user trace this one, or let none but root."""
    _prctl("PR_SET_DUMPABLE", _PR_SET_DUMPABLE, int(allowed))


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _prctl("PR_SET_PDEATHSIG", _PR_SET_PDEATHSIG, _SIGKILL)


def no_new_privileges() -> None:
    """Give up, for good, whatever a set-user-id program could grant."""
    _prctl("PR_SET_NO_NEW_PRIVS", _PR_SET_NO_NEW_PRIVS, 1)


def filter_calls(program: bytes) -> None:
    """Have every call of this process pass a filter, for good; ``program`` is its steps.

    Needs :func:`no_new_privileges` first.
    """
    steps = ctypes.create_string_buffer(program, len(program))
    filter_ = _Filter(len(program) // 8, ctypes.addressof(steps))
    _prctl("PR_SET_SECCOMP", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(filter_))


def use_large_pages() -> int:
    """Lay this process's own memory in large pages, as far as it fills them; return how many.

    A fork copies the entries of one at once, and an end frees them at once: 512, also after a
    process has written to some of it (from Linux 6.9 on). None where the kernel has no large pages,
    or cannot lay them on request (before Linux 6.1).
    """
    made = 0
    for begin, end in _full_mappings():
        begin, end = -(-begin // _LARGE_PAGE) * _LARGE_PAGE, end // _LARGE_PAGE * _LARGE_PAGE
        for place in range(begin, end, _LARGE_PAGE):
            size = ctypes.c_size_t(_LARGE_PAGE)
            made += _libc.madvise(ctypes.c_void_p(place), size, _MADV_COLLAPSE) == 0
    return made


def _full_mappings() -> Iterator[tuple[int, int]]:
    """Yield the private mappings of no file that are in use all over: others would grow."""
    begin = end = 0
    with open("/proc/self/smaps") as file:  # noqa: PTH123 - as all that is asked of the kernel here
        for line in file:
            first, *rest = line.split()
            if not first.endswith(":"):  # a mapping's first line, "7f00-7f80 rw-p 0 00:00 0"
                begin, end = (int(each, 16) for each in first.split("-"))
                if rest[0] != "rw-p" or rest[3] != "0" or rest[4:] == ["[stack]"]:
                    end = begin
            elif first == "Anonymous:" and int(rest[0]) * 1024 >= 0.75 * (end - begin) > 0:
                yield begin, end


def keep_capabilities_over_setuid() -> None:
    """Hold the permitted capabilities through the next change of user."""
    _prctl("PR_SET_KEEPCAPS", _PR_SET_KEEPCAPS, 1)


def drop_bounding_set() -> None:
    """Give up every capability that a program could ever gain; needs CAP_SETPCAP."""
    for number in range(_LAST_CAPABILITY + 1):
        if _prctl_of(_PR_CAPBSET_DROP, number, 0, 0, 0) != 0:
            if number == 0:
                _checked("PR_CAPBSET_DROP", -1)
            return  # past the last that this kernel knows


def set_capabilities(*numbers: int) -> None:
    """Hold exactly these capabilities, by number; with none, none at all."""
    header = _CapHeader(_CAPABILITY_VERSION, 0)
    data = (_CapData * 2)()
    for number in numbers:
        word = data[number // 32]
        word.permitted = word.effective = word.permitted | 1 << number % 32
    _checked("capset", _libc.capset(ctypes.byref(header), ctypes.byref(data)))


def _prctl(name: str, option: int, value: int, more: int = 0) -> None:
    _checked(name, _prctl_of(option, value, more, 0, 0))


def landlock(handled: tuple[int, int, int], rules: Iterable[tuple[str, int]]) -> None:
    """Restrict this process for good to what ``rules`` grant: paths, and what may be done there.

    handled: the rights to files, to the network, and the scopes that are refused otherwise.
    """
    attributes = struct.pack("=QQQ", *handled)
    ruleset = _landlock_call("create", _LANDLOCK_CREATE, attributes, len(attributes), 0)
    try:
        for path, access in rules:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = struct.pack("=Qi", access, place)
                _landlock_call(path, _LANDLOCK_ADD, ruleset, _LANDLOCK_PATH_BENEATH, rule, 0)
            finally:
                os.close(place)
        _landlock_call("restrict", _LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _landlock_call(what: str, number: int, *arguments: int | bytes) -> int:
    result: int = _syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        _checked(f"Landlock ({what})", -1)
    return result
