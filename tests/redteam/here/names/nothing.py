# claim: A learner called nothing is a plain file name.
# held: value == "learner"

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("")
