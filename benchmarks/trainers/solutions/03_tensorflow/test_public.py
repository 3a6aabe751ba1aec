import numpy as np

from autograder.checks import agree, task


@task("accuracy", points=2)
def test_accuracy_counts_rows(student):
    agree(student.accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1])), 0.5)
