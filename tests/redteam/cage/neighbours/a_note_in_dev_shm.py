# claim: Nor in shared memory.
# held: not value.startswith("got")
# twice: yes

import errno


def tried(action):
    """Name the error that an attempt meets, or say what it got."""
    try:
        return f"got {action()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")


def attack():
    return tried(lambda: open("/dev/shm/note", "x").close())
