# claim: Two of them draw different numbers.
# held: value not in before
# twice: yes

import random


def attack():
    import numpy

    return [random.random(), float(numpy.random.random())]
