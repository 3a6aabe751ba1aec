# claim: Lists of other lengths are not compared item by item.
# held: value in ("shape", "type", "length", "differs") and seconds < 2

from autograder.checks import difference


def attack(room):
    return difference([[0.0]] * 500_000, [[0.0]] * 400_000).kind
