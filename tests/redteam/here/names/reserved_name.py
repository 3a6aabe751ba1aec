# claim: A learner called reserved name is a plain file name.
# held: value == "_CON"

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("CON")
