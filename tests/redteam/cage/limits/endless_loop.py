# claim: A loop that never ends is stopped by the clock.
# held: outcome == Stopped("wall", 0.1)
# limits: wall=0.1


def attack():
    while True:
        pass
