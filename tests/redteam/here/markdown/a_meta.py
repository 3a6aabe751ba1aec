# claim: Markdown with a meta runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of('<meta http-equiv=refresh content="0;url=//evil">').html
