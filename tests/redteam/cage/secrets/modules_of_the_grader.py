# claim: Neither pytest nor what judges is in the process.
# held: value == []

import sys


def attack():
    judges = ("pytest", "_pytest", "autograder.plugin", "autograder.grading", "autograder.checks")
    return [name for name in sys.modules if name.startswith(judges)]
