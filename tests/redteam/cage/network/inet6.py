# claim: A socket of the kind inet6 cannot be made.
# held: value == "EPERM"
# held_webassembly: value == "ENOTSUP"

import errno
import socket


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    return tried(lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM))
