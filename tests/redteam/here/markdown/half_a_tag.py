# claim: Markdown with half a tag runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("<img src=x onerror=alert(1) ").html
