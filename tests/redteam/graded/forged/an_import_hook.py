# claim: An import hook serves its own imports.
# held: points == 0

import sys


class Finder:
    def find_spec(self, *a):
        return None


sys.meta_path.insert(0, Finder())


def double(z):
    return z


def total(z):
    return 0.0
