# claim: Another program cannot be run in its place.
# held: value == "EPERM"

import errno
import os


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    return tried(lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"]))
