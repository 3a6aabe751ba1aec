"""A syntax tree says the same of a program, whichever Python has read it."""

import ast

from autograder.diagnosis.syntax import bare


def test_an_f_string_s_format_that_ends_in_a_field_is_what_every_python_makes_of_it():
    tree = ast.parse('f"{x:{width}}"')
    field = tree.body[0].value.values[0]
    assert len(bare(field.format_spec)[1][0][1]) == 1
    newest = bare(tree)
    field.format_spec.values.append(ast.Constant(""))  # as Python 3.12.1 reads it
    assert bare(tree) == newest


def test_empty_texts_of_a_program_itself_are_kept():
    assert bare(ast.parse('["", "a"]')) != bare(ast.parse('["a"]'))
