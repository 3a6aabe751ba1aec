# claim: Markdown with a link in a list runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("- [x](JaVaScRiPt:alert(1))").html
