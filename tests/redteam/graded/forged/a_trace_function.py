# claim: A trace function changes its own process alone.
# held: points == 0

import sys

sys.settrace(lambda *a: None)


def double(z):
    return z


def total(z):
    return 0.0
