# claim: A list that holds itself is not followed without end.
# held: isinstance(outcome, Returned | Raised)


def attack():
    whole = []
    whole.append(whole)
    return whole
