# claim: A pair of sockets that could address others cannot be made.
# held: value == "EPERM"

import errno
import socket


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    """A pair of datagram sockets could be sent from to any address."""
    return tried(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
