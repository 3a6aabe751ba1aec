from autograder.checks import agree, task


@task("double", points=2)
def test_double_takes_a_matrix(student, reference, rng):
    z = rng.normal(size=(2, 3))
    agree(student.double(z), reference.double(z))
