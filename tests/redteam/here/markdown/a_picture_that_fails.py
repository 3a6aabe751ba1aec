# claim: Markdown with a picture that fails runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of('![x](y" onerror="alert(1))').html
