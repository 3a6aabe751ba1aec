# claim: SystemExit is an exception like any other.
# held: outcome.kind == "SystemExit"


def attack():
    raise SystemExit(0)
