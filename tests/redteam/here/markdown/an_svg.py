# claim: Markdown with an svg runs nothing.
# held: harmless(value)

from autograder.nbgrader.markup import page_of


def attack(room):
    return page_of("<svg onload=alert(1)><script>alert(1)</script></svg>").html
