"""The course as it is committed: fresh, and proved."""

from pathlib import Path

import pytest

from autograder.authoring.audit import audit
from autograder.authoring.build import build
from autograder.catalogue import find_course

pytestmark = pytest.mark.real

COURSE = find_course(Path(__file__))


def test_what_learners_get_is_what_the_sources_make():
    assert build(COURSE, COURSE.exercises, COURSE.language, check=True).stale == ()


@pytest.mark.parametrize("name", COURSE.exercises)
def test_an_exercise_is_proved(name):
    found = audit(COURSE, COURSE.authored(name), jobs=2, seeds=5)
    assert found.stub == 0
    assert found.shaky == ()
    assert [each.variant.key for each in found.variants if not each.ok] == []
    assert [mutant.id for mutant in found.survivors] == []
    assert found.ok
