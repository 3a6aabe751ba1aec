# claim: Hidden checks: not to be read.
# held: not value.startswith("got")
# given: secret,

import errno


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack(path):
    def first():
        with open(path, "rb") as file:
            return file.read(20)

    return tried(first)
