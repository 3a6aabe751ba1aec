# claim: A program that catches everything is stopped all the same.
# held: outcome == Stopped("wall", 0.1)
# limits: wall=0.1


def attack():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
