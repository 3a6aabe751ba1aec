# claim: Files together are bounded, or the process is ended.
# held: outcome == Crashed(signal=9) or value <= (16 << 20 if mode == "namespaces" else 64 << 20)


def attack():
    written = 0
    try:
        for index in range(10_000):
            with open(f"bomb{index}", "wb") as file:
                for _ in range(64):
                    written += file.write(b"x" * (1 << 20))
    except OSError:
        pass
    return written
