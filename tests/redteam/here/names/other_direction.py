# claim: A learner called other direction is a plain file name.
# held: "\u202e" not in value

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("a\u202efdp")
