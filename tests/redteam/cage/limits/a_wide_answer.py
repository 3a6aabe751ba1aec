# claim: Many millions of small values are not sent.
# held: isinstance(outcome, Returned | Stopped) and not isinstance(value, list)
# limits: wall=8.0


def attack():
    return [0.5] * 30_000_000
