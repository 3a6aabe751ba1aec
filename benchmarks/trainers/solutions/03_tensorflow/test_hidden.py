import numpy as np

from autograder.checks import agree, expect, task


@task("accuracy", points=2)
def test_accuracy_of_many_classes(student, rng):
    scores, y = rng.normal(size=(50, 7)), rng.integers(7, size=50)
    agree(student.accuracy(scores, y), np.mean(scores.argmax(axis=1) == y))


@task("train", points=4)
def test_train_tells_ten_clouds_apart(student, rng):
    y = rng.integers(10, size=2000)
    x = (rng.normal(size=(10, 64))[y] + 0.5 * rng.normal(size=(2000, 64))).astype("float32")
    losses, answers = student.train(x, y, 2, 7)
    agree(answers.shape, y.shape)
    expect(losses[-1] < losses[0] / 2, "falls")
    expect(np.mean(answers == y) > 0.9, "accurate")
