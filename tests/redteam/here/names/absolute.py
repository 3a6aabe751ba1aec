# claim: A learner called absolute is a plain file name.
# held: "/" not in value

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("/etc/passwd")
