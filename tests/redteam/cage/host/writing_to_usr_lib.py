# claim: Nothing is written to /usr/lib.
# held: not value.startswith("got")

import errno
import os


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    path = "/usr/lib/gradeflow-attack"
    return tried(lambda: os.close(os.open(path, os.O_CREAT | os.O_WRONLY)))
