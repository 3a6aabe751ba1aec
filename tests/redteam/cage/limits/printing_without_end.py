# claim: What is printed is bounded.
# held: outcome == Stopped("output", 1.0)
# limits: wall=5.0, output=1024


def attack():
    while True:
        print("x" * 1000)
