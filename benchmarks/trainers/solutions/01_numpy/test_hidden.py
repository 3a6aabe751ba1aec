import numpy as np

from autograder.checks import agree, expect, task


@task("sigmoid", points=2)
def test_sigmoid_takes_extremes(student):
    agree(student.sigmoid(np.array([-1000.0, 0.0, 1000.0])), np.array([0.0, 0.5, 1.0]))


@task("train", points=4)
def test_train_separates_two_clouds(student, rng):
    y = (np.arange(200) % 2).astype(float)
    x = rng.normal(size=(200, 3)) + 4 * y[:, None]
    w, b, losses = student.train(x, y, 500, 0.5)
    expect(losses[-1] < losses[0] / 2, "falls")
    expect(np.mean((x @ w + b > 0) == (y > 0.5)) > 0.9, "accurate")
