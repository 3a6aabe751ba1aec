"""The names that checks import, as plain NumPy asserts: what a teacher without GradeFlow writes.

Peers run the very same check functions with these in the place of ``autograder.checks``. It is
imported by plain pytest and pasted into a locked cell for nbgrader, so it imports nothing of ours.
"""

import warnings

import numpy as np


def task(name, *, points, kind=""):
    """Mark nothing."""
    del name, points, kind
    return lambda function: function


def code(function):
    """Pass a function as itself."""
    return function


def agree(got, wanted, *, rtol=1e-7, atol=1e-12, dtype="number"):
    """Assert shape and values."""
    del dtype
    assert np.shape(got) == np.shape(wanted)
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=atol)


def expect(condition, says):
    """Assert a condition."""
    assert condition, says


def leaves_arguments_alone(function, *args):
    """Assert that no argument changes."""
    before = [np.copy(arg) if isinstance(arg, np.ndarray) else arg for arg in args]
    returned = function(*args)
    for one, other in zip(before, args, strict=True):
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other)
    return returned


def warns_nothing(function, *args):
    """Turn warnings into errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return function(*args)


def central_difference(function, z, h=1e-5):
    """Estimate a slope."""
    z = np.asarray(z, dtype=float)
    return (function(z + h) - function(z - h)) / (2 * h)
