# claim: No process can be made, however often it is tried.
# held: set(value) == {"EPERM"}

import errno
import os


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    return [tried(os.fork) for _ in range(20)]
