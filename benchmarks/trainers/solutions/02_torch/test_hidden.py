import numpy as np

from autograder.checks import agree, expect, task

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])


@task("loss", points=2)
def test_loss_is_the_mean(student, rng):
    z, y = rng.normal(size=(7, 1)), rng.integers(0, 2, size=(7, 1)).astype(float)
    agree(student.loss(z, y), np.mean(np.log1p(np.exp(z)) - y * z), rtol=1e-6)


@task("train", points=4)
def test_train_solves_xor_from_three_starts(student, rng):
    for seed in rng.integers(1000, size=3):
        losses, p = student.train(X, Y, 200, 0.1, int(seed))
        expect(losses[-1] < losses[0] / 2, "falls")
        agree(np.round(p), Y)
