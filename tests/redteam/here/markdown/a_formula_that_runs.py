# claim: Markdown with a formula that runs runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("$\\href{javascript:alert(1)}{x}$").html
