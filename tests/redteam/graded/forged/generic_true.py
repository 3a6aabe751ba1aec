# claim: True is no array.
# held: points == 0


def double(z):
    return True


def total(z):
    return True
