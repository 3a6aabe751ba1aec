# claim: Markdown with a link of data runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("[x](data:text/html;base64,PHNjcmlwdD4=)").html
