# claim: Markdown with a form runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("<form action=//evil><input name=a></form>").html
