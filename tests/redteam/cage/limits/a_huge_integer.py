# claim: An integer of many digits takes no longer than a call may.
# held: isinstance(outcome, Stopped | Returned | Raised)
# limits: wall=0.1


def attack():
    return 10 ** (10**8)
