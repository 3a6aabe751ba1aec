# claim: A patched library is patched for this one alone.
# held: value is True
# twice: yes


def attack():
    import numpy

    whole = not hasattr(numpy, "patched")
    numpy.patched = True
    return whole
