import numpy as np

from autograder.checks import agree, expect, task

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])


@task("loss", points=2)
def test_loss_of_no_idea_is_the_logarithm_of_two(student):
    agree(student.loss(np.zeros((4, 1)), Y), np.log(2))


@task("train", points=2)
def test_train_learns(student):
    losses, _ = student.train(X, Y, 100, 0.1, 1)
    expect(len(losses) == 100 and losses[-1] < losses[0] / 2, "falls")
