# claim: Nobody can be sent a signal.
# held: set(refused(value).values()) == {"EPERM"}
# only: namespaces

import errno
import os


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    return {str(pid): tried(lambda pid=pid: os.kill(pid, 9)) for pid in (-1, *range(2, 60))}
