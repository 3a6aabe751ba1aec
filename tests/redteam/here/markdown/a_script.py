# claim: Markdown with a script runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("<script>alert(1)</script><img src=x onerror=alert(2)>").html
