# claim: To leave at the end of the file is no pass.
# held: points == 0

import os


def double(z):
    return z


def total(z):
    return 0.0


os._exit(0)
