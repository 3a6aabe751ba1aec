# claim: A learner called backslashes is a plain file name.
# held: "\\" not in value

from autograder.submission.learners import safe_id


def attack(room):
    return safe_id("..\\\\evil")
