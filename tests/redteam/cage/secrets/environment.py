# claim: The environment holds nothing of the grader.
# held: b"secret" not in value
# held_webassembly: outcome.kind == "FileNotFoundError"

import os


def attack():
    with open("/proc/self/environ", "rb") as file:
        return file.read() + repr(dict(os.environ)).encode()
