"""A small exercise whose second task calls the first, and a class that is grouped by it."""

from autograder.insight import groups_of

SOURCE = """
import numpy as np

def double(z):
    return 2 * z

def total(z):
    return float(np.sum(double(z)))
"""
PUBLIC = """
from autograder.checks import agree, task

@task("double", points=2)
def test_double_doubles(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.double(z), reference.double(z))

@task("total", points=2)
def test_total_adds_up_the_doubles(student, reference, rng):
    z = rng.normal(size=4)
    agree(student.total(z), reference.total(z))
"""


def grouped(tiny_exercise, grade, make_entry, sources, **files):
    """Grade sources by learner; return their groups, the exercise, results, and programs.

    files: of the exercise that are others than here.
    """
    exercise = tiny_exercise(**{"source": SOURCE, "public": PUBLIC, **files})
    entries = [make_entry(source, name) for name, source in sources.items()]
    results = grade(exercise, *entries)
    programs = {each.learner: each.program for each in entries}
    overview = groups_of(results, lambda result: programs[result.learner], exercise)
    return overview, exercise, results, programs
