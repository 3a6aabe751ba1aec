# claim: A learner called line end is a plain file name.
# held: "\n" not in value

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("a\nb")
