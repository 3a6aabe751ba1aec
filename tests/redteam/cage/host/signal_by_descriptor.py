# claim: No descriptor can be made to send one.
# held: set(refused(value).values()) == {"EPERM"}
# given: 2,

import errno
import os


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack(pid):
    """F_SETOWN and F_SETSIG have the kernel send a signal of one's choice."""
    import fcntl

    reader, _ = os.pipe()
    return {
        "own": tried(lambda: fcntl.fcntl(reader, fcntl.F_SETOWN, pid)),
        "sig": tried(lambda: fcntl.fcntl(reader, 10, 9)),
    }
