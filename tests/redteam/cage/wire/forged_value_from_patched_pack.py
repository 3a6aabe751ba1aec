# claim: Whoever patches the packing sends an answer of their own, and no verdict.
# held: value == 7


def attack():
    from autograder.sandbox import child
    from autograder.wire.protocol import Returned

    right = child.pack
    child.pack = lambda message, *more: right(Returned(7), *more)
    return 1
