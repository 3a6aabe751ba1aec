# claim: What is allocated is bounded.
# held: outcome == Stopped("memory", 256)


def attack():
    hoard = []
    for _ in range(400):  # 3 GiB at most
        hoard.append(b"x" * (8 << 20))
    return "held"
