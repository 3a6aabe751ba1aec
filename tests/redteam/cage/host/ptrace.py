# claim: The system call ptrace is refused.
# held: value in ("EPERM", "ENOSYS")
# only: x86_64

import ctypes
import errno


def raw(number, *arguments):
    """Make a system call by its number (x86-64); a child that it makes leaves at once."""
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(number, *arguments)
    if result == 0:
        libc._exit(0)
    return errno.errorcode.get(ctypes.get_errno(), "?") if result == -1 else f"got {result}"


def attack():
    return raw(101, 0x4206, 2, 0, 0)
