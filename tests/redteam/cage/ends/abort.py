# claim: An abort is a crash.
# held: outcome.signal in (6, 11)

import os


def attack():
    os.abort()
