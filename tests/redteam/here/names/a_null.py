# claim: A learner called a null is a plain file name.
# held: "\0" not in value

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("a\x00b")
