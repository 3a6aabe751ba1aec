# claim: Markdown with a link that runs runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("[x](javascript:alert(1))").html
