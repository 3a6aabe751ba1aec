# claim: To show a deep tuple writes little and takes little.
# held: len(value) < 5000 and seconds < 2

from autograder.checks import show


def deep():
    value = 0
    for _ in range(200):
        value = (value,)
    return value


def attack(room):
    return show(deep())
