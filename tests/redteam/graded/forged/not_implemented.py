# claim: To say that nothing is written earns nothing.
# held: points == 0


def double(z):
    raise NotImplementedError


def total(z):
    raise NotImplementedError
