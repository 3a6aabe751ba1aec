# claim: A learner called an option is a plain file name.
# held: not value.startswith("-")

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("--help")
