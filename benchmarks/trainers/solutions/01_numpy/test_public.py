import numpy as np

from autograder.checks import agree, task


@task("sigmoid", points=2)
def test_sigmoid_follows_the_curve(student, rng):
    z = rng.normal(scale=3, size=(3, 5))
    agree(student.sigmoid(z), 1 / (1 + np.exp(-z)))


@task("train", points=2)
def test_train_makes_the_first_step(student, rng):
    x, y = rng.normal(size=(6, 2)), np.array([0.0, 1, 0, 1, 1, 0])
    w, b, losses = student.train(x, y, 1, 0.5)
    agree(w, -0.5 * x.T @ (0.5 - y) / 6)
    agree(b, 0.0, atol=1e-12)
    agree(losses, [np.log(2)])
