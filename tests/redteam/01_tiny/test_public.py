from autograder.checks import agree, task


@task("double", points=2)
def test_double_doubles(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.double(z), reference.double(z))


@task("total", points=2)
def test_total_adds_up(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.total(z), reference.total(z))
