# claim: A shell cannot be asked.
# held: value != 0

import os


def attack():
    return os.system("true")
