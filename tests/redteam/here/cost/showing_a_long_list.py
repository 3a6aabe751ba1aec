# claim: To show a long list writes little and takes little.
# held: len(value) < 5000 and seconds < 2

from autograder.checks import show


def attack(room):
    return show([0.5] * 2_000_000)
