# claim: Recursion without end is an exception like any other.
# held: outcome.kind == "RecursionError"


def attack():
    return attack()
