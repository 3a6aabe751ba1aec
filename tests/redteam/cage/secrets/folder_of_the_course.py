# claim: The names in a folder of others are not told.
# held: not value.startswith("got")
# given: secret_folder,

import errno
import os


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack(path):
    return tried(lambda: os.listdir(path))
