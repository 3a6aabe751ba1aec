# claim: Markdown with a style runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("<style>*{background:url(//evil)}</style>").html
