# claim: Nor their bytecode.
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
    import numpy

    path = os.path.join(os.path.dirname(numpy.__file__), "__pycache__", "planted.pyc")
    return tried(lambda: open(path, "x").close())
