from autograder.diagnosis import misconception


@misconception("T1")
def double(z):
    return z**2
