import textwrap

import pytest

from autograder.diagnosis import read_variants
from autograder.errors import CourseError

REFERENCE = """\
import numpy as np


def f(z):
    return z + 1


def g(z):
    return f(z) * 2
"""


@pytest.fixture
def read(tmp_path):
    def run(text, reference=REFERENCE):
        path = tmp_path / "misconceptions.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return read_variants(path, reference)

    return run


def call(source, name, value):
    scope = {}
    exec(source, scope)
    return scope[name](value)


def test_a_variant_is_the_reference_with_one_function_replaced(read):
    (variant,) = read(
        """
        @misconception("A1")
        def f(z):
            return z - 1
        """
    )
    assert (variant.key, variant.name, variant.replaced) == ("A1", "A1", {"f"})
    assert variant.line == 3
    assert call(variant.source, "f", 5) == 4
    assert call(variant.source, "g", 5) == 8


def test_several_variants_of_one_id_are_numbered(read):
    variants = read(
        """
        @misconception("A1")
        def f(z):
            return z - 1

        @misconception("B1")
        def g(z):
            return 0

        @misconception("A1")
        def f(z):
            return z
        """
    )
    assert [variant.key for variant in variants] == ["A1", "B1", "A1#2"]
    assert [variant.name for variant in variants] == ["A1", "B1", "A1"]


def test_a_class_groups_the_functions_of_one_misunderstanding(read):
    (variant,) = read(
        """
        @misconception("A2")
        class BothWrong:
            def f(z):
                return z - 1

            def g(z):
                return f(z) * 3
        """
    )
    assert variant.replaced == {"f", "g"}
    assert call(variant.source, "g", 5) == 12


def test_what_has_no_id_is_no_variant(read):
    assert read("import numpy as np\n\ndef helper(z):\n    return z\n") == ()


def test_the_file_is_read_and_not_run(read):
    read("raise SystemExit('run!')\n")


def test_without_a_file_there_are_no_variants(tmp_path):
    assert read_variants(tmp_path / "misconceptions.py", REFERENCE) == ()


def test_a_form_feed_or_a_line_separator_does_not_shift_lines(read):
    reference = "note = 'one\u2028two\x0cthree'\n" + REFERENCE
    (variant,) = read(
        'x = "\x0c\u2028"\n@misconception("A1")\ndef f(z):\n    return z - 1\n', reference
    )
    assert call(variant.source, "g", 5) == 8


def located(caught, line, says):
    assert says in str(caught.value)
    assert caught.value.path.name == "misconceptions.py"
    assert caught.value.line == line


def test_a_variant_of_a_function_that_is_not_there_is_a_located_error(read):
    with pytest.raises(CourseError) as caught:
        read('\n@misconception("A1")\ndef h(z):\n    return z\n')
    located(caught, 3, "replaces 'h', which the reference does not define")


def test_a_file_that_is_no_python_is_a_located_error(read):
    with pytest.raises(CourseError) as caught:
        read("x = 1\ndef f(:\n")
    located(caught, 2, "is not valid Python")


def test_a_variant_that_breaks_the_reference_is_a_located_error(read):
    with pytest.raises(CourseError) as caught:
        read(
            '@misconception("A1")\nclass Wrong:\n    def f(z):\n        """Text\n'
            'at the margin.\n        """\n        return z\n'
        )
    located(caught, 2, "A1 does not fit into the reference")
