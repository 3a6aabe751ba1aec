# claim: Nor is it told that a file of others is there, or how long it is; Landlock alone does not hide that.
# held: mode == "landlock" or not value.startswith("got")
# given: secret,

import os


def attack(path):
    try:
        return f"got {os.stat(path).st_size} bytes"
    except OSError as error:
        return f"refused: {error}"
