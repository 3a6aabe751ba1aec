# claim: A learner called parent folders is a plain file name.
# held: "/" not in value and not value.startswith(".")

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("../../evil")
