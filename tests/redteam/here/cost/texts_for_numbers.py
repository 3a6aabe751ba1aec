# claim: A long text for a number is no number.
# held: value in ("shape", "type", "length", "differs") and seconds < 2

from autograder.checks import difference


def attack(room):
    return difference("1" * 5_000_000, 1.0).kind
