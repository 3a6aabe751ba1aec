# claim: To show a long text writes little and takes little.
# held: len(value) < 5000 and seconds < 2

from autograder.checks import show


def attack(room):
    return show("x" * 5_000_000)
