# claim: A subprocess cannot be started.
# held: outcome.kind in ("PermissionError", "BlockingIOError", "OSError")

import subprocess


def attack():
    return subprocess.run(["/bin/true"]).returncode
