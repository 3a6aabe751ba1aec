# claim: /proc/1/environ is not to be read.
# held: not value.startswith("got")

import errno


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    def first():
        with open("/proc/1/environ", "rb") as file:
            return file.read(20)

    return tried(first)
