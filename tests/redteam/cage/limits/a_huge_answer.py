# claim: An answer that is too large is said to be so, and is not sent.
# held: "too large" in str(value) or isinstance(outcome, Stopped)


def attack():
    return [bytes(1 << 20) for _ in range(100)]
